package org.reactornetmap.flow;

/**
 * Counters of one RX ring, as published at the end of the last burst. In any quiet moment
 * {@code received = released + reclaimed + held}; after a close, {@code held} is 0 and the packets it revoked are in
 * {@link CloseReport#revoked()}.
 *
 * @param ring the ring's number
 * @param received packets emitted
 * @param bytes their bytes
 * @param released packets whose last owner released them
 * @param held packets emitted and not yet back
 * @param reclaimed packets that came back because they became unreachable
 * @param malformed slots or packets not emitted because an index or a length did not fit
 * @param empty slots of length 0, which hold no packet and are not emitted: a VALE switch may leave some behind
 * @param swapped packets whose slot got a spare buffer
 * @param forwarded packets passed on between NIC and host, those included that came while nobody subscribed
 * @param ignoredReleases releases of packets that were released already
 * @param syncs RX syncs after which the ring had something to emit
 * @param stalledNanos time for which held packets stopped the ring while there was demand
 * @param occupancy slots that wait for demand
 * @param slots slots of the ring
 */
public record RxStatistics(
        int ring,
        long received,
        long bytes,
        long released,
        long held,
        long reclaimed,
        long malformed,
        long empty,
        long swapped,
        long forwarded,
        long ignoredReleases,
        long syncs,
        long stalledNanos,
        int occupancy,
        int slots) {}
