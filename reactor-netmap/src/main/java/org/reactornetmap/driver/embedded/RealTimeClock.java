package org.reactornetmap.driver.embedded;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The time of day in nanoseconds without an allocation for each call: {@link System#nanoTime()} plus an offset that is
 * measured again every second. Any thread; two threads may both measure, which does no harm.
 */
final class RealTimeClock implements LongSupplier {
    private static final long REMEASURE_NS = 1_000_000_000L;

    private volatile Offset offset = Offset.measure();

    @Override
    public long getAsLong() {
        final long now = System.nanoTime();
        final Offset measured = offset;
        if (now - measured.at < REMEASURE_NS) {
            return now + measured.toEpoch;
        }
        final Offset fresh = Offset.measure();
        offset = fresh;
        return fresh.at + fresh.toEpoch;
    }

    private record Offset(long at, long toEpoch) {
        static Offset measure() {
            final Instant instant = Instant.now();
            final long at = System.nanoTime();
            return new Offset(at, instant.getEpochSecond() * 1_000_000_000L + instant.getNano() - at);
        }
    }
}
