package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.RegisterFlag;

/**
 * The rings a descriptor is bound to, {@code first} included and {@code last} excluded. Host rings are numbered behind
 * the NIC's.
 *
 * @param txFirst first TX ring
 * @param txLast behind the last TX ring
 * @param rxFirst first RX ring
 * @param rxLast behind the last RX ring
 */
record Selection(int txFirst, int txLast, int rxFirst, int rxLast) {

    /** As netmap_interp_ringid: a ring that exists in one direction only is ring 0 in the other. */
    static Selection of(final Registration request, final Adapter adapter) {
        final boolean tx = !request.has(RegisterFlag.RX_RINGS_ONLY);
        final boolean rx = !request.has(RegisterFlag.TX_RINGS_ONLY);
        if ((tx || rx) && usesHostRings(request) && adapter.hostRingCount(false) + adapter.hostRingCount(true) == 0) {
            throw request.refuse(
                    Errno.EINVAL,
                    adapter.name() + " has no host rings: leave out ^ and *, or name one ring pair by -NN.");
        }
        final int txFirst = tx ? first(request, adapter, false) : 0;
        final int rxFirst = rx ? first(request, adapter, true) : 0;
        return new Selection(
                txFirst,
                tx ? last(request, adapter, false, txFirst) : 0,
                rxFirst,
                rx ? last(request, adapter, true, rxFirst) : 0);
    }

    private static boolean usesHostRings(final Registration request) {
        return switch (request.mode) {
            case SW, NIC_SW, ONE_SW -> true;
            case ALL_NIC, ONE_NIC, NULL -> false;
        };
    }

    private static int first(final Registration request, final Adapter adapter, final boolean rx) {
        final int nic = adapter.ringCount(rx);
        return switch (request.mode) {
            case ALL_NIC, NULL, NIC_SW -> 0;
            case SW -> nic;
            case ONE_NIC -> oneOf(request, adapter.ringCount(false), adapter.ringCount(true), nic);
            case ONE_SW ->
                nic
                        + oneOf(
                                request,
                                adapter.hostRingCount(false),
                                adapter.hostRingCount(true),
                                adapter.hostRingCount(rx));
        };
    }

    private static int oneOf(final Registration request, final int tx, final int rx, final int here) {
        if (request.ringId >= tx && request.ringId >= rx) {
            throw request.refuse(
                    Errno.EINVAL,
                    "There is no ring " + request.ringId + ": the port has " + tx + " TX and " + rx
                            + " RX rings of this kind, as many as whoever created it asked for.");
        }
        return request.ringId < here ? request.ringId : 0;
    }

    private static int last(final Registration request, final Adapter adapter, final boolean rx, final int first) {
        final int nic = adapter.ringCount(rx);
        return switch (request.mode) {
            case ALL_NIC, NULL -> nic;
            case SW, NIC_SW -> nic + adapter.hostRingCount(rx);
            case ONE_NIC, ONE_SW -> first + 1;
        };
    }

    /** Whether it binds every TX ring of the NIC: {@code NAF_CAN_FORWARD_DOWN}. */
    boolean hasAllNicTx(final Adapter adapter) {
        return txFirst == 0 && txLast >= adapter.ringCount(false);
    }

    int first(final boolean rx) {
        return rx ? rxFirst : txFirst;
    }

    int last(final boolean rx) {
        return rx ? rxLast : txLast;
    }
}
