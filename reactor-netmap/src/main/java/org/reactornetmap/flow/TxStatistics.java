package org.reactornetmap.flow;

/**
 * Counters of one TX ring, as published at the end of the last burst.
 *
 * @param ring the ring's number
 * @param sent packets put into slots
 * @param bytes their bytes
 * @param swapped packets sent by exchanging buffers
 * @param copied packets sent by copying
 * @param rejected empty or oversize frames
 * @param dropped packets dropped because the port they came from was closed
 * @param syncs TX syncs that carried packets of this ring
 * @param space free slots
 * @param slots slots of the ring
 */
public record TxStatistics(
        int ring,
        long sent,
        long bytes,
        long swapped,
        long copied,
        long rejected,
        long dropped,
        long syncs,
        int space,
        int slots) {}
