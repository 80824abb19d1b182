package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_register}: the body of {@link RequestType#REGISTER}. 56 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                        nr_offset (u64)                        |   0
 * +---------------------------------------------------------------+
 * |                        nr_memsize (u64)                       |   8
 * +---------------------------------------------------------------+
 * |          nr_tx_slots          |          nr_rx_slots          |  16
 * +---------------------------------------------------------------+
 * |  nr_tx_rings  |  nr_rx_rings  | host_tx_rings | host_rx_rings |  24
 * +---------------------------------------------------------------+
 * |   nr_mem_id   |   nr_ringid   |            nr_mode            |  32
 * +---------------------------------------------------------------+
 * |         nr_extra_bufs         |           (padding)           |  40
 * +---------------------------------------------------------------+
 * |                         nr_flags (u64)                        |  48
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqRegisterDescriptor {
    /** Offset of {@code nr_offset}, u64: out: where the {@code netmap_if} is in the region, bytes. */
    public static final int OFFSET_OFFSET = 0;

    /** Offset of {@code nr_memsize}, u64: out: size of the region, bytes. */
    public static final int MEMSIZE_OFFSET = 8;

    /** Offset of {@code nr_tx_slots}, u32: slots of each TX ring, in and out. */
    public static final int TX_SLOTS_OFFSET = 16;

    /** Offset of {@code nr_rx_slots}, u32: slots of each RX ring, in and out. */
    public static final int RX_SLOTS_OFFSET = 20;

    /** Offset of {@code nr_tx_rings}, u16: NIC TX rings, in and out. */
    public static final int TX_RINGS_OFFSET = 24;

    /** Offset of {@code nr_rx_rings}, u16: NIC RX rings, in and out. */
    public static final int RX_RINGS_OFFSET = 26;

    /** Offset of {@code nr_host_tx_rings}, u16: host TX rings, in and out. */
    public static final int HOST_TX_RINGS_OFFSET = 28;

    /** Offset of {@code nr_host_rx_rings}, u16: host RX rings, in and out. */
    public static final int HOST_RX_RINGS_OFFSET = 30;

    /** Offset of {@code nr_mem_id}, u16: id of the memory, in and out; 0 asks for no certain one. */
    public static final int MEM_ID_OFFSET = 32;

    /** Offset of {@code nr_ringid}, u16: the ring of {@link RegisterMode#ONE_NIC} and {@link RegisterMode#ONE_SW}. */
    public static final int RINGID_OFFSET = 34;

    /** Offset of {@code nr_mode}, u32: one of {@link RegisterMode}. */
    public static final int MODE_OFFSET = 36;

    /** Offset of {@code nr_extra_bufs}, u32: extra buffers wanted, out: granted. */
    public static final int EXTRA_BUFS_OFFSET = 40;

    /** Offset of {@code nr_flags}, u64: bits of {@link RegisterFlag}. */
    public static final int FLAGS_OFFSET = 48;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 56;

    private NmreqRegisterDescriptor() {}
}
