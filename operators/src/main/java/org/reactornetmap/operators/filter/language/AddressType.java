package org.reactornetmap.operators.filter.language;

/** What an identifier stands for. */
enum AddressType {
    HOST("a host name or an address"),
    NET("a network, such as 10.0.0.0/8"),
    PORT("a port number or name"),
    PORTRANGE("a range of ports, such as 6000-6063"),
    PROTO("a protocol number or name"),
    PROTOCHAIN("a protocol number or name");

    private final String description;

    AddressType(final String description) {
        this.description = description;
    }

    /** For people: what is expected. */
    String description() {
        return description;
    }

    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
