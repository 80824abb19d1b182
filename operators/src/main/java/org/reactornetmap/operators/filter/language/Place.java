package org.reactornetmap.operators.filter.language;

/** What a test's offset counts from. */
enum Place {
    LINK_HEADER,
    LINK_TYPE,

    /** Where an 802.2 header is, if there is one. */
    LINK_PAYLOAD,

    NETWORK_HEADER,
    NETWORK_WITHOUT_SNAP,

    /** The MPLS label in front of the network header. */
    LAST_LABEL,

    /** Behind an IPv4 header of any length. */
    IPV4_PAYLOAD,

    /** Behind an IPv6 header without extensions. */
    IPV6_PAYLOAD
}
