package org.reactornetmap;

/**
 * The size of a persistent VALE port, asked for by {@link NetmapAdmin#newInterface} or granted. 0 leaves a number to
 * netmap. Immutable.
 *
 * @param txRings TX rings, 0..65535
 * @param rxRings RX rings, 0..65535
 * @param txSlots slots of each TX ring
 * @param rxSlots slots of each RX ring
 * @param memId id of the memory to make rings and buffers in, 0..65535; 0: one of its own
 */
public record InterfaceOptions(int txRings, int rxRings, int txSlots, int rxSlots, int memId) {
    private static final InterfaceOptions DEFAULTS = new InterfaceOptions(0, 0, 0, 0, 0);
    private static final int U16 = 65_535;

    /**
     * Checks the ranges.
     *
     * @param txRings TX rings
     * @param rxRings RX rings
     * @param txSlots slots of each TX ring
     * @param rxSlots slots of each RX ring
     * @param memId id of the memory
     * @throws IllegalArgumentException if a number is out of range, naming it
     */
    public InterfaceOptions {
        check("txRings", txRings, U16);
        check("rxRings", rxRings, U16);
        check("txSlots", txSlots, Integer.MAX_VALUE);
        check("rxSlots", rxSlots, Integer.MAX_VALUE);
        check("memId", memId, U16);
    }

    /**
     * Everything left to netmap: one ring each way, of 1024 slots, in a memory of its own.
     *
     * @return the defaults
     */
    public static InterfaceOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the number of rings each way.
     *
     * @param count 0..65535; netmap makes at most 16
     * @return a copy
     */
    public InterfaceOptions withRings(final int count) {
        return new InterfaceOptions(count, count, txSlots, rxSlots, memId);
    }

    /**
     * Sets the slots of every ring.
     *
     * @param count 0 or more; netmap makes at most 4096
     * @return a copy
     */
    public InterfaceOptions withSlots(final int count) {
        return new InterfaceOptions(txRings, rxRings, count, count, memId);
    }

    /**
     * Sets the memory, so that ports in the same one exchange buffers instead of copying.
     *
     * @param id 0..65535; 1 is the global memory
     * @return a copy
     */
    public InterfaceOptions withMemory(final int id) {
        return new InterfaceOptions(txRings, rxRings, txSlots, rxSlots, id);
    }

    private static void check(final String name, final int value, final int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ": expected 0.." + max);
        }
    }
}
