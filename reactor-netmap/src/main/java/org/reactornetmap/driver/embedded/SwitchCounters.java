package org.reactornetmap.driver.embedded;

import java.util.concurrent.atomic.LongAdder;

/** What happened to the packets of one port of a switch. Added to once a flush, by any thread. */
final class SwitchCounters {
    final LongAdder received = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder noDestination = new LongAdder();
    final LongAdder copies = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder emptied = new LongAdder();
    final LongAdder ringFull = new LongAdder();
    final LongAdder closed = new LongAdder();

    private volatile boolean inSwitch;

    /** Whether a port of this name is in a switch now. */
    boolean isInSwitch() {
        return inSwitch;
    }

    void inSwitch(final boolean isInSwitch) {
        inSwitch = isInSwitch;
    }

    SwitchStatistics snapshot(final String port) {
        return new SwitchStatistics(
                port,
                received.sum(),
                malformed.sum(),
                noDestination.sum(),
                copies.sum(),
                delivered.sum(),
                emptied.sum(),
                ringFull.sum(),
                closed.sum());
    }
}
