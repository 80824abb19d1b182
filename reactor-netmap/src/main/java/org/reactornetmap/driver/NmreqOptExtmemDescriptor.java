package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_opt_extmem}: an option of {@link RequestType#REGISTER}: memory that the caller provides. 96 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                       nro_opt (24 bytes)                      |   0
 * +---------------------------------------------------------------+
 * |                        nro_usrptr (u64)                       |  24
 * +---------------------------------------------------------------+
 * |                      nro_info (64 bytes)                      |  32
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqOptExtmemDescriptor {
    /** Offset of {@code nro_opt}, 24 bytes: the {@link NmreqOptionDescriptor header}. */
    public static final int OPT_OFFSET = 0;

    /** Offset of {@code nro_usrptr}, u64: address of the memory. */
    public static final int USRPTR_OFFSET = 24;

    /** Offset of {@code nro_info}, 64 bytes: a {@link NmreqPoolsInfoDescriptor nmreq_pools_info}, in and out. */
    public static final int INFO_OFFSET = 32;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 96;

    private NmreqOptExtmemDescriptor() {}
}
