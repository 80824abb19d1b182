package org.reactornetmap.driver;

import java.util.Set;

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
 * @param moreFlags flags that the spec's text has no letter for, such as {@link RegisterFlag#NO_TX_POLL}
 */
public record OpenRequest(
        PortSpec spec,
        int ring,
        int txRings,
        int rxRings,
        int txSlots,
        int rxSlots,
        int extraBuffers,
        Set<RegisterFlag> moreFlags) {
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
     * @param moreFlags flags beyond the spec's
     * @throws IllegalArgumentException if a number is out of range, naming it
     */
    public OpenRequest {
        check("ring", ring, -1, 65535);
        check("txRings", txRings, 0, 256);
        check("rxRings", rxRings, 0, 256);
        check("txSlots", txSlots, 0, 1 << 16);
        check("rxSlots", rxSlots, 0, 1 << 16);
        check("extraBuffers", extraBuffers, -1, 1 << 24);
        moreFlags = Set.copyOf(moreFlags);
    }

    /**
     * A request without further flags.
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
    public OpenRequest(
            final PortSpec spec,
            final int ring,
            final int txRings,
            final int rxRings,
            final int txSlots,
            final int rxSlots,
            final int extraBuffers) {
        this(spec, ring, txRings, rxRings, txSlots, rxSlots, extraBuffers, Set.of());
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
        return new OpenRequest(spec, ringId, txRings, rxRings, txSlots, rxSlots, extraBuffers, moreFlags);
    }

    /**
     * The same with these flags beyond the spec's.
     *
     * @param flags for example {@link RegisterFlag#NO_TX_POLL}
     * @return a copy
     */
    public OpenRequest withFlags(final RegisterFlag... flags) {
        return new OpenRequest(spec, ring, txRings, rxRings, txSlots, rxSlots, extraBuffers, Set.of(flags));
    }

    /**
     * What a driver registers: {@code nr_flags}.
     *
     * @return the bits of the spec's flags and of {@link #moreFlags()}
     */
    public long flagBits() {
        return spec.flagBits() | RegisterFlag.bitsOf(moreFlags);
    }

    private static void check(final String name, final int value, final int min, final int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ": expected " + min + ".." + max);
        }
    }
}
