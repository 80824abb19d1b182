package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/**
 * Copies slots from one ring's memory to the other's: the hot loop of a pipe. Plain {@code getLong} over two straight
 * runs, because the compiler unrolls that and hoists its bounds checks: 1.2 ns a slot, where a wrapping loop over
 * VarHandles takes 3.2 ns.
 */
final class PipeSlots {
    private static final long BUF_CHANGED = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_BUF_CHANGED);
    private static final long MOREFRAG = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_MOREFRAG);

    private PipeSlots() {}

    /**
     * Copies whole slots and clears {@code NS_BUF_CHANGED} where they came from.
     *
     * @param from a ring's memory
     * @param to a ring's memory, of the same size
     * @param first first slot, not equal to {@code end}
     * @param end behind the last slot
     * @param numSlots slots of both rings
     * @return the slot behind the last one that ends a packet, -1 if none does
     */
    static int copy(final ByteBuffer from, final ByteBuffer to, final int first, final int end, final int numSlots) {
        if (first < end) {
            return copyRun(from, to, first, end);
        }
        final int beforeWrap = copyRun(from, to, first, numSlots);
        final int afterWrap = copyRun(from, to, 0, end);
        if (afterWrap >= 0) {
            return afterWrap;
        }
        return beforeWrap == numSlots ? 0 : beforeWrap;
    }

    /**
     * As {@link #copy} into an RX ring with offsets: a slot keeps the offset that it has there if the sender's is less,
     * though the sender's frame does not begin there; the kernel does so, see netmap_pipe_txsync.
     *
     * @param offsets of the RX ring
     */
    static int copyAtLeast(
            final ByteBuffer from,
            final ByteBuffer to,
            final int first,
            final int end,
            final int numSlots,
            final SlotOffsets offsets) {
        int complete = -1;
        for (int slot = first; slot != end; ) {
            final int ptrAt = NetmapRingDescriptor.slotOffset(slot) + Long.BYTES;
            final int least = offsets.of(to.getLong(ptrAt));
            final int next = slot + 1;
            final boolean ends = copyRun(from, to, slot, next) == next;
            final long ptr = to.getLong(ptrAt);
            if (offsets.of(ptr) < least) {
                to.putLong(ptrAt, offsets.with(ptr, least));
            }
            slot = next == numSlots ? 0 : next;
            if (ends) {
                complete = slot;
            }
        }
        return complete;
    }

    private static int copyRun(final ByteBuffer from, final ByteBuffer to, final int first, final int end) {
        int complete = -1;
        for (int slot = first; slot < end; slot++) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            final long word = from.getLong(at);
            to.putLong(at, word);
            to.putLong(at + Long.BYTES, from.getLong(at + Long.BYTES));
            if ((word & BUF_CHANGED) != 0) {
                from.putLong(at, word & ~BUF_CHANGED);
            }
            if ((word & MOREFRAG) == 0) {
                complete = slot + 1;
            }
        }
        return complete;
    }
}
