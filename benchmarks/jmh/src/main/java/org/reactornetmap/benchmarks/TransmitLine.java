package org.reactornetmap.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import reactor.core.Disposable;

/** A sender of frames that stand outside the ring, by copy, and a sink, on the calling thread. Not thread-safe. */
final class TransmitLine implements AutoCloseable {
    private static final int SLOTS = 2_048;

    private final EmbeddedNetmap netmap = EmbeddedNetmap.create(
            EmbeddedConfig.builder().buffers(4 * SLOTS + 2).defaultSlots(SLOTS).build());
    private final DriverPort sinkPort = open("netmap:x}1/R@1");
    private final Sink sink = new Sink(sinkPort);
    private final int batch;
    private final ByteBuffer frame;

    // Reactive.
    private NetmapLoop loop;
    private NetmapPort port;
    private PacketSource source;
    private Disposable send;

    // Bare.
    private DriverPort barePort;
    private NetmapRing ring;
    private int head;

    TransmitLine(final boolean reactive, final int batch, final int bytes) {
        this.batch = batch;
        this.frame = ByteBuffer.allocate(bytes);
        if (reactive) {
            loop = NetmapLoop.manual();
            port = netmap.open(
                    "netmap:x{1/T@1",
                    PortOptions.builder().loop(loop).extraBuffers(0).build());
            source = new PacketSource(PacketPool.heap(SLOTS, bytes), bytes);
            send = port.send(source, TxOptions.builder().batch(batch).build()).subscribe();
            loop.doWork();
        } else {
            barePort = open("netmap:x{1/T@1");
            ring = barePort.netmapIf().txRings().get(0);
            head = ring.head();
        }
    }

    private DriverPort open(final String spec) {
        return netmap.driver().open(OpenRequest.of(PortSpec.parse(spec)));
    }

    int send(final int packets) {
        return source == null ? sendBare(packets) : sendReactive(packets);
    }

    private int sendReactive(final int packets) {
        final int sent = source.emit(packets);
        loop.doWork();
        return sent;
    }

    private int sendBare(final int packets) {
        final Buffers buffers = ring.buffers();
        final int bufSize = buffers.bufSize();
        final int bytes = frame.capacity();
        int unsynced = 0;
        for (int i = 0; i < packets; i++) {
            for (int done = 0; done < bytes; ) {
                final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(head));
                if (!buffers.isValid(bufIdx) || head == ring.tail()) {
                    throw new IllegalStateException("no room, or a bad index");
                }
                final int part = Math.min(bufSize, bytes - done);
                buffers.block(bufIdx).put(buffers.offset(bufIdx), frame, done, part);
                done += part;
                ring.slotWord(
                        head,
                        NetmapSlotDescriptor.word(bufIdx, part, done < bytes ? NetmapSlotDescriptor.NS_MOREFRAG : 0));
                head = RingMath.next(head, SLOTS);
            }
            if (++unsynced == batch) {
                sync();
                unsynced = 0;
            }
        }
        if (unsynced > 0) {
            sync();
        }
        return packets;
    }

    private void sync() {
        ring.head(head);
        ring.cur(head);
        barePort.txSync();
    }

    /** Empties the pipe, and lets the sender see it. */
    void take(final int expectedSlots) {
        final int taken = sink.take();
        if (taken != expectedSlots) {
            throw new IllegalStateException("sent " + expectedSlots + " slots, " + taken + " arrived");
        }
        if (barePort != null) {
            sync();
        }
    }

    @Override
    public void close() {
        if (send != null) {
            send.dispose();
            loop.doWork();
            port.close();
            loop.close();
        }
        for (final AutoCloseable each :
                barePort == null ? List.of(sinkPort, netmap) : List.of(barePort, sinkPort, netmap)) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
