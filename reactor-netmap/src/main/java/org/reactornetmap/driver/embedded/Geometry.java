package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortOption;

/**
 * How many rings a port has and how long they are.
 *
 * @param txRings TX rings
 * @param rxRings RX rings
 * @param txSlots slots of each TX ring
 * @param rxSlots slots of each RX ring
 */
record Geometry(int txRings, int rxRings, int txSlots, int rxSlots) {
    /** What a request asks for: its own numbers, else those of its {@code @conf}, else 0. */
    static Geometry requested(final OpenRequest request) {
        final PortOption.Conf conf =
                request.spec().option(PortOption.Conf.class).orElse(PortOption.Conf.DEFAULT);
        return new Geometry(
                firstSet(request.txRings(), conf.txRings()),
                firstSet(request.rxRings(), conf.rxRings()),
                firstSet(request.txSlots(), conf.txSlots()),
                firstSet(request.rxSlots(), conf.rxSlots()));
    }

    private static int firstSet(final int first, final int second) {
        return first != 0 ? first : second;
    }

    /** With defaults for what is 0, and cut to what a port may have. */
    Geometry bounded(final int defaultRings, final int maxRings, final int defaultSlots, final int maxSlots) {
        return new Geometry(
                Math.min(firstSet(txRings, defaultRings), maxRings),
                Math.min(firstSet(rxRings, defaultRings), maxRings),
                Math.min(firstSet(txSlots, defaultSlots), maxSlots),
                Math.min(firstSet(rxSlots, defaultSlots), maxSlots));
    }
}
