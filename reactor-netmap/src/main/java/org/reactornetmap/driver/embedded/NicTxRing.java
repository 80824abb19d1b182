package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * A TX ring of a NIC. A sync takes everything over; while the link is up it is on the wire when the sync returns, and
 * its slots are free again. Frames wait in the ring while the link is down, and for their last slot.
 */
final class NicTxRing extends KernelRing {
    private static final long TAKEN =
            NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_BUF_CHANGED | NetmapSlotDescriptor.NS_REPORT);
    private static final int NO_DATA = -1;
    private static final int MAX_FRAME = 1 << 16;

    private final Nic nic;
    private final Buffers buffers;
    private final int queue;

    /** First slot that is not on the wire yet. */
    private int sent;

    /** Where a frame of several slots is put together. */
    private @Nullable ByteBuffer whole;

    NicTxRing(final String port, final RingObject object, final Nic nic) {
        super(port, object);
        this.nic = nic;
        this.buffers = ring.buffers();
        this.queue = ring.ringId();
    }

    @Override
    void move() {
        final int end = rHead;
        for (int slot = hwCur; slot != end; slot = RingMath.next(slot, numSlots)) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            final long word = memory.getLong(at);
            if ((word & TAKEN) != 0) {
                memory.putLong(at, word & ~TAKEN);
            }
        }
        hwCur = end;
        transmit();
        hwTail = RingMath.previous(sent, numSlots);
    }

    /** Puts every whole frame on the wire, if there is a link. */
    private void transmit() {
        final int end = hwCur;
        if (sent == end || !nic.isLinkUp()) {
            return;
        }
        int frame = sent;
        for (int slot = frame; slot != end; ) {
            final boolean last = (memory.getLong(NetmapRingDescriptor.slotOffset(slot)) & HostForwarding.MOREFRAG) == 0;
            slot = RingMath.next(slot, numSlots);
            if (last) {
                transmit(frame, slot);
                frame = slot;
                moved = true;
            }
        }
        sent = frame;
    }

    /** One frame. */
    private void transmit(final int from, final int to) {
        final SlotOffsets offsets = offsets();
        if (RingMath.next(from, numSlots) == to) {
            final int data = dataAt(offsets, from);
            final long word = memory.getLong(NetmapRingDescriptor.slotOffset(from));
            if (data == NO_DATA) {
                nic.counters.malformed.increment();
            } else {
                nic.transmit(
                        queue, buffers.block(NetmapSlotDescriptor.bufIdx(word)), data, NetmapSlotDescriptor.len(word));
            }
            return;
        }
        final ByteBuffer together = whole();
        int length = 0;
        boolean good = true;
        for (int slot = from; slot != to; slot = RingMath.next(slot, numSlots)) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            final long word = memory.getLong(at);
            final int data = dataAt(offsets, slot);
            final int len = NetmapSlotDescriptor.len(word);
            good &= data != NO_DATA && len <= together.capacity() - length;
            if (good) {
                together.put(length, buffers.block(NetmapSlotDescriptor.bufIdx(word)), data, len);
                length += len;
            }
            memory.putLong(at, word & ~HostForwarding.MOREFRAG);
        }
        if (good) {
            nic.transmit(queue, together, 0, length);
        } else {
            nic.counters.malformed.increment();
        }
    }

    /** Where a slot's data begins in its block; {@link #NO_DATA} if the slot is bad. */
    private int dataAt(final SlotOffsets offsets, final int slot) {
        final int at = NetmapRingDescriptor.slotOffset(slot);
        final long word = memory.getLong(at);
        final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
        final int len = NetmapSlotDescriptor.len(word);
        final int offset = offsets.areUsed() ? offsets.of(memory.getLong(at + NetmapSlotDescriptor.PTR_OFFSET)) : 0;
        if (len == 0 || len > buffers.bufSize() - offset || !buffers.isValid(bufIdx)) {
            return NO_DATA;
        }
        return buffers.offset(bufIdx) + offset;
    }

    private ByteBuffer whole() {
        ByteBuffer together = whole;
        if (together == null) {
            together = ByteBuffer.allocate(MAX_FRAME);
            whole = together;
        }
        return together;
    }

    @Override
    void notifyOtherSide() {
        nic.transmitted(queue);
    }

    /** The link is back: what waited goes out now, as a NIC does without a sync. */
    void resume() {
        get();
        final boolean gone;
        try {
            transmit();
            gone = moved;
            moved = false;
        } finally {
            put();
        }
        if (gone) {
            notifyOtherSide();
            arrived(Poller.OUT);
        }
    }

    /** Ends it: the number of frames, whole or not, that are not on the wire. World's lock held. */
    int close() {
        get();
        try {
            int frames = 0;
            for (int slot = sent; slot != hwCur; slot = RingMath.next(slot, numSlots)) {
                final boolean last = RingMath.next(slot, numSlots) == hwCur
                        || (memory.getLong(NetmapRingDescriptor.slotOffset(slot)) & HostForwarding.MOREFRAG) == 0;
                frames += last ? 1 : 0;
            }
            sent = hwCur;
            return frames;
        } finally {
            put();
        }
    }
}
