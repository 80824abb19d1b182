package org.reactornetmap.flow;

import java.util.concurrent.TimeUnit;

/**
 * The time of a caller that waits for loops whose work it does itself. A loop's clock that stands still while nothing is
 * left to do would never reach the deadline that is waited for: the only one who could move it waits here.
 */
final class PumpedTime {
    private static final long STANDSTILL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long start = System.nanoTime();
    private final long timeoutNs;
    private long idleSince = start;
    private long loopTime = Long.MIN_VALUE;

    PumpedTime(final long timeoutNs) {
        this.timeoutNs = timeoutNs;
    }

    boolean isOver() {
        return System.nanoTime() - start >= timeoutNs;
    }

    /** After a round of work: moves the loop's time on if it stands still. */
    void passes(final NetmapLoop loop, final int done) {
        if (!loop.hasOwnClock()) {
            return;
        }
        final long seen = loop.nanoTime();
        if (done > 0 || seen != loopTime) {
            loopTime = seen;
            idleSince = System.nanoTime();
        } else if (System.nanoTime() - idleSince >= STANDSTILL_NS) {
            loop.jumpToNextDeadline();
        }
    }
}
