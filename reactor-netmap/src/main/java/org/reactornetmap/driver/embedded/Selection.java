package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/**
 * The rings a descriptor is bound to, {@code first} included and {@code last} excluded.
 *
 * @param txFirst first TX ring
 * @param txLast behind the last TX ring
 * @param rxFirst first RX ring
 * @param rxLast behind the last RX ring
 */
record Selection(int txFirst, int txLast, int rxFirst, int rxLast) {
    /** The mode a request comes down to: its own ring number goes before the spec's mode. */
    static RegisterMode mode(final OpenRequest request) {
        return request.ring() >= 0 ? RegisterMode.ONE_NIC : request.spec().mode();
    }

    /** As netmap_interp_ringid: a ring that exists in one direction only is ring 0 in the other. */
    static Selection of(final OpenRequest request, final Adapter adapter) {
        final PortSpec spec = request.spec();
        final boolean noTx = spec.flags().contains(RegisterFlag.RX_RINGS_ONLY);
        final boolean noRx = spec.flags().contains(RegisterFlag.TX_RINGS_ONLY);
        final int tx = adapter.ringCount(false);
        final int rx = adapter.ringCount(true);
        if (mode(request) != RegisterMode.ONE_NIC) {
            return new Selection(0, noTx ? 0 : tx, 0, noRx ? 0 : rx);
        }
        final int ring = request.ring() >= 0 ? request.ring() : spec.ringId();
        if (ring >= tx && ring >= rx) {
            throw NetmapErrnoException.of(
                    EmbeddedWorld.REGISTER,
                    spec.text(),
                    Errno.EINVAL,
                    "There is no ring " + ring + ": the port has " + tx + " TX and " + rx
                            + " RX rings, as many as whoever created it asked for.");
        }
        final int txRing = ring < tx ? ring : 0;
        final int rxRing = ring < rx ? ring : 0;
        return new Selection(txRing, noTx ? txRing : txRing + 1, rxRing, noRx ? rxRing : rxRing + 1);
    }

    int first(final boolean rx) {
        return rx ? rxFirst : txFirst;
    }

    int last(final boolean rx) {
        return rx ? rxLast : txLast;
    }
}
