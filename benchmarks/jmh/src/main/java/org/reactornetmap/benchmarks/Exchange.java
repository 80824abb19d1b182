package org.reactornetmap.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;

/**
 * Ports that send to each other at driver level, each to the next, all on the calling thread: by pipes, or through one
 * VALE switch. Frames stand in the buffers from the start, as in netmap's pkt-gen. Not thread-safe.
 */
final class Exchange implements AutoCloseable {
    private static final int SLOTS = 1_024;
    private static final int MAC_BYTES = 6;

    private final EmbeddedDriver driver =
            EmbeddedDriver.create(EmbeddedConfig.builder().build());
    private final List<DriverPort> ports = new ArrayList<>();
    private final List<Generator> generators = new ArrayList<>();
    private final List<Sink> sinks = new ArrayList<>();
    private long sent;
    private long received;

    /**
     * Opens the ports.
     *
     * @param vale whether they meet at a switch; otherwise each sends through a pipe of its own
     * @param count how many send, and how many receive
     * @param bytes length of each frame, 60..2048
     */
    Exchange(final boolean vale, final int count, final int bytes) {
        for (int i = 0; i < count; i++) {
            if (vale) {
                open("vale0:p" + i);
            } else {
                open("netmap:x" + i + "{1/T");
                open("netmap:x" + i + "}1/R");
            }
        }
        for (int i = 0; i < ports.size(); i++) {
            final DriverPort port = ports.get(i);
            if (!port.netmapIf().txRings().isEmpty()) {
                generators.add(new Generator(port, frame(i, (i + 1) % ports.size(), bytes), -1));
            }
            if (!port.netmapIf().rxRings().isEmpty()) {
                sinks.add(new Sink(port));
            }
        }
        for (final Generator generator : generators) {
            generator.send(1); // a switch learns where everybody is
        }
        for (final Sink sink : sinks) {
            sink.take();
        }
    }

    private void open(final String spec) {
        ports.add(driver.open(new OpenRequest(PortSpec.parse(spec), -1, 0, 0, SLOTS, SLOTS, 0)));
    }

    private static byte[] frame(final int from, final int to, final int bytes) {
        final ByteBuffer frame = ByteBuffer.allocate(bytes);
        frame.put(MAC_BYTES - 1, (byte) (to + 1)).put(0, (byte) 2);
        frame.put(2 * MAC_BYTES - 1, (byte) (from + 1)).put(MAC_BYTES, (byte) 2);
        frame.putShort(2 * MAC_BYTES, (short) 0x0800);
        return frame.array();
    }

    /** Every port sends and receives, so many packets at a sync, until so many are sent in all. */
    int exchange(final int packets, final int batch) {
        int left = packets;
        while (left > 0) {
            for (final Generator generator : generators) {
                final int now = generator.send(batch);
                sent += now;
                left -= now;
            }
            for (final Sink sink : sinks) {
                received += sink.take();
            }
        }
        return left;
    }

    /** Nothing may be lost: every receiver takes what it gets before more comes. */
    void checkBalance() {
        if (sent == 0 || sent != received) {
            throw new IllegalStateException("sent " + sent + ", received " + received);
        }
    }

    @Override
    public void close() {
        ports.forEach(DriverPort::close);
    }
}
