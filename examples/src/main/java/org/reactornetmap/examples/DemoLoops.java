package org.reactornetmap.examples;

import java.util.List;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.NetmapLoop;

/** The loops of the demo's ports: the forwarder's receives and transmits. */
final class DemoLoops implements AutoCloseable {
    private static final int MAX_PREFETCH = 256;
    private static final int MAX_SPARES = 1 << 16;

    final NetmapLoop generator = NetmapLoop.create("generator");
    final NetmapLoop forwarder = NetmapLoop.create("forwarder");
    final NetmapLoop sink = NetmapLoop.create("sink");
    final NetmapLoop tap = NetmapLoop.create("tap");

    private final DemoSettings settings;

    DemoLoops(DemoSettings settings) {
        this.settings = settings;
    }

    PortOptions options(NetmapLoop loop, int extraBuffers) {
        return PortOptions.builder()
                .loop(loop)
                .rings(settings.rings())
                .slots(settings.slots())
                .extraBuffers(extraBuffers)
                .build();
    }

    /** Packets that a lane asks for ahead. */
    static int prefetch(DemoSettings settings) {
        return Math.min(MAX_PREFETCH, settings.slots());
    }

    /** What the lanes' queues and their sends may hold, beside what stands in the rings. */
    static int spares(DemoSettings settings) {
        return Math.min(
                MAX_SPARES,
                settings.rings() * settings.slots() + settings.lanes() * (prefetch(settings) + settings.slots()));
    }

    @Override
    public void close() {
        List.of(generator, forwarder, sink, tap).forEach(NetmapLoop::close);
    }
}
