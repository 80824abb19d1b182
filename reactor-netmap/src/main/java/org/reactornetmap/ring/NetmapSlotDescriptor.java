package org.reactornetmap.ring;

/**
 * Layout of {@code struct netmap_slot}, 16 bytes in native byte order.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------------------------------+
 * |                            buf_idx                            |  0
 * +-------------------------------+-------------------------------+
 * |              len              |             flags             |  4
 * +-------------------------------+-------------------------------+
 * |                              ptr                              |  8
 * |                                                               |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * The first eight bytes are read and written as one little-endian word, so that a slot costs one access.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14</a>
 */
public final class NetmapSlotDescriptor {
    /** Offset of {@code buf_idx}, u32. */
    public static final int BUF_IDX_OFFSET = 0;

    /** Offset of {@code len} in bytes, u16. */
    public static final int LEN_OFFSET = 4;

    /** Offset of {@code flags}, u16. */
    public static final int FLAGS_OFFSET = 6;

    /** Offset of {@code ptr}, u64. */
    public static final int PTR_OFFSET = 8;

    /** Size of a slot in bytes. */
    public static final int SLOT_LENGTH = 16;

    /** {@code buf_idx} was changed by user space. */
    public static final int NS_BUF_CHANGED = 0x0001;

    /** Asks the driver to report the completion of this slot at once. */
    public static final int NS_REPORT = 0x0002;

    /** Pass the packet on to the other side of a NIC's ring pair (host stack). */
    public static final int NS_FORWARD = 0x0004;

    /** VALE must not learn this source address; declared, without use in the kernel. */
    public static final int NS_NO_LEARN = 0x0008;

    /** {@code ptr} points to the data; VALE TX only. */
    public static final int NS_INDIRECT = 0x0010;

    /** The packet goes on in the next slot. */
    public static final int NS_MOREFRAG = 0x0020;

    /** A monitor saw this packet on a TX ring. */
    public static final int NS_TXMON = 0x0040;

    /** First buffer index that can hold data: 0 and 1 are reserved (netmap.c:1869). */
    public static final int FIRST_BUFFER = 2;

    private NetmapSlotDescriptor() {}

    /**
     * Extracts {@code buf_idx}.
     *
     * @param word first eight bytes of a slot
     * @return the index as the unsigned 32 bits it is: may be negative in Java if out of range
     */
    public static int bufIdx(final long word) {
        return (int) word;
    }

    /**
     * Extracts {@code len}.
     *
     * @param word first eight bytes of a slot
     * @return length in bytes, 0..65535
     */
    public static int len(final long word) {
        return (int) (word >>> 32) & 0xFFFF;
    }

    /**
     * Extracts {@code flags}.
     *
     * @param word first eight bytes of a slot
     * @return the flags, 0..65535
     */
    public static int flags(final long word) {
        return (int) (word >>> 48);
    }

    /**
     * Composes the first eight bytes of a slot.
     *
     * @param bufIdx buffer index
     * @param len length in bytes, 0..65535
     * @param flags {@code NS_…} bits, 0..65535
     * @return the word
     */
    public static long word(final int bufIdx, final int len, final int flags) {
        return (bufIdx & 0xFFFFFFFFL) | ((long) len << 32) | ((long) flags << 48);
    }
}
