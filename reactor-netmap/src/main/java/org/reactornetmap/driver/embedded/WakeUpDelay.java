package org.reactornetmap.driver.embedded;

import java.util.function.LongSupplier;

/** A port is ready, and the poll that found it shall not know yet. The poller's thread. */
final class WakeUpDelay {
    private final Fault fault;
    private final FaultKind.Delay much;
    private final long firstPoll;
    private final LongSupplier clock;
    private final long since;

    WakeUpDelay(final Fault fault, final FaultKind.Delay much, final long firstPoll, final LongSupplier clock) {
        this.fault = fault;
        this.much = much;
        this.firstPoll = firstPoll;
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    /** Whether it waits for polls, not for time. */
    boolean isInPolls() {
        return much.polls() > 0;
    }

    boolean isOver(final long polls) {
        return fault.isCleared() || (polls - firstPoll >= much.polls() && clock.getAsLong() - since >= much.nanos());
    }
}
