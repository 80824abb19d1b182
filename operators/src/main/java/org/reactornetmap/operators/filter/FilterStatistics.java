package org.reactornetmap.operators.filter;

/**
 * What a filter did with the packets (or frames) it received, over all its subscriptions: {@code received = matched +
 * rejected + dropped}.
 *
 * @param matched packets passed on
 * @param rejected packets released because the predicate said no
 * @param dropped packets released because the predicate threw, or because the stream had ended before
 */
public record FilterStatistics(long matched, long rejected, long dropped) {

    /** Nothing received yet. */
    public static final FilterStatistics ZERO = new FilterStatistics(0, 0, 0);

    /**
     * Adds another's packets.
     *
     * @param other the other
     * @return the sum
     */
    public FilterStatistics plus(FilterStatistics other) {
        return new FilterStatistics(matched + other.matched, rejected + other.rejected, dropped + other.dropped);
    }
}
