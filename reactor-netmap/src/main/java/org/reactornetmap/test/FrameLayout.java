package org.reactornetmap.test;

/**
 * Lengths in bytes, type and protocol numbers of the headers that frames here are made of. IPv4 and TCP lengths are
 * those without options.
 */
final class FrameLayout {

    static final int ETHERNET_LENGTH = 14;
    static final int TAG_LENGTH = 4;
    static final int ARP_LENGTH = 28;
    static final int IPV4_LENGTH = 20;
    static final int IPV6_LENGTH = 40;
    static final int TCP_LENGTH = 20;
    static final int UDP_LENGTH = 8;
    static final int ICMP_LENGTH = 8;

    /** IEEE 802.3: a smaller number in the type field is a length. */
    static final int MIN_TYPE = 0x0600;

    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_ARP = 0x0806;
    static final int TYPE_VLAN = 0x8100;
    static final int TYPE_IPV6 = 0x86dd;
    static final int TYPE_SERVICE_VLAN = 0x88a8;
    static final int TYPE_OLD_QINQ = 0x9100;

    static final int PROTOCOL_ICMP = 1;
    static final int PROTOCOL_TCP = 6;
    static final int PROTOCOL_UDP = 17;
    static final int PROTOCOL_ICMPV6 = 58;

    static final int ARP_REQUEST = 1;
    static final int ARP_REPLY = 2;

    private FrameLayout() {}
}
