package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_pools_info}: the body of {@link RequestType#POOLS_INFO_GET}. 64 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                        nr_memsize (u64)                       |   0
 * +---------------------------------------------------------------+
 * |   nr_mem_id   |                   (padding)                   |   8
 * +---------------------------------------------------------------+
 * |                    nr_if_pool_offset (u64)                    |  16
 * +---------------------------------------------------------------+
 * |      nr_if_pool_objtotal      |       nr_if_pool_objsize      |  24
 * +---------------------------------------------------------------+
 * |                   nr_ring_pool_offset (u64)                   |  32
 * +---------------------------------------------------------------+
 * |     nr_ring_pool_objtotal     |      nr_ring_pool_objsize     |  40
 * +---------------------------------------------------------------+
 * |                    nr_buf_pool_offset (u64)                   |  48
 * +---------------------------------------------------------------+
 * |      nr_buf_pool_objtotal     |      nr_buf_pool_objsize      |  56
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqPoolsInfoDescriptor {
    /** Offset of {@code nr_memsize}, u64: size of the region, bytes. */
    public static final int MEMSIZE_OFFSET = 0;

    /** Offset of {@code nr_mem_id}, u16: id of the memory, in and out. */
    public static final int MEM_ID_OFFSET = 8;

    /** Offset of {@code nr_if_pool_offset}, u64: where the {@code netmap_if}s begin, bytes. */
    public static final int IF_POOL_OFFSET_OFFSET = 16;

    /** Offset of {@code nr_if_pool_objtotal}, u32: how many there are. */
    public static final int IF_POOL_OBJTOTAL_OFFSET = 24;

    /** Offset of {@code nr_if_pool_objsize}, u32: bytes of each. */
    public static final int IF_POOL_OBJSIZE_OFFSET = 28;

    /** Offset of {@code nr_ring_pool_offset}, u64: where the rings begin, bytes. */
    public static final int RING_POOL_OFFSET_OFFSET = 32;

    /** Offset of {@code nr_ring_pool_objtotal}, u32: how many there are. */
    public static final int RING_POOL_OBJTOTAL_OFFSET = 40;

    /** Offset of {@code nr_ring_pool_objsize}, u32: bytes of each. */
    public static final int RING_POOL_OBJSIZE_OFFSET = 44;

    /** Offset of {@code nr_buf_pool_offset}, u64: where the buffers begin, bytes. */
    public static final int BUF_POOL_OFFSET_OFFSET = 48;

    /** Offset of {@code nr_buf_pool_objtotal}, u32: how many there are, the two reserved ones included. */
    public static final int BUF_POOL_OBJTOTAL_OFFSET = 56;

    /** Offset of {@code nr_buf_pool_objsize}, u32: bytes of each. */
    public static final int BUF_POOL_OBJSIZE_OFFSET = 60;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 64;

    private NmreqPoolsInfoDescriptor() {}
}
