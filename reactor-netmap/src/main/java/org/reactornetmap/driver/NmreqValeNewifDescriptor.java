package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_vale_newif}: the body of {@link RequestType#VALE_NEWIF}. 16 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |          nr_tx_slots          |          nr_rx_slots          |   0
 * +---------------------------------------------------------------+
 * |  nr_tx_rings  |  nr_rx_rings  |   nr_mem_id   |   (padding)   |   8
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqValeNewifDescriptor {
    /** Offset of {@code nr_tx_slots}, u32: slots of each TX ring, in and out. */
    public static final int TX_SLOTS_OFFSET = 0;

    /** Offset of {@code nr_rx_slots}, u32: slots of each RX ring, in and out. */
    public static final int RX_SLOTS_OFFSET = 4;

    /** Offset of {@code nr_tx_rings}, u16: TX rings, in and out. */
    public static final int TX_RINGS_OFFSET = 8;

    /** Offset of {@code nr_rx_rings}, u16: RX rings, in and out. */
    public static final int RX_RINGS_OFFSET = 10;

    /** Offset of {@code nr_mem_id}, u16: id of the memory, in and out. */
    public static final int MEM_ID_OFFSET = 12;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 16;

    private NmreqValeNewifDescriptor() {}
}
