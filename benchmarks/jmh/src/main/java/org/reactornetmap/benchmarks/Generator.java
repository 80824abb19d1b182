package org.reactornetmap.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * Sends frames at driver level, as netmap's pkt-gen does: the frame stands in every buffer from the start, so a packet
 * costs one slot word. With a share to reject it also writes the destination port of each. Not thread-safe.
 */
final class Generator {
    static final int PORT_OFFSET = 36;
    static final int WANTED_PORT = 53;

    private final DriverPort port;
    private final NetmapRing[] rings;
    private final int[] heads;
    private final int frameBytes;
    private final boolean writesPort;
    private final int rejectPercent;
    private int noise = 0x2545F491;
    private long wanted;

    /**
     * Creates a generator that leaves the frames as they are, or writes a port into each.
     *
     * @param rejectPercent share of the packets with another port than {@link #WANTED_PORT}; -1: ports are not written
     */
    Generator(final DriverPort port, final byte[] frame, final int rejectPercent) {
        this.port = port;
        this.rings = port.netmapIf().txRings().toArray(new NetmapRing[0]);
        this.heads = new int[rings.length];
        this.frameBytes = frame.length;
        this.writesPort = rejectPercent >= 0;
        this.rejectPercent = rejectPercent;
        fill(port.netmapIf().txRings(), frame);
    }

    /** Puts a frame into every buffer of some rings. */
    static void fill(final List<NetmapRing> rings, final byte[] frame) {
        for (final NetmapRing ring : rings) {
            final Buffers buffers = ring.buffers();
            for (int slot = 0; slot < ring.numSlots(); slot++) {
                final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
                buffers.block(bufIdx).put(buffers.offset(bufIdx), frame);
            }
        }
    }

    /** Sends packets through every ring; returns how many in all, fewer if a ring has no room. */
    int send(final int packetsPerRing) {
        port.txSync(); // takes in what came back since the last one
        int sent = 0;
        for (int i = 0; i < rings.length; i++) {
            sent += send(i, packetsPerRing);
        }
        port.txSync();
        return sent;
    }

    private int send(final int index, final int packets) {
        final NetmapRing ring = rings[index];
        final Buffers buffers = ring.buffers();
        final int numSlots = ring.numSlots();
        int head = heads[index];
        final int count = Math.min(packets, RingMath.distance(head, ring.tail(), numSlots));
        for (int i = 0; i < count; i++) {
            final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(head));
            if (writesPort) {
                writePort(buffers.block(bufIdx), buffers.offset(bufIdx) + PORT_OFFSET);
            }
            ring.slotWord(head, NetmapSlotDescriptor.word(bufIdx, frameBytes, 0));
            head = RingMath.next(head, numSlots);
        }
        heads[index] = head;
        ring.head(head);
        ring.cur(head);
        return count;
    }

    private void writePort(final ByteBuffer block, final int at) {
        noise ^= noise << 13;
        noise ^= noise >>> 17;
        noise ^= noise << 5;
        final boolean reject = (((noise >>> 8) & 0xFFFF) * 100) >>> 16 < rejectPercent;
        final int value = reject ? WANTED_PORT + 1 : WANTED_PORT;
        wanted += reject ? 0 : 1;
        block.put(at, (byte) (value >>> 8));
        block.put(at + 1, (byte) value);
    }

    /** Packets so far that have {@link #WANTED_PORT}. */
    long wanted() {
        return wanted;
    }
}
