package org.reactornetmap.ring;

/**
 * Layout of {@code struct netmap_ring}: a header of 256 bytes, then {@code num_slots} slots.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                         buf_ofs  (i64)                        |   0
 * +-------------------------------+-------------------------------+
 * |           num_slots           |          nr_buf_size          |   8
 * +---------------+---------------+-------------------------------+
 * |    ringid     |      dir      |             head              |  16
 * +---------------+---------------+-------------------------------+
 * |              cur              |             tail              |  24
 * +-------------------------------+-------------------------------+
 * |             flags             |           (padding)           |  32
 * +-------------------------------+-------------------------------+
 * |                      ts.tv_sec   (i64)                        |  40
 * |                      ts.tv_usec  (i64)                        |  48
 * +---------------------------------------------------------------+
 * |                      offset_mask (u64)                        |  56
 * |                      buf_align   (u64)                        |  64
 * +---------------------------------------------------------------+
 * |                      sem[128], at 128                         | 128
 * +---------------------------------------------------------------+
 * |                      slot[0], slot[1], …                      | 256
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14</a>
 */
public final class NetmapRingDescriptor {
    /** Offset of {@code buf_ofs}, i64: from the ring to buffer 0. */
    public static final int BUF_OFS_OFFSET = 0;

    /** Offset of {@code num_slots}, u32. */
    public static final int NUM_SLOTS_OFFSET = 8;

    /** Offset of {@code nr_buf_size} in bytes, u32. */
    public static final int NR_BUF_SIZE_OFFSET = 12;

    /** Offset of {@code ringid}, u16. */
    public static final int RINGID_OFFSET = 16;

    /** Offset of {@code dir}, u16: 0 RX, 1 TX. (That is what netmap writes, {@code enum txrx}; the comment in netmap.h has it the other way round.) */
    public static final int DIR_OFFSET = 18;

    /** Offset of {@code head}, u32. */
    public static final int HEAD_OFFSET = 20;

    /** Offset of {@code cur}, u32. */
    public static final int CUR_OFFSET = 24;

    /** Offset of {@code tail}, u32. */
    public static final int TAIL_OFFSET = 28;

    /** Offset of {@code flags}, u32. */
    public static final int FLAGS_OFFSET = 32;

    /** Offset of {@code ts.tv_sec}, i64. */
    public static final int TS_SEC_OFFSET = 40;

    /** Offset of {@code ts.tv_usec}, i64. */
    public static final int TS_USEC_OFFSET = 48;

    /** Offset of {@code offset_mask}, u64. */
    public static final int OFFSET_MASK_OFFSET = 56;

    /** Offset of {@code buf_align}, u64. */
    public static final int BUF_ALIGN_OFFSET = 64;

    /** Offset of {@code sem}, 128 bytes. */
    public static final int SEM_OFFSET = 128;

    /** Offset of {@code slot[0]}. */
    public static final int SLOTS_OFFSET = 256;

    /** {@code dir} of a TX ring. */
    public static final int DIR_TX = 1;

    /** {@code dir} of an RX ring. */
    public static final int DIR_RX = 0;

    /** Set {@code ts} on every sync of an RX ring. */
    public static final int NR_TIMESTAMP = 0x0002;

    /** Forward slots marked {@code NS_FORWARD}. */
    public static final int NR_FORWARD = 0x0004;

    private NetmapRingDescriptor() {}

    /**
     * Offset of a slot from the ring's start.
     *
     * @param index slot, 0..num_slots-1
     * @return offset in bytes
     */
    public static int slotOffset(final int index) {
        return SLOTS_OFFSET + index * NetmapSlotDescriptor.SLOT_LENGTH;
    }

    /**
     * Size of a ring.
     *
     * @param numSlots number of slots
     * @return size in bytes, header included
     */
    public static int ringLength(final int numSlots) {
        return slotOffset(numSlots);
    }
}
