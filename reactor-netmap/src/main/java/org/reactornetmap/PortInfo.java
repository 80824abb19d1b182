package org.reactornetmap;

/**
 * The size of a port, as {@link NetmapAdmin#portInfo} found it.
 *
 * @param txRings TX rings of the NIC
 * @param rxRings RX rings of the NIC
 * @param hostTxRings TX rings to the host stack
 * @param hostRxRings RX rings from the host stack
 * @param txSlots slots of each TX ring
 * @param rxSlots slots of each RX ring
 * @param memId id of the memory that its rings and buffers are in
 * @param memBytes size of that memory
 */
public record PortInfo(
        int txRings,
        int rxRings,
        int hostTxRings,
        int hostRxRings,
        int txSlots,
        int rxSlots,
        int memId,
        long memBytes) {}
