package org.reactornetmap.driver.embedded;

import java.util.concurrent.atomic.LongAdder;

/** What {@link InterfaceStatistics} shows. Any thread. */
final class InterfaceCounters {
    final LongAdder wireReceived = new LongAdder();
    final LongAdder ringReceived = new LongAdder();
    final LongAdder hostPassed = new LongAdder();
    final LongAdder ringFull = new LongAdder();
    final LongAdder oversize = new LongAdder();
    final LongAdder linkDown = new LongAdder();
    final LongAdder transmitted = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder unsent = new LongAdder();
    final LongAdder wireFull = new LongAdder();
    final LongAdder hostSent = new LongAdder();
    final LongAdder direct = new LongAdder();
    final LongAdder linkDownSent = new LongAdder();
    final LongAdder queued = new LongAdder();
    final LongAdder queueDropped = new LongAdder();
    final LongAdder hostReceived = new LongAdder();
    final LongAdder queuePurged = new LongAdder();
    final LongAdder raised = new LongAdder();
    final LongAdder notRaised = new LongAdder();
    final LongAdder hostFull = new LongAdder();

    InterfaceStatistics snapshot() {
        return new InterfaceStatistics(
                wireReceived.sum(),
                ringReceived.sum(),
                hostPassed.sum(),
                ringFull.sum(),
                oversize.sum(),
                linkDown.sum(),
                transmitted.sum(),
                malformed.sum(),
                unsent.sum(),
                wireFull.sum(),
                hostSent.sum(),
                direct.sum(),
                linkDownSent.sum(),
                queued.sum(),
                queueDropped.sum(),
                hostReceived.sum(),
                queuePurged.sum(),
                raised.sum(),
                notRaised.sum(),
                hostFull.sum());
    }
}
