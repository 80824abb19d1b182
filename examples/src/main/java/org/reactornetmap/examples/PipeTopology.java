package org.reactornetmap.examples;

import java.nio.ByteBuffer;
import java.util.List;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.packet.Packet;

/** Two pipes of an embedded netmap with several rings each, in one memory. Nothing gets lost in a pipe. */
final class PipeTopology implements DemoTopology {
    private static final int SLACK_BUFFERS = 4_096;

    private final DemoLoops loops;
    private final EmbeddedNetmap netmap;
    private final NetmapPort generator;
    private final NetmapPort in;
    private final NetmapPort out;
    private final NetmapPort sink;

    PipeTopology(DemoSettings settings) {
        int spares = DemoLoops.spares(settings);
        // Each of the two pipes has rings both ways.
        netmap = EmbeddedNetmap.create(EmbeddedConfig.builder()
                .buffers(4 * settings.rings() * settings.slots() + spares + SLACK_BUFFERS)
                .build());
        loops = new DemoLoops(settings);
        try {
            generator = netmap.open("netmap:demo{1@1", loops.options(loops.generator, 0));
            in = netmap.open("netmap:demo}1@1", loops.options(loops.forwarder, spares));
            out = netmap.open("netmap:demo{2@1", loops.options(loops.forwarder, 0));
            sink = netmap.open("netmap:demo}2@1", loops.options(loops.sink, 0));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public NetmapPort generator() {
        return generator;
    }

    @Override
    public NetmapPort in() {
        return in;
    }

    @Override
    public NetmapPort out() {
        return out;
    }

    @Override
    public NetmapPort sink() {
        return sink;
    }

    @Override
    public List<ByteBuffer> addressed(List<ByteBuffer> frames) {
        return frames;
    }

    @Override
    public void forward(Packet packet) {}

    @Override
    public long lostBeforeIn() {
        return 0;
    }

    @Override
    public long lostBeforeSink() {
        return 0;
    }

    @Override
    public long tapped() {
        return -1;
    }

    @Override
    public void close() {
        netmap.close();
        loops.close();
    }
}
