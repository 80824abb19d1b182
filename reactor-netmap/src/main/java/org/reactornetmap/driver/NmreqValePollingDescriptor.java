package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_vale_polling}: the body of {@link RequestType#VALE_POLLING_ENABLE} and {@link RequestType#VALE_POLLING_DISABLE}. 16 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |            nr_mode            |        nr_first_cpu_id        |   0
 * +---------------------------------------------------------------+
 * |      nr_num_polling_cpus      |           (padding)           |   8
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqValePollingDescriptor {
    /** Offset of {@code nr_mode}, u32: {@link #SINGLE_CPU} or {@link #MULTI_CPU}. */
    public static final int MODE_OFFSET = 0;

    /** Offset of {@code nr_first_cpu_id}, u32: the first CPU that polls. */
    public static final int FIRST_CPU_ID_OFFSET = 4;

    /** Offset of {@code nr_num_polling_cpus}, u32: how many CPUs poll. */
    public static final int NUM_POLLING_CPUS_OFFSET = 8;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 16;

    /** {@code nr_mode}: one CPU polls all RX rings. */
    public static final int SINGLE_CPU = 1;

    /** {@code nr_mode}: each CPU polls the RX ring of its own number. */
    public static final int MULTI_CPU = 2;

    private NmreqValePollingDescriptor() {}
}
