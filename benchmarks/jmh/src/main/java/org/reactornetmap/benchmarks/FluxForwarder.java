package org.reactornetmap.benchmarks;

import org.reactornetmap.NetmapPort;
import org.reactornetmap.flow.NetmapLoop;
import reactor.core.Disposable;

/** The library: both ports on one manual loop, packets through a {@code Flux}. Not thread-safe. */
final class FluxForwarder implements Forwarder {
    private final NetmapLoop loop;
    private final NetmapPort in;
    private final NetmapPort out;
    private final Disposable flow;

    FluxForwarder(final NetmapLoop loop, final NetmapPort in, final NetmapPort out, final boolean filters) {
        this.loop = loop;
        this.in = in;
        this.out = out;
        this.flow = filters
                ? in.packets().filter(Headers::isDns).as(out::send).subscribe()
                : in.packets().as(out::send).subscribe();
        loop.doWork(); // the subscription and the send arrive at the loop
    }

    @Override
    public int work() {
        return loop.doWork();
    }

    @Override
    public long received() {
        return in.statistics().rx().stream().mapToLong(ring -> ring.received()).sum();
    }

    @Override
    public long sent() {
        return out.statistics().tx().stream().mapToLong(ring -> ring.sent()).sum();
    }

    @Override
    public void close() {
        flow.dispose();
        loop.doWork();
        in.close();
        out.close();
        loop.close();
    }
}
