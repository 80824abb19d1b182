package org.reactornetmap.driver.embedded;

import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * One direction of one ring pair of a pipe: a TX ring at one end and the RX ring at the other, of the same size, whose
 * slots name the same buffers. A slot belongs to the RX ring from the RX ring's hwcur to the TX ring's hwcur and to the
 * TX ring elsewhere.
 */
final class PipeLane {
    final PipeTxRing tx;
    final PipeRxRing rx;

    PipeLane(final String txEnd, final RingObject txRing, final String rxEnd, final RingObject rxRing) {
        final PipeTails tails = new PipeTails(txRing.ring().numSlots());
        this.tx = new PipeTxRing(txEnd, txRing, rxRing.memory(), tails);
        this.rx = new PipeRxRing(rxEnd, rxRing, txRing.memory(), tails);
        tx.receiver = rx;
        rx.sender = tx;
    }

    /** The buffer that a slot's owner has in it. */
    int ownedBuffer(final int slot) {
        final int n = tx.numSlots;
        final boolean received = RingMath.distance(rx.hwCur, slot, n) < RingMath.distance(rx.hwCur, tx.hwCur, n);
        final NetmapRing owner = received ? rx.ring : tx.ring;
        return NetmapSlotDescriptor.bufIdx(owner.slotWord(slot));
    }
}
