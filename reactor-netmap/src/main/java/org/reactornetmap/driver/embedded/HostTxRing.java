package org.reactornetmap.driver.embedded;

import org.reactornetmap.ring.RingMath;

/** A host TX ring: everything in it goes up to the host stack at once. {@code netmap_txsync_to_host}. */
final class HostTxRing extends KernelRing {
    private final Nic nic;

    HostTxRing(final String port, final RingObject object, final Nic nic) {
        super(port, object);
        this.nic = nic;
    }

    @Override
    void move() {
        HostForwarding.up(this, nic, true);
        hwCur = rHead;
        hwTail = RingMath.previous(rHead, numSlots);
    }

    @Override
    void notifyOtherSide() {}
}
