package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_opt_csb}: an option of {@link RequestType#REGISTER} and {@link RequestType#CSB_ENABLE}: ring pointers outside the rings. 40 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                       nro_opt (24 bytes)                      |   0
 * +---------------------------------------------------------------+
 * |                         csb_atok (u64)                        |  24
 * +---------------------------------------------------------------+
 * |                         csb_ktoa (u64)                        |  32
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqOptCsbDescriptor {
    /** Offset of {@code nro_opt}, 24 bytes: the {@link NmreqOptionDescriptor header}. */
    public static final int OPT_OFFSET = 0;

    /** Offset of {@code csb_atok}, u64: address of the pointers that the application writes. */
    public static final int CSB_ATOK_OFFSET = 24;

    /** Offset of {@code csb_ktoa}, u64: address of the pointers that the kernel writes. */
    public static final int CSB_KTOA_OFFSET = 32;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 40;

    private NmreqOptCsbDescriptor() {}
}
