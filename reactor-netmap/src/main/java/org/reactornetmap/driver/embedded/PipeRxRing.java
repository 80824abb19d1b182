package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingMath;

/**
 * The RX ring of one end of a pipe. Released slots are copied back to the sender's ring, so that a buffer that the
 * receiver swapped in becomes the sender's.
 */
final class PipeRxRing extends KernelRing {
    /** Set by {@link PipeLane} before anybody sees the ring. */
    @Nullable
    PipeTxRing sender;

    private final NetmapRing txRing;
    private final PipeTails tails;

    PipeRxRing(final String port, final RingObject own, final NetmapRing txRing, final PipeTails tails) {
        super(port, own);
        this.txRing = txRing;
        this.tails = tails;
    }

    @Override
    void sync() {
        hwTail = tails.rxTail();
        final int end = rHead;
        int slot = hwCur;
        if (slot == end) {
            return;
        }
        final NetmapRing from = ring;
        final NetmapRing to = txRing;
        final int n = numSlots;
        do {
            final long word = from.slotWord(slot);
            to.slotWord(slot, word);
            to.slotPtr(slot, from.slotPtr(slot));
            if ((word & PipeTxRing.BUF_CHANGED) != 0) {
                from.slotWord(slot, word & ~PipeTxRing.BUF_CHANGED);
            }
            if (++slot == n) {
                slot = 0;
            }
        } while (slot != end);
        tails.publishTx(RingMath.previous(end, n));
        hwCur = end;
        moved = true;
    }

    @Override
    void signalOtherSide() {
        final PipeTxRing other = sender;
        if (other != null) {
            other.signal(Poller.OUT);
        }
    }
}
