package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_header}: what every {@code NIOCCTRL} passes. 88 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |   nr_version  |   nr_reqtype  |          nr_reserved          |   0
 * +---------------------------------------------------------------+
 * |                       nr_name (64 bytes)                      |   8
 * +---------------------------------------------------------------+
 * |                        nr_options (u64)                       |  72
 * +---------------------------------------------------------------+
 * |                         nr_body (u64)                         |  80
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqHeaderDescriptor {
    /** Offset of {@code nr_version}, u16: API version of the caller. */
    public static final int VERSION_OFFSET = 0;

    /** Offset of {@code nr_reqtype}, u16: one of {@link RequestType}. */
    public static final int REQTYPE_OFFSET = 2;

    /** Offset of {@code nr_reserved}, u32: must be 0. */
    public static final int RESERVED_OFFSET = 4;

    /** Offset of {@code nr_name}, 64 bytes: name of the port, ended by a zero. */
    public static final int NAME_OFFSET = 8;

    /** Bytes of {@code nr_name}, the zero at its end included. */
    public static final int NAME_LENGTH = 64;

    /** Offset of {@code nr_options}, u64: address of the first option, 0 for none. */
    public static final int OPTIONS_OFFSET = 72;

    /** Offset of {@code nr_body}, u64: address of the body, 0 for none. */
    public static final int BODY_OFFSET = 80;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 88;

    private NmreqHeaderDescriptor() {}
}
