package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_opt_offsets}: an option of {@link RequestType#REGISTER}: frames that begin inside their buffers. 56 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                       nro_opt (24 bytes)                      |   0
 * +---------------------------------------------------------------+
 * |                      nro_max_offset (u64)                     |  24
 * +---------------------------------------------------------------+
 * |                    nro_initial_offset (u64)                   |  32
 * +---------------------------------------------------------------+
 * |        nro_offset_bits        |          nro_tx_align         |  40
 * +---------------------------------------------------------------+
 * |                       nro_min_gap (u64)                       |  48
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqOptOffsetsDescriptor {
    /** Offset of {@code nro_opt}, 24 bytes: the {@link NmreqOptionDescriptor header}. */
    public static final int OPT_OFFSET = 0;

    /** Offset of {@code nro_max_offset}, u64: largest offset, in and out, bytes. */
    public static final int MAX_OFFSET_OFFSET = 24;

    /** Offset of {@code nro_initial_offset}, u64: first offset of every slot, bytes. */
    public static final int INITIAL_OFFSET_OFFSET = 32;

    /** Offset of {@code nro_offset_bits}, u32: low bits of a slot's {@code ptr} that hold the offset; 0: all. */
    public static final int OFFSET_BITS_OFFSET = 40;

    /** Offset of {@code nro_tx_align}, u32: alignment of a frame's start in a TX slot, bytes. */
    public static final int TX_ALIGN_OFFSET = 44;

    /** Offset of {@code nro_min_gap}, u64: reserved: 0. */
    public static final int MIN_GAP_OFFSET = 48;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 56;

    private NmreqOptOffsetsDescriptor() {}
}
