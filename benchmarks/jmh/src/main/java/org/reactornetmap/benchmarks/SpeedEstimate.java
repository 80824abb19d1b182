package org.reactornetmap.benchmarks;

import java.util.Arrays;

/**
 * The median of some measurements and where it may as well be. On a machine that is shared single runs may be far off, and
 * a mean would be, too.
 *
 * @param median of what was measured
 * @param low lower end of an interval that holds the true median with 95 % probability, or nearly so if they are few
 * @param high its upper end
 */
record SpeedEstimate(double median, double low, double high) {
    /** How many of the smallest, and of the largest, are outside, by number of measurements: quantiles of the binomial. */
    private static final int[] OUTSIDE = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3};

    static SpeedEstimate of(final double... values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int count = sorted.length;
        final int outside = OUTSIDE[Math.min(count, OUTSIDE.length - 1)];
        return new SpeedEstimate(
                (sorted[(count - 1) / 2] + sorted[count / 2]) / 2, sorted[outside], sorted[count - 1 - outside]);
    }
}
