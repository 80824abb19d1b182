package org.reactornetmap.driver.embedded;

/**
 * Which rings of a port a fault is on.
 *
 * @param tx TX rings
 * @param rx RX rings
 * @param ring one of them, -1 for all
 */
record FaultRings(boolean tx, boolean rx, int ring) {
    static final FaultRings ALL = new FaultRings(true, true, -1);

    boolean has(final boolean ofRx, final int ringId) {
        return (ofRx ? rx : tx) && (ring < 0 || ring == ringId);
    }

    @Override
    public String toString() {
        return (tx && rx ? "" : tx ? " TX" : " RX") + (ring < 0 ? "" : ring);
    }
}
