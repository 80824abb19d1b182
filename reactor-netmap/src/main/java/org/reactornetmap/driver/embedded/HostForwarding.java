package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * Ways between a NIC and its host stack that a sync takes for user space: {@code NR_FORWARD} and {@code NS_FORWARD}.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap.c#L1239">netmap_grab_packets,
 *     netmap_sw_to_nic</a>
 */
final class HostForwarding {
    static final long BUF_CHANGED = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_BUF_CHANGED);
    static final long MOREFRAG = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_MOREFRAG);
    private static final long FORWARD = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_FORWARD);

    /** An Ethernet header. */
    private static final int MIN_FRAME = 14;

    private HostForwarding() {}

    /** {@code _nm_may_forward}. */
    static boolean isOn(final KernelRing rx) {
        return (rx.ring.flags() & NetmapRingDescriptor.NR_FORWARD) != 0;
    }

    /**
     * Gives the stack a copy of what is in the slots from hwcur to rhead, of each slot for itself.
     *
     * @param all whether those that are not marked go up, too
     */
    static void up(final KernelRing from, final Nic nic, final boolean all) {
        final Buffers buffers = from.ring.buffers();
        final SlotOffsets offsets = from.offsets();
        final ByteBuffer memory = from.memory;
        for (int slot = from.hwCur; slot != from.rHead; slot = RingMath.next(slot, from.numSlots)) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            final long word = memory.getLong(at);
            if (!all && (word & FORWARD) == 0) {
                continue;
            }
            final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
            final int len = NetmapSlotDescriptor.len(word);
            final int offset = offsets.areUsed() ? offsets.of(memory.getLong(at + NetmapSlotDescriptor.PTR_OFFSET)) : 0;
            if (len < MIN_FRAME || len > buffers.bufSize() - offset || !buffers.isValid(bufIdx)) {
                nic.counters.notRaised.increment();
                continue;
            }
            memory.putLong(at, word & ~FORWARD);
            nic.toStack(buffers.block(bufIdx), buffers.offset(bufIdx) + offset, len);
            nic.counters.raised.increment(); // behind it: who sees the count finds the frame
        }
    }

    /**
     * Moves the marked packets between hwcur and rhead of a host RX ring to the NIC's TX rings, buffer for buffer, by
     * moving their head and cur as their owner would, whose system call this is. What finds no room stays behind.
     *
     * @return whether there were any, which a TX sync must push out
     */
    static boolean down(final KernelRing from, final @Nullable NicTxRing[] to) {
        int slot = from.hwCur;
        boolean sent = false;
        for (final NicTxRing destination : to) {
            if (destination == null) {
                continue;
            }
            final NetmapRing tx = destination.ring;
            while (slot != from.rHead && tx.head() != tx.tail()) {
                final long word = from.ring.slotWord(slot);
                if ((word & FORWARD) != 0) {
                    final int head = tx.head();
                    final long free = tx.slotWord(head);
                    from.ring.slotWord(
                            slot, swapped(NetmapSlotDescriptor.bufIdx(free), NetmapSlotDescriptor.len(word)));
                    tx.slotWord(head, swapped(NetmapSlotDescriptor.bufIdx(word), NetmapSlotDescriptor.len(word)));
                    final int next = RingMath.next(head, destination.numSlots);
                    tx.head(next);
                    tx.cur(next);
                    sent = true;
                }
                slot = RingMath.next(slot, from.numSlots);
            }
        }
        return sent;
    }

    private static long swapped(final int bufIdx, final int len) {
        return NetmapSlotDescriptor.word(bufIdx, len, NetmapSlotDescriptor.NS_BUF_CHANGED);
    }
}
