package org.reactornetmap.conformance;

import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingMath;

/** An open port driven by its raw rings, as a C program would. One thread. */
final class RawPort {
    final DriverPort port;

    RawPort(final DriverPort port) {
        this.port = port;
    }

    NetmapRing tx() {
        return tx(0);
    }

    NetmapRing tx(final int i) {
        return port.netmapIf().txRings().get(i);
    }

    NetmapRing rx() {
        return rx(0);
    }

    NetmapRing rx(final int i) {
        return port.netmapIf().rxRings().get(i);
    }

    /** {@code nm_ring_space}. */
    static int space(final NetmapRing ring) {
        return RingMath.distance(ring.cur(), ring.tail(), ring.numSlots());
    }

    /** Moves head and cur to the same slot. */
    static void advance(final NetmapRing ring, final int slots) {
        moveTo(ring, RingMath.plus(ring.head(), slots, ring.numSlots()));
    }

    static void moveTo(final NetmapRing ring, final int slot) {
        ring.head(slot);
        ring.cur(slot);
    }

    /** Writes one slot's frame into the next TX slot. */
    static void put(final NetmapRing ring, final byte[] content, final int flags) {
        final int slot = ring.head();
        final int buffer = bufIdx(ring.slotWord(slot));
        write(ring, buffer, content, 0, content.length);
        ring.slotWord(slot, word(buffer, content.length, flags));
        advance(ring, 1);
    }

    private static void write(
            final NetmapRing ring, final int buffer, final byte[] content, final int from, final int length) {
        ring.buffers().block(buffer).put(ring.buffers().offset(buffer), content, from, length);
    }

    /** Writes a frame into as many slots as it needs; false if there are not enough. */
    static boolean offer(final NetmapRing ring, final byte[] frame) {
        final int bufSize = ring.buffers().bufSize();
        final int slots = (frame.length + bufSize - 1) / bufSize;
        if (RingMath.distance(ring.head(), ring.tail(), ring.numSlots()) < slots) {
            return false;
        }
        for (int i = 0; i < slots; i++) {
            final int from = i * bufSize;
            final byte[] part = new byte[Math.min(bufSize, frame.length - from)];
            System.arraycopy(frame, from, part, 0, part.length);
            put(ring, part, i + 1 < slots ? NS_MOREFRAG : 0);
        }
        return true;
    }

    static byte[] content(final NetmapRing ring, final int slot) {
        final long word = ring.slotWord(slot);
        final byte[] content = new byte[len(word)];
        ring.buffers().block(bufIdx(word)).get(ring.buffers().offset(bufIdx(word)), content);
        return content;
    }

    /** Takes the next whole frame; null if there is none. Slots of length 0 between frames are passed over. */
    static byte @Nullable [] take(final NetmapRing ring) {
        final ByteArrayOutputStream frame = new ByteArrayOutputStream();
        int slot = ring.head();
        while (slot != ring.tail()) {
            final long word = ring.slotWord(slot);
            frame.writeBytes(content(ring, slot));
            slot = RingMath.next(slot, ring.numSlots());
            if ((flags(word) & NS_MOREFRAG) == 0) {
                moveTo(ring, slot);
                if (frame.size() > 0) {
                    return frame.toByteArray();
                }
            }
        }
        return null;
    }

    static List<byte[]> takeAll(final NetmapRing ring) {
        final List<byte[]> frames = new ArrayList<>();
        for (byte[] frame = take(ring); frame != null; frame = take(ring)) {
            frames.add(frame);
        }
        return frames;
    }

    /** Sends frames, one slot each, by the first ring. */
    void send(final byte[]... frames) {
        for (final byte[] frame : frames) {
            put(tx(), frame, 0);
        }
        port.txSync();
    }

    /** Syncs and takes what is there; it goes back to the kernel with the next sync. */
    List<byte[]> receive() {
        port.rxSync();
        return takeAll(rx());
    }

    /** Syncs until a ring has this many slots to look at: what comes by a wire may take its time. */
    void await(final NetmapRing ring, final int slots) {
        ConformanceTest.await(() -> {
            port.rxSync();
            return space(ring) >= slots;
        });
    }

    /** Waits for that many slots and takes what is there. */
    List<byte[]> receive(final int slots) {
        await(rx(), slots);
        return takeAll(rx());
    }

    @Override
    public String toString() {
        return port.toString();
    }
}
