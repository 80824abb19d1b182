package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;

/** The TX ring of a monitor, which cannot send: every sync and poll of it fails. netmap_monitor_txsync. */
final class MonitorTxRing extends KernelRing {
    MonitorTxRing(final String port, final RingObject object) {
        super(port, object);
        stop(Errno.EIO);
    }

    @Override
    void move() {}

    @Override
    void notifyOtherSide() {}
}
