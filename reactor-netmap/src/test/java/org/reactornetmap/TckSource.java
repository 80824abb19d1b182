package org.reactornetmap;

import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * A receiving port for one TCK test, in a netmap of its own, and the other end of its pipe, which feeds it. Small rings,
 * so that they wrap.
 *
 * <p>A ring has no end of its own: it completes when its port closes. So a stream of N packets is a ring whose other end
 * sends N frames, and whose port is closed when the N-th has been delivered. Nothing stands between the ring and the
 * TCK's subscriber but a pass-through that counts, and releases after {@code onNext} what the TCK will not: it hands the
 * ring's own {@code Subscription} over and never requests, cancels or ends by itself.
 */
final class TckSource implements AutoCloseable {
    static final EmbeddedConfig SMALL =
            EmbeddedConfig.builder().buffers(4096).bufSize(128).defaultSlots(32).build();

    private final EmbeddedNetmap netmap = EmbeddedNetmap.create(SMALL);
    private final NetmapPort feeder;
    private final NetmapPort port;

    private TckSource(final int rings, final boolean perRing) {
        feeder = netmap.open("netmap:tck{1", PortOptions.builder().rings(rings).build());
        port = netmap.open(
                "netmap:tck}1", PortOptions.builder().perRing(perRing).build());
    }

    static TckSource open(final int rings, final boolean perRing) {
        return new TckSource(rings, perRing);
    }

    NetmapPort port() {
        return port;
    }

    /** Sends frames of many flows, so that every ring gets some, as fast as the rings take them. */
    void feed(final long elements) {
        feeder.sendFrames(Flux.range(0, Math.toIntExact(elements))
                        .map(i -> Frames.udp("10.0.0.1", 1024 + i % 997, "10.0.0.2", 53)))
                .subscribe(report -> {}, error -> {});
    }

    /** The publisher, whose port closes when a subscriber has received all the elements. */
    Publisher<Packet> endingAfter(final long elements, final Publisher<Packet> packets) {
        return subscriber -> {
            if (subscriber == null) {
                packets.subscribe(null);
                return;
            }
            packets.subscribe(new PassThrough(subscriber, elements));
            if (elements == 0) {
                port.closeAsync().subscribe();
            }
        };
    }

    @Override
    public void close() {
        netmap.close();
    }

    /** A Core subscriber, so that Reactor puts nothing before it. */
    private final class PassThrough implements CoreSubscriber<Packet> {
        private final Subscriber<? super Packet> actual;
        private long left;

        PassThrough(final Subscriber<? super Packet> actual, final long elements) {
            this.actual = actual;
            this.left = elements;
        }

        @Override
        public void onSubscribe(final Subscription s) {
            actual.onSubscribe(s);
        }

        @Override
        public void onNext(final Packet packet) {
            try {
                actual.onNext(packet);
            } finally {
                packet.release();
            }
            if (--left == 0) {
                port.closeAsync().subscribe();
            }
        }

        @Override
        public void onError(final Throwable t) {
            actual.onError(t);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }

    /** The sources of one test method. */
    static final class Sources {
        private final List<TckSource> open = new ArrayList<>();

        TckSource open(final int rings, final boolean perRing) {
            final TckSource source = TckSource.open(rings, perRing);
            open.add(source);
            return source;
        }

        void closeAll() {
            open.forEach(TckSource::close);
            open.clear();
        }
    }
}
