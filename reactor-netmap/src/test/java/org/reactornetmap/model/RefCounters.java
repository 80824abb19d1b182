package org.reactornetmap.model;

import org.reactornetmap.driver.embedded.SwitchStatistics;

/** The model's account of one name in a switch. */
final class RefCounters {
    long received;
    long malformed;
    long noDestination;
    long copies;
    long delivered;
    long emptied;
    long ringFull;
    long closed;

    SwitchStatistics of(final String port) {
        return new SwitchStatistics(
                port, received, malformed, noDestination, copies, delivered, emptied, ringFull, closed);
    }
}
