package org.reactornetmap.packet;

/**
 * What a frame begins with.
 *
 * @see <a href="https://www.tcpdump.org/linktypes.html">LINKTYPE_ values, tcpdump.org</a>
 */
public enum LinkType {
    /** BSD loopback: a 4-byte address family in the byte order of the capturing machine. */
    NULL(0),
    /** Ethernet. */
    ETHERNET(1),
    /** Raw IPv4 or IPv6. In old files also 12. */
    RAW(101),
    /** OpenBSD loopback: a 4-byte address family in network byte order. */
    LOOP(108),
    /** Linux "cooked" capture. */
    LINUX_SLL(113),
    /** Raw IPv4. */
    IPV4(228),
    /** Raw IPv6. */
    IPV6(229),
    /** Linux "cooked" capture, version 2. */
    LINUX_SLL2(276);

    /** What most machines call raw IP in memory ({@code DLT_RAW}), and programs without libpcap put into files. */
    private static final int OLD_RAW = 12;

    private final int code;

    LinkType(final int code) {
        this.code = code;
    }

    /**
     * The number used in capture files.
     *
     * @return the LINKTYPE_ value
     */
    public int code() {
        return code;
    }

    /**
     * The link type for a capture file's number.
     *
     * @param code LINKTYPE_ value
     * @return the link type
     * @throws IllegalArgumentException if this library doesn't know it
     */
    public static LinkType of(final int code) {
        for (final LinkType type : values()) {
            if (type.code == code || (type == RAW && code == OLD_RAW)) {
                return type;
            }
        }
        throw new IllegalArgumentException("link type " + code + " is not known; known are "
                + java.util.Arrays.toString(values()) + ", see https://www.tcpdump.org/linktypes.html");
    }
}
