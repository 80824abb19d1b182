package org.reactornetmap.driver;

/**
 * What to register: a port spec and what the spec's text does not say. 0 means "the driver's default".
 *
 * @param spec the port
 * @param ring -1: the rings the spec names; otherwise only this ring pair, as {@code NR_REG_ONE_NIC}
 * @param txRings TX rings wanted of a port that is created by opening it; 0..256
 * @param rxRings RX rings wanted, likewise
 * @param txSlots slots of each TX ring wanted, likewise
 * @param rxSlots slots of each RX ring wanted, likewise
 * @param extraBuffers extra buffers wanted, -1: one for each slot of the RX rings it binds to; the grant may be smaller
 */
public record OpenRequest(
        PortSpec spec, int ring, int txRings, int rxRings, int txSlots, int rxSlots, int extraBuffers) {
    /**
     * Checks the ranges.
     *
     * @param spec the port
     * @param ring -1, or one ring pair
     * @param txRings TX rings wanted
     * @param rxRings RX rings wanted
     * @param txSlots slots of each TX ring
     * @param rxSlots slots of each RX ring
     * @param extraBuffers extra buffers wanted, or -1
     * @throws IllegalArgumentException if a number is out of range, naming it
     */
    public OpenRequest {
        check("ring", ring, -1, 65535);
        check("txRings", txRings, 0, 256);
        check("rxRings", rxRings, 0, 256);
        check("txSlots", txSlots, 0, 1 << 16);
        check("rxSlots", rxSlots, 0, 1 << 16);
        check("extraBuffers", extraBuffers, -1, 1 << 24);
    }

    /**
     * A request with every default.
     *
     * @param spec the port
     * @return the request
     */
    public static OpenRequest of(final PortSpec spec) {
        return new OpenRequest(spec, -1, 0, 0, 0, 0, 0);
    }

    /**
     * The same for one ring pair only.
     *
     * @param ringId the ring
     * @return a copy
     */
    public OpenRequest withRing(final int ringId) {
        return new OpenRequest(spec, ringId, txRings, rxRings, txSlots, rxSlots, extraBuffers);
    }

    private static void check(final String name, final int value, final int min, final int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ": expected " + min + ".." + max);
        }
    }
}
