package org.reactornetmap.flow;

/**
 * What a send did. {@code sent = swapped + copied}.
 *
 * @param sent packets that the kernel accepted
 * @param bytes their bytes
 * @param swapped packets sent by exchanging buffers
 * @param copied packets sent by copying
 * @param rejected empty or oversize frames, not sent
 * @param dropped packets not sent because the port they came from was closed meanwhile
 * @param pending packets accepted, not yet confirmed by tail
 */
public record TxReport(long sent, long bytes, long swapped, long copied, long rejected, long dropped, long pending) {
    /** A report of nothing. */
    public static final TxReport EMPTY = new TxReport(0, 0, 0, 0, 0, 0, 0);

    /**
     * Adds another report.
     *
     * @param other the other
     * @return the sum
     */
    public TxReport plus(final TxReport other) {
        return new TxReport(
                sent + other.sent,
                bytes + other.bytes,
                swapped + other.swapped,
                copied + other.copied,
                rejected + other.rejected,
                dropped + other.dropped,
                pending + other.pending);
    }
}
