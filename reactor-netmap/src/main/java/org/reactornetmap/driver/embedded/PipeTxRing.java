package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Poller;

/** The TX ring of one end of a pipe. Its tail moves only in its own sync, so it is one sync behind the receiver. */
final class PipeTxRing extends KernelRing {
    /** Set by {@link PipeLane} before anybody sees the ring. */
    @Nullable
    PipeRxRing receiver;

    private final ByteBuffer rxMemory;
    private final PipeTails tails;

    PipeTxRing(final String port, final RingObject own, final ByteBuffer rxMemory, final PipeTails tails) {
        super(port, own);
        this.rxMemory = rxMemory;
        this.tails = tails;
    }

    @Override
    void move() {
        hwTail = tails.txTail();
        final int end = rHead;
        final int slot = hwCur;
        if (slot == end) {
            return;
        }
        final SlotOffsets offsets = receiver == null ? SlotOffsets.NONE : receiver.offsets();
        final int complete = offsets.areUsed()
                ? PipeSlots.copyAtLeast(memory, rxMemory, slot, end, numSlots, offsets)
                : PipeSlots.copy(memory, rxMemory, slot, end, numSlots);
        hwCur = end;
        if (complete >= 0) {
            // Only whole packets are shown to the receiver.
            tails.publishRx(complete);
            moved = true;
        }
    }

    @Override
    void notifyOtherSide() {
        final PipeRxRing other = receiver;
        if (other != null) {
            other.arrived(Poller.IN);
        }
    }
}
