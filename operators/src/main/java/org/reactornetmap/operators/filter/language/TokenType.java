package org.reactornetmap.operators.filter.language;

/** What a {@link Token} is. */
enum TokenType {
    END,

    NUMBER,
    NAME,
    ETHERNET_ADDRESS,
    IPV4_ADDRESS,
    IPV6_ADDRESS,

    OPEN,
    CLOSE,
    OPEN_BRACKET,
    CLOSE_BRACKET,
    COLON,

    AND,
    OR,
    NOT,

    PLUS,
    MINUS,
    TIMES,
    DIVIDE,
    MODULO,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    SHIFT_LEFT,
    SHIFT_RIGHT,

    EQUAL,
    NOT_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    LESS,
    LESS_OR_EQUAL,

    /** A word of {@link Protocol}. */
    PROTOCOL,

    SRC,
    DST,
    HOST,
    NET,
    MASK,
    PORT,
    PORTRANGE,
    PROTO,
    PROTOCHAIN,

    AT_MOST,
    AT_LEAST,
    BYTE,
    LENGTH,
    BROADCAST,
    MULTICAST,
    INBOUND,
    OUTBOUND,
    IFINDEX,
    VLAN,
    MPLS,
    PPPOED,
    PPPOES,
    GENEVE,
    LLC,

    /** A word for other captures than this library reads. */
    FOREIGN
}
