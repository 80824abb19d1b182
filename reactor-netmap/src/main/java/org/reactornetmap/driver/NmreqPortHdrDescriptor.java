package org.reactornetmap.driver;

/**
 * Layout of {@code struct nmreq_port_hdr}: the body of {@link RequestType#PORT_HDR_SET} and {@link RequestType#PORT_HDR_GET}. 8 bytes.
 *
 * <pre>
 * +---------------------------------------------------------------+
 * |           nr_hdr_len          |           (padding)           |   0
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public final class NmreqPortHdrDescriptor {
    /** Offset of {@code nr_hdr_len}, u32: length of the virtio-net header before each frame: 0, 10 or 12. */
    public static final int HDR_LEN_OFFSET = 0;

    /** Size of the struct, bytes. */
    public static final int LENGTH = 8;

    private NmreqPortHdrDescriptor() {}
}
