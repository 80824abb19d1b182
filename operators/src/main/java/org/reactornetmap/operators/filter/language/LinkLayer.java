package org.reactornetmap.operators.filter.language;

import org.reactornetmap.packet.LinkType;

/** What a frame, or the frame inside it, begins with, and where the parts of that header lie. */
enum LinkLayer {
    ETHERNET("Ethernet", 12, 14),
    NULL("BSD loopback", 0, 4),
    LOOP("OpenBSD loopback", 0, 4),
    RAW("Raw IP", LinkLayer.UNTYPED, 0),
    IPV4("Raw IPv4", LinkLayer.UNTYPED, 0),
    IPV6("Raw IPv6", LinkLayer.UNTYPED, 0),
    LINUX_SLL("Linux cooked v1", 14, 16),
    LINUX_SLL2("Linux cooked v2", 0, 20),

    /** What a PPPoE session holds; begins with the protocol. */
    PPP("PPP", 0, 2);

    /** In place of the type's offset, where the header has none. */
    static final int UNTYPED = -1;

    /** Of an 802.2 header: what a payload without SNAP begins behind. */
    private static final int LLC_LENGTH = 3;

    private final String description;
    private final int typeOffset;
    private final int length;

    LinkLayer(final String description, final int typeOffset, final int length) {
        this.description = description;
        this.typeOffset = typeOffset;
        this.length = length;
    }

    static LinkLayer of(final LinkType type) {
        return switch (type) {
            case NULL -> NULL;
            case ETHERNET -> ETHERNET;
            case RAW -> RAW;
            case LOOP -> LOOP;
            case LINUX_SLL -> LINUX_SLL;
            case IPV4 -> IPV4;
            case IPV6 -> IPV6;
            case LINUX_SLL2 -> LINUX_SLL2;
        };
    }

    /** For people. */
    String description() {
        return description;
    }

    /** Of the field that says what the payload is; {@link #UNTYPED} if there is none. */
    int typeOffset() {
        return typeOffset;
    }

    /** Of the header. */
    int length() {
        return length;
    }

    /** Where OSI protocols begin in the payload. */
    int llcLength() {
        return this == ETHERNET ? LLC_LENGTH : 0;
    }
}
