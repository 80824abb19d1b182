package org.reactornetmap.examples;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.Tap;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.SwitchStatistics;
import org.reactornetmap.packet.Packet;

/**
 * Four ports of one VALE switch, and a tap on {@link #in}. The frames get MAC addresses that the switch knows, as a
 * router's neighbours would send them, and new ones when they are forwarded. A switch never stops a sender: what doesn't
 * fit a receiver's ring is dropped, and counted by the switch.
 */
final class SwitchTopology implements DemoTopology {
    /** {@code NM_BDG_MAXRINGS}. */
    static final int MAX_RINGS = 16;

    private static final String SWITCH = "vale0:";
    private static final int HEADER_BYTES = 14;
    private static final int EXPERIMENTAL = 0x88b5; // IEEE 802 local experimental EtherType 1
    private static final int SLACK_BUFFERS = 4_096;

    private final DemoLoops loops;
    private final EmbeddedNetmap netmap;
    private final NetmapPort generator;
    private final NetmapPort in;
    private final NetmapPort out;
    private final NetmapPort sink;
    private final AtomicLong tapped = new AtomicLong();

    SwitchTopology(DemoSettings settings) {
        int spares = DemoLoops.spares(settings);
        netmap = EmbeddedNetmap.create(EmbeddedConfig.builder()
                .buffers(4 * settings.rings() * settings.slots() + spares + SLACK_BUFFERS)
                .build());
        loops = new DemoLoops(settings);
        try {
            generator = netmap.open(SWITCH + "generator", loops.options(loops.generator, 0));
            in = netmap.open(SWITCH + "in@1", loops.options(loops.forwarder, spares));
            out = netmap.open(SWITCH + "out@1", loops.options(loops.forwarder, 0));
            sink = netmap.open(SWITCH + "sink", loops.options(loops.sink, 0));
            announce(in, Mac.IN);
            announce(sink, Mac.SINK);
            in.tap(Tap.COPY_RX, loops.options(loops.tap, 0))
                    .packets()
                    .transform(Packets.autoRelease(packet -> tapped.lazySet(tapped.getPlain() + 1)))
                    .onErrorComplete() // the end of what it looks at
                    .subscribe();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Lets the switch learn where an address is. It drops the frame, whose destination is where it comes from. */
    private static void announce(NetmapPort port, Mac mac) {
        ByteBuffer frame = ByteBuffer.allocate(60);
        mac.write(frame, Mac.DESTINATION);
        mac.write(frame, Mac.SOURCE);
        frame.putShort(Mac.SOURCE + Mac.BYTES, (short) EXPERIMENTAL);
        port.inject(frame);
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
        return frames.stream().map(SwitchTopology::addressed).toList();
    }

    private static ByteBuffer addressed(ByteBuffer frame) {
        if (frame.remaining() < HEADER_BYTES) {
            return frame; // the switch drops it
        }
        ByteBuffer copy = ByteBuffer.allocate(frame.remaining());
        copy.put(frame.duplicate()).flip();
        Mac.IN.write(copy, Mac.DESTINATION);
        Mac.GENERATOR.write(copy, Mac.SOURCE);
        return copy;
    }

    @Override
    public void forward(Packet packet) {
        Mac.SINK.write(packet, Mac.DESTINATION);
        Mac.OUT.write(packet, Mac.SOURCE);
    }

    @Override
    public long lostBeforeIn() {
        SwitchStatistics from = statistics(generator);
        SwitchStatistics to = statistics(in);
        return from.malformed() + from.noDestination() + to.ringFull() + to.closed();
    }

    @Override
    public long lostBeforeSink() {
        SwitchStatistics from = statistics(out);
        SwitchStatistics to = statistics(sink);
        return from.malformed() + from.noDestination() + to.ringFull() + to.closed();
    }

    private SwitchStatistics statistics(NetmapPort port) {
        return netmap.driver().switchStatistics().stream()
                .filter(each -> each.port().equals(port.name()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public long tapped() {
        return tapped.get();
    }

    @Override
    public void close() {
        netmap.close();
        loops.close();
    }
}
