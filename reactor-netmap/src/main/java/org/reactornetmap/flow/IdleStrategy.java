package org.reactornetmap.flow;

/** What a loop does when it found no work. */
public enum IdleStrategy {
    /** Sleeps in {@code poll} until a ring is ready, a message comes or a timer is due. The default. */
    POLL,
    /** Looks again at once: lowest latency, a whole core. */
    BUSY_SPIN,
    /** Looks again for 50 µs, then sleeps in {@code poll}. */
    SPIN_THEN_POLL
}
