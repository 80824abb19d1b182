package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** The TX ring of one end of a pipe. Its tail moves only in its own sync, so it is one sync behind the receiver. */
final class PipeTxRing extends KernelRing {
    static final long BUF_CHANGED = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_BUF_CHANGED);
    private static final long MOREFRAG = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_MOREFRAG);

    /** Set by {@link PipeLane} before anybody sees the ring. */
    @Nullable
    PipeRxRing receiver;

    private final NetmapRing rxRing;
    private final PipeTails tails;

    PipeTxRing(final String port, final RingObject own, final NetmapRing rxRing, final PipeTails tails) {
        super(port, own);
        this.rxRing = rxRing;
        this.tails = tails;
    }

    @Override
    void sync() {
        hwTail = tails.txTail();
        final int end = rHead;
        int slot = hwCur;
        if (slot == end) {
            return;
        }
        final NetmapRing from = ring;
        final NetmapRing to = rxRing;
        final int n = numSlots;
        int complete = -1;
        do {
            final long word = from.slotWord(slot);
            to.slotWord(slot, word);
            to.slotPtr(slot, from.slotPtr(slot));
            if ((word & BUF_CHANGED) != 0) {
                from.slotWord(slot, word & ~BUF_CHANGED);
            }
            if (++slot == n) {
                slot = 0;
            }
            if ((word & MOREFRAG) == 0) {
                complete = slot;
            }
        } while (slot != end);
        hwCur = end;
        if (complete >= 0) {
            // Only whole packets are shown to the receiver.
            tails.publishRx(complete);
            moved = true;
        }
    }

    @Override
    void signalOtherSide() {
        final PipeRxRing other = receiver;
        if (other != null) {
            other.signal(Poller.IN);
        }
    }
}
