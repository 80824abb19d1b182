package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_option}: what every option begins with. 24 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                         nro_next (u64)                        |   0
 * +---------------------------------------------------------------+
 * |          nro_reqtype          |           nro_status          |   8
 * +---------------------------------------------------------------+
 * |                         nro_size (u64)                        |  16
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqOptionDescriptor {
    /** Offset of {@code nro_next}, u64: address of the next option, 0 for the last. */
    public static final int NEXT_OFFSET = 0;

    /** Offset of {@code nro_reqtype}, u32: what option it is. */
    public static final int REQTYPE_OFFSET = 8;

    /** Offset of {@code nro_status}, u32: out: an error number, 0 if the option was honoured. */
    public static final int STATUS_OFFSET = 12;

    /** Offset of {@code nro_size}, u64: bytes of an option whose size is not fixed, this header included. */
    public static final int SIZE_OFFSET = 16;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 24;

    /** {@code nro_reqtype} of {@link NmreqOptExtmemDescriptor}. */
    public static final int EXTMEM = 1;

    /** {@code nro_reqtype} of {@code nmreq_opt_sync_kloop_eventfds}: a header and two file descriptors for each ring. */
    public static final int SYNC_KLOOP_EVENTFDS = 2;

    /** {@code nro_reqtype} of {@link NmreqOptCsbDescriptor}. */
    public static final int CSB = 3;

    /** {@code nro_reqtype} of {@code nmreq_opt_sync_kloop_mode}: a header and a word of mode bits. */
    public static final int SYNC_KLOOP_MODE = 4;

    /** {@code nro_reqtype} of {@link NmreqOptOffsetsDescriptor}. */
    public static final int OFFSETS = 5;

    /** {@code NETMAP_REQ_OPT_MAX}: the first {@code nro_reqtype} that netmap does not know. */
    public static final int MAX = 6;

    private NmreqOptionDescriptor() {}
}
