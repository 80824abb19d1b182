package org.reactornetmap.driver.embedded;

import java.util.concurrent.locks.ReentrantLock;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * An RX ring of a monitor. The threads that sync the monitored rings fill it, one at a time; the monitor's own sync
 * shows what is there and takes back what was read. A batch that does not fit loses its oldest packets.
 */
final class MonitorRxRing extends KernelRing {
    /** {@code q_lock}: both directions of the monitored port end here. */
    private final ReentrantLock writers = new ReentrantLock();

    /** The writers' tail; written by who holds the lock, after the slots. */
    private volatile int filledTo;

    /** The reader's head, as of its last sync. */
    private volatile int returnedTo;

    MonitorRxRing(final String port, final RingObject object) {
        super(port, object);
    }

    @Override
    void move() {
        hwTail = filledTo;
        final int end = rHead;
        hwCur = end;
        returnedTo = end;
    }

    @Override
    void notifyOtherSide() {}

    /** netmap_monitor_parent_sync: a copy of each packet in these slots of a ring that the caller holds. */
    void copy(final KernelRing from, final int first, final int count) {
        fill(from, first, count, this::copySlot);
    }

    /**
     * netmap_zmon_parent_sync: the packets in these slots of a ring that the caller holds and that nobody else needs any
     * more, in exchange for buffers of ours.
     */
    void swap(final KernelRing from, final int first, final int count) {
        fill(from, first, count, this::swapSlot);
    }

    /** Takes over one slot of the monitored ring. */
    @FunctionalInterface
    private interface Take {
        void take(KernelRing from, int slot, int to);
    }

    private void fill(final KernelRing from, final int first, final int count, final Take how) {
        final int fitting;
        writers.lock();
        try {
            int to = filledTo;
            fitting = Math.min(count, numSlots - 1 - RingMath.distance(returnedTo, to, numSlots));
            int slot = RingMath.plus(first, count - fitting, from.numSlots);
            for (int left = fitting; left > 0; left--) {
                how.take(from, slot, to);
                slot = RingMath.next(slot, from.numSlots);
                to = RingMath.next(to, numSlots);
            }
            filledTo = to;
        } finally {
            writers.unlock();
        }
        if (fitting > 0) {
            arrived(Poller.IN);
        }
    }

    private void copySlot(final KernelRing from, final int slot, final int to) {
        final long word = from.ring.slotWord(slot);
        final int mine = NetmapSlotDescriptor.bufIdx(ring.slotWord(to));
        final Buffers source = from.ring.buffers();
        final Buffers target = ring.buffers();
        final int read = followed(source, NetmapSlotDescriptor.bufIdx(word));
        final int written = followed(target, mine);
        final int readAt = from.offsets().of(from.ring.slotPtr(slot));
        final int writtenAt = offsets().of(ring.slotPtr(to));
        final int bytes = Math.min(
                NetmapSlotDescriptor.len(word), Math.min(source.bufSize() - readAt, target.bufSize() - writtenAt));
        target.block(written)
                .put(target.offset(written) + writtenAt, source.block(read), source.offset(read) + readAt, bytes);
        ring.slotWord(to, NetmapSlotDescriptor.word(mine, bytes, seen(from, word)));
    }

    /** NMB: an index that is none leads to buffer 0. */
    private static int followed(final Buffers buffers, final int bufIdx) {
        return bufIdx >= 0 && bufIdx < buffers.total() ? bufIdx : 0;
    }

    /** Indexes are exchanged whatever they are. */
    private void swapSlot(final KernelRing from, final int slot, final int to) {
        final long theirs = from.ring.slotWord(slot);
        final long mine = ring.slotWord(to);
        ring.slotWord(
                to,
                NetmapSlotDescriptor.word(
                        NetmapSlotDescriptor.bufIdx(theirs), NetmapSlotDescriptor.len(theirs), seen(from, theirs)));
        from.ring.slotWord(
                slot,
                NetmapSlotDescriptor.word(
                        NetmapSlotDescriptor.bufIdx(mine),
                        NetmapSlotDescriptor.len(mine),
                        NetmapSlotDescriptor.flags(theirs) | NetmapSlotDescriptor.NS_BUF_CHANGED));
    }

    /** The flags of a packet that a monitor saw on this ring. */
    private static int seen(final KernelRing from, final long word) {
        final int flags = NetmapSlotDescriptor.flags(word);
        return from.ring.isRx() ? flags & ~NetmapSlotDescriptor.NS_TXMON : flags | NetmapSlotDescriptor.NS_TXMON;
    }
}
