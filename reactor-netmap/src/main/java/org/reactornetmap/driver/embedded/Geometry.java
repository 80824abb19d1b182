package org.reactornetmap.driver.embedded;

/**
 * How many rings a port has and how long they are.
 *
 * @param txRings TX rings
 * @param rxRings RX rings
 * @param txSlots slots of each TX ring
 * @param rxSlots slots of each RX ring
 */
record Geometry(int txRings, int rxRings, int txSlots, int rxSlots) {
    /** With defaults for what is 0, and cut to what a port may have: {@code nm_bound_var}. */
    Geometry bounded(
            final int defaultRings,
            final int maxRings,
            final int defaultTxSlots,
            final int defaultRxSlots,
            final int maxSlots) {
        return new Geometry(
                bounded(txRings, defaultRings, maxRings),
                bounded(rxRings, defaultRings, maxRings),
                bounded(txSlots, defaultTxSlots, maxSlots),
                bounded(rxSlots, defaultRxSlots, maxSlots));
    }

    private static int bounded(final int wanted, final int byDefault, final int max) {
        return Math.min(wanted != 0 ? wanted : byDefault, max);
    }

    int rings(final boolean rx) {
        return rx ? rxRings : txRings;
    }

    int slots(final boolean rx) {
        return rx ? rxSlots : txSlots;
    }
}
