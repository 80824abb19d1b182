package org.reactornetmap.ring;

/**
 * Layout of {@code struct netmap_if}: 56 bytes, then one {@code ring_ofs} (i64) for each ring, in the order NIC TX,
 * host TX, NIC RX, host RX. An offset counts from the {@code netmap_if}; 0 marks a ring this descriptor is not bound to.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                          ni_name[16]                          |   0
 * +-------------------------------+-------------------------------+
 * |          ni_version           |           ni_flags            |  16
 * +-------------------------------+-------------------------------+
 * |          ni_tx_rings          |          ni_rx_rings          |  24
 * +-------------------------------+-------------------------------+
 * |          ni_bufs_head         |       ni_host_tx_rings        |  32
 * +-------------------------------+-------------------------------+
 * |       ni_host_rx_rings        |           (spare)             |  40
 * +-------------------------------+-------------------------------+
 * |                       ring_ofs[0], …                          |  56
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14</a>
 */
public final class NetmapIfDescriptor {
    /** Offset of {@code ni_name}, 16 bytes, NUL-terminated. */
    public static final int NAME_OFFSET = 0;

    /** Length of {@code ni_name} in bytes. */
    public static final int NAME_LENGTH = 16;

    /** Offset of {@code ni_version}, u32. */
    public static final int VERSION_OFFSET = 16;

    /** Offset of {@code ni_flags}, u32. */
    public static final int FLAGS_OFFSET = 20;

    /** Offset of {@code ni_tx_rings}, u32. */
    public static final int TX_RINGS_OFFSET = 24;

    /** Offset of {@code ni_rx_rings}, u32. */
    public static final int RX_RINGS_OFFSET = 28;

    /** {@code ni_flags}: the memory is not the global one. */
    public static final int NI_PRIV_MEM = 0x1;

    /** Offset of {@code ni_bufs_head}, u32: first buffer of the extra list, 0 if none. */
    public static final int BUFS_HEAD_OFFSET = 32;

    /** Offset of {@code ni_host_tx_rings}, u32. */
    public static final int HOST_TX_RINGS_OFFSET = 36;

    /** Offset of {@code ni_host_rx_rings}, u32. */
    public static final int HOST_RX_RINGS_OFFSET = 40;

    /** Offset of {@code ring_ofs[0]}. */
    public static final int RING_OFS_OFFSET = 56;

    /** The API version these layouts were read from; 14..15 are accepted. */
    public static final int NETMAP_API = 14;

    /** The highest API version accepted. */
    public static final int NETMAP_MAX_API = 15;

    private NetmapIfDescriptor() {}

    /**
     * Offset of a {@code ring_ofs} entry.
     *
     * @param index entry, counted over NIC TX, host TX, NIC RX, host RX
     * @return offset in bytes
     */
    public static int ringOfsOffset(final int index) {
        return RING_OFS_OFFSET + index * Long.BYTES;
    }

    /**
     * Size of a {@code netmap_if}.
     *
     * @param rings number of rings of both directions, host rings included
     * @return size in bytes
     */
    public static int ifLength(final int rings) {
        return ringOfsOffset(rings);
    }
}
