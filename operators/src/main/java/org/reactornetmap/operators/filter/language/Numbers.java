package org.reactornetmap.operators.filter.language;

/**
 * Protocol numbers that the language knows.
 *
 * @see <a href="https://github.com/the-tcpdump-group/libpcap/blob/libpcap-1.10.3/ethertype.h">ethertype.h, llc.h, nlpid.h and
 *     ppp.h, libpcap 1.10.3</a>
 */
final class Numbers {
    /** What an Ethernet type field holds at most if it is a length, and an 802.2 header follows. */
    static final int MAX_ETHERNET_LENGTH = 1500;

    static final int ETHERTYPE_IP = 0x0800;
    static final int ETHERTYPE_ARP = 0x0806;
    static final int ETHERTYPE_MOPDL = 0x6001;
    static final int ETHERTYPE_MOPRC = 0x6002;
    static final int ETHERTYPE_DECNET = 0x6003;
    static final int ETHERTYPE_LAT = 0x6004;
    static final int ETHERTYPE_SCA = 0x6007;
    static final int ETHERTYPE_XEROX_NS = 0x0600;
    static final int ETHERTYPE_ETHERNET = 0x6558;
    static final int ETHERTYPE_RARP = 0x8035;
    static final int ETHERTYPE_ATALK = 0x809B;
    static final int ETHERTYPE_AARP = 0x80F3;
    static final int ETHERTYPE_VLAN = 0x8100;
    static final int ETHERTYPE_IPX = 0x8137;
    static final int ETHERTYPE_IP6 = 0x86DD;
    static final int ETHERTYPE_MPLS = 0x8847;
    static final int ETHERTYPE_PPPOE_DISCOVERY = 0x8863;
    static final int ETHERTYPE_PPPOE_SESSION = 0x8864;
    static final int ETHERTYPE_SERVICE_VLAN = 0x88A8;
    static final int ETHERTYPE_LOOPBACK = 0x9000;
    static final int ETHERTYPE_OLD_SERVICE_VLAN = 0x9100;

    static final int LLC_IP = 0x06;
    static final int LLC_STP = 0x42;
    static final int LLC_SNAP = 0xAA;
    static final int LLC_IPX = 0xE0;
    static final int LLC_NETBEUI = 0xF0;
    static final int LLC_ISO = 0xFE;

    static final int NLPID_CLNP = 0x81;
    static final int NLPID_ESIS = 0x82;
    static final int NLPID_ISIS = 0x83;

    static final int PPP_IP = 0x0021;
    static final int PPP_OSI = 0x0023;
    static final int PPP_XEROX_NS = 0x0025;
    static final int PPP_DECNET = 0x0027;
    static final int PPP_APPLETALK = 0x0029;
    static final int PPP_IPX = 0x002B;
    static final int PPP_BRIDGING = 0x0031;
    static final int PPP_IP6 = 0x0057;
    static final int PPP_MPLS = 0x0281;

    static final int IP_HOP_BY_HOP = 0;
    static final int IP_ICMP = 1;
    static final int IP_IGMP = 2;
    static final int IP_TCP = 6;
    static final int IP_IGRP = 9;
    static final int IP_UDP = 17;
    static final int IP_ROUTING = 43;
    static final int IP_FRAGMENT = 44;
    static final int IP_ESP = 50;
    static final int IP_AH = 51;
    static final int IP_ICMP6 = 58;
    static final int IP_NONE = 59;
    static final int IP_DESTINATION_OPTIONS = 60;
    static final int IP_PIM = 103;
    static final int IP_VRRP = 112;
    static final int IP_SCTP = 132;

    private Numbers() {}
}
