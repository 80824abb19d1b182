package org.reactornetmap.driver.embedded;

import org.reactornetmap.ring.RingMath;

/** A TX ring of a VALE port. Its sync forwards or drops everything at once, so its sender never waits. */
final class ValeTxRing extends KernelRing {
    private final Forwarder forwarder;

    ValeTxRing(final String port, final RingObject object, final SwitchSeat seat, final ValeSwitches switches) {
        super(port, object);
        this.forwarder = new Forwarder(seat, this, switches);
    }

    @Override
    void move() {
        final int end = rHead;
        forwarder.forward(hwCur, end);
        hwCur = end;
        hwTail = RingMath.previous(end, numSlots);
    }

    @Override
    void notifyOtherSide() {}
}
