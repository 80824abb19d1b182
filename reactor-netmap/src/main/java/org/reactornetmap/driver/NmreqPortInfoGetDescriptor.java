package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_port_info_get}: the body of {@link RequestType#PORT_INFO_GET}. 32 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                        nr_memsize (u64)                       |   0
 * +---------------------------------------------------------------+
 * |          nr_tx_slots          |          nr_rx_slots          |   8
 * +---------------------------------------------------------------+
 * |  nr_tx_rings  |  nr_rx_rings  | host_tx_rings | host_rx_rings |  16
 * +---------------------------------------------------------------+
 * |   nr_mem_id   |                   (padding)                   |  24
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqPortInfoGetDescriptor {
    /** Offset of {@code nr_memsize}, u64: out: size of the region, bytes. */
    public static final int MEMSIZE_OFFSET = 0;

    /** Offset of {@code nr_tx_slots}, u32: slots of each TX ring, in and out. */
    public static final int TX_SLOTS_OFFSET = 8;

    /** Offset of {@code nr_rx_slots}, u32: slots of each RX ring, in and out. */
    public static final int RX_SLOTS_OFFSET = 12;

    /** Offset of {@code nr_tx_rings}, u16: NIC TX rings, in and out. */
    public static final int TX_RINGS_OFFSET = 16;

    /** Offset of {@code nr_rx_rings}, u16: NIC RX rings, in and out. */
    public static final int RX_RINGS_OFFSET = 18;

    /** Offset of {@code nr_host_tx_rings}, u16: host TX rings, in and out. */
    public static final int HOST_TX_RINGS_OFFSET = 20;

    /** Offset of {@code nr_host_rx_rings}, u16: host RX rings, in and out. */
    public static final int HOST_RX_RINGS_OFFSET = 22;

    /** Offset of {@code nr_mem_id}, u16: id of the memory, in and out. */
    public static final int MEM_ID_OFFSET = 24;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 32;

    private NmreqPortInfoGetDescriptor() {}
}
