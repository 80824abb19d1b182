package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_vale_list}: the body of {@link RequestType#VALE_LIST}. 8 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * | nr_bridge_idx |   (padding)   |          nr_port_idx          |   0
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqValeListDescriptor {
    /** Offset of {@code nr_bridge_idx}, u16: place of the switch, in and out. */
    public static final int BRIDGE_IDX_OFFSET = 0;

    /** Offset of {@code nr_port_idx}, u32: place of the port in it, in and out. */
    public static final int PORT_IDX_OFFSET = 4;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 8;

    /** {@code nr_port_idx} of a switch that was asked for by its name and does not have the port. */
    public static final int NO_PORT = 255;

    private NmreqValeListDescriptor() {}
}
