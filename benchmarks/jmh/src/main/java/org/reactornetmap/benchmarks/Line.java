package org.reactornetmap.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.test.Frames;

/**
 * Generator, pipe, forwarder, pipe, sink, all on the calling thread. Not thread-safe.
 *
 * <pre>
 *   Generator ──▶ in{1 ═══ in}1 ──▶ Forwarder ──▶ out{1 ═══ out}1 ──▶ Sink
 *   timed apart             what is measured                timed apart
 * </pre>
 */
final class Line implements AutoCloseable {
    private final EmbeddedNetmap netmap;
    private final DriverPort generatorPort;
    private final DriverPort sinkPort;
    private final Generator generator;
    private final Sink sink;
    private final Forwarder forwarder;
    private final int packetsPerRing;
    private long generated;
    private long taken;

    Line(
            final boolean reactive,
            final boolean filters,
            final int rejectPercent,
            final int rings,
            final int slots,
            final int packetsPerRing) {
        this.packetsPerRing = packetsPerRing;
        final int lanes = 2 * rings * slots;
        final int spares = rings * slots;
        netmap = EmbeddedNetmap.create(EmbeddedConfig.builder()
                .buffers(lanes + spares + 2)
                .defaultRings(rings)
                .defaultSlots(slots)
                .ringSize(Math.max(36_864, 256 + 16 * slots))
                .build());
        final byte[] frame = bytes(Frames.udp("10.0.0.1", 4_000, "10.0.0.2", Generator.WANTED_PORT));
        generatorPort = open("netmap:in{1/T@1");
        sinkPort = open("netmap:out}1/R@1");
        generator = new Generator(generatorPort, frame, rejectPercent);
        sink = new Sink(sinkPort);
        Generator.fill(sinkPort.netmapIf().rxRings(), frame); // buffers that will come to the generator
        if (reactive) {
            final NetmapLoop loop = NetmapLoop.manual();
            final PortOptions options = PortOptions.builder().loop(loop).build();
            forwarder = new FluxForwarder(
                    loop, netmap.open("netmap:in}1/R@1", options), netmap.open("netmap:out{1/T@1", options), filters);
        } else {
            forwarder = new BareForwarder(open("netmap:in}1/R@1"), open("netmap:out{1/T@1"), filters);
        }
    }

    private DriverPort open(final String spec) {
        return netmap.driver().open(OpenRequest.of(PortSpec.parse(spec)));
    }

    private static byte[] bytes(final ByteBuffer frame) {
        final byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** One burst into the first pipe. */
    int generate() {
        final int sent = generator.send(packetsPerRing);
        generated += sent;
        return sent;
    }

    /** One burst from the first pipe to the second. */
    int forward() {
        return forwarder.work();
    }

    /** One burst out of the second pipe. */
    int take() {
        final int packets = sink.take();
        taken += packets;
        return packets;
    }

    /** Everything sent was received, and everything that passes arrived. */
    void checkBalance(final boolean filters) {
        forwarder.work();
        take();
        final long expected = filters ? generator.wanted() : generated;
        if (forwarder.received() != generated || forwarder.sent() != taken || taken != expected) {
            throw new IllegalStateException("generated " + generated + ", received " + forwarder.received() + ", sent "
                    + forwarder.sent() + ", taken " + taken + ", expected " + expected);
        }
    }

    @Override
    public void close() {
        for (final AutoCloseable each : List.of(forwarder, generatorPort, sinkPort, netmap)) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
