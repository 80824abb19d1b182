package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.RingMath;

/**
 * The RX ring of one end of a pipe. Released slots are copied back to the sender's ring, so that a buffer that the
 * receiver swapped in becomes the sender's.
 */
final class PipeRxRing extends KernelRing {
    /** Set by {@link PipeLane} before anybody sees the ring. */
    @Nullable
    PipeTxRing sender;

    private final ByteBuffer txMemory;
    private final PipeTails tails;

    PipeRxRing(final String port, final RingObject own, final ByteBuffer txMemory, final PipeTails tails) {
        super(port, own);
        this.txMemory = txMemory;
        this.tails = tails;
    }

    @Override
    void move() {
        hwTail = tails.rxTail();
        final int end = rHead;
        final int slot = hwCur;
        if (slot == end) {
            return;
        }
        PipeSlots.copy(memory, txMemory, slot, end, numSlots);
        tails.publishTx(RingMath.previous(end, numSlots));
        hwCur = end;
        moved = true;
    }

    @Override
    void notifyOtherSide() {
        final PipeTxRing other = sender;
        if (other != null) {
            other.arrived(Poller.OUT);
        }
    }
}
