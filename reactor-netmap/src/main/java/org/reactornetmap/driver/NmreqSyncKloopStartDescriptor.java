package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_sync_kloop_start}: the body of {@link RequestType#SYNC_KLOOP_START}. 8 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |            sleep_us           |           (padding)           |   0
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqSyncKloopStartDescriptor {
    /** Offset of {@code sleep_us}, u32: how long the kernel's loop sleeps without work, microseconds; at most a second. */
    public static final int SLEEP_US_OFFSET = 0;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 8;

    private NmreqSyncKloopStartDescriptor() {}
}
