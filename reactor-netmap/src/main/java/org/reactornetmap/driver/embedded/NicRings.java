package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The rings of an interface that are in netmap mode, as those see them who send or receive beside netmap. Never changed:
 * a new one is published.
 *
 * @param bufSize bytes of a netmap buffer
 * @param tx the NIC's TX rings, null for one that nobody has open
 * @param rx the NIC's RX rings
 * @param hostRx the host RX rings
 * @param queues what the host stack sent, for each host RX ring; none while the interface is not in netmap mode
 */
@SuppressWarnings("ArrayRecordComponent") // indexed for each frame
record NicRings(
        int bufSize,
        @Nullable NicTxRing[] tx,
        @Nullable NicRxRing[] rx,
        @Nullable HostRxRing[] hostRx,
        HostQueue[] queues) {
    /** Nothing is in netmap mode. */
    static final NicRings OFF =
            new NicRings(0, new NicTxRing[0], new NicRxRing[0], new HostRxRing[0], new HostQueue[0]);

    @Nullable
    NicRxRing rx(final int queue) {
        return rx.length == 0 ? null : rx[queue % rx.length];
    }

    /** Whether the TX ring that a queue belongs to is in netmap mode. */
    boolean hasTx(final int queue) {
        return tx.length != 0 && tx[queue % tx.length] != null;
    }

    @Nullable
    HostQueue hostQueue(final int queue) {
        return queues.length == 0 ? null : queues[queue % queues.length];
    }

    @Nullable
    HostRxRing hostRx(final int queue) {
        return hostRx.length == 0 ? null : hostRx[queue % hostRx.length];
    }
}
