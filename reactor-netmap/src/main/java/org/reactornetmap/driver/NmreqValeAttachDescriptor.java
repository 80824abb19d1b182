package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_vale_attach}: the body of {@link RequestType#VALE_ATTACH}. 64 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |                         reg (56 bytes)                        |   0
 * +---------------------------------------------------------------+
 * |           port_index          |           (padding)           |  56
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqValeAttachDescriptor {
    /** Offset of {@code reg}, 56 bytes: a {@link NmreqRegisterDescriptor nmreq_register}, of which mode, ring, flags and memory count. */
    public static final int REG_OFFSET = 0;

    /** Offset of {@code port_index}, u32: out: the port's place in the switch. */
    public static final int PORT_INDEX_OFFSET = 56;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 64;

    private NmreqValeAttachDescriptor() {}
}
