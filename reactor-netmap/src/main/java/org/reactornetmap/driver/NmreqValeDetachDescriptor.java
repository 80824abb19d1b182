package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_vale_detach}: the body of {@link RequestType#VALE_DETACH}. 8 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |           port_index          |           (padding)           |   0
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqValeDetachDescriptor {
    /** Offset of {@code port_index}, u32: out: the place that the port had in the switch. */
    public static final int PORT_INDEX_OFFSET = 0;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 8;

    private NmreqValeDetachDescriptor() {}
}
