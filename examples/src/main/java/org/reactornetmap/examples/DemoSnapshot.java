package org.reactornetmap.examples;

import java.util.List;

/**
 * Counters of a running {@link DemoPipeline}, each since its start.
 *
 * @param nanos time since the start
 * @param generated packets
 * @param filtered packets
 * @param counted packets that the sink counted
 * @param rings one entry for each ring number
 * @param lanes one entry for each lane
 */
record DemoSnapshot(long nanos, long generated, long filtered, long counted, List<Ring> rings, List<Lane> lanes) {

    /** RX ring i of the port that receives and TX ring i of the one that transmits. */
    record Ring(
            long received,
            long receivedBytes,
            int waiting,
            int slots,
            long sent,
            long sentBytes,
            long syncs,
            int free) {}

    record Lane(long passed, long bytes, long queued) {}

    long received() {
        return rings.stream().mapToLong(Ring::received).sum();
    }

    long receivedBytes() {
        return rings.stream().mapToLong(Ring::receivedBytes).sum();
    }

    long sent() {
        return rings.stream().mapToLong(Ring::sent).sum();
    }

    long sentBytes() {
        return rings.stream().mapToLong(Ring::sentBytes).sum();
    }
}
