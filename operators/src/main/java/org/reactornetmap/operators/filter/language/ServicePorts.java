package org.reactornetmap.operators.filter.language;

import java.util.OptionalInt;

/** Finds the ports of services as libpcap 1.10.3 does, which asks for TCP and UDP, and never for SCTP. */
final class ServicePorts {
    private final FilterNames names;

    ServicePorts(final FilterNames names) {
        this.names = names;
    }

    /**
     * A port.
     *
     * @param protocol where the service is, {@link PortTests#ANY} if over TCP and UDP
     */
    record Port(int number, int protocol) {}

    /** A range of ports, whose ends may be in either order. */
    record Range(int first, int last, int protocol) {}

    /**
     * One service.
     *
     * @param transport what the expression asks for, {@link PortTests#ANY} if nothing
     * @throws Rejection if there is no such service there
     */
    Port port(final String name, final int transport) {
        final Port port = find(name, name);
        return new Port(port.number(), agreed(name, port.protocol(), transport));
    }

    /**
     * Two services or numbers with a dash between them. With numbers, what follows them doesn't matter.
     *
     * @param transport what the expression asks for, {@link PortTests#ANY} if nothing
     * @throws Rejection if one is unknown, or is not there
     */
    Range range(final String text, final int transport) {
        final NumberScanner numbers = new NumberScanner(text);
        if (numbers.number() && numbers.skip('-')) {
            final int first = numbers.value();
            if (numbers.number()) {
                return new Range(first, numbers.value(), transport);
            }
        }
        final int dash = text.indexOf('-');
        if (dash < 0) {
            throw new Rejection(Words.quote(text) + " is no range of ports: expected two with a dash between them");
        }
        final Port first = find(text.substring(0, dash), text);
        final Port last = find(text.substring(dash + 1), text);
        final int protocol = first.protocol() == last.protocol() ? first.protocol() : PortTests.ANY;
        return new Range(first.number(), last.number(), agreed(text, protocol, transport));
    }

    private Port find(final String name, final String text) {
        final OptionalInt number = number(name);
        if (number.isPresent()) {
            return new Port(number.getAsInt(), PortTests.ANY);
        }
        final OptionalInt tcp = names.port(name, "tcp");
        final OptionalInt udp = names.port(name, "udp");
        if (tcp.isPresent()) {
            return new Port(tcp.getAsInt(), tcp.equals(udp) ? PortTests.ANY : Numbers.IP_TCP);
        }
        if (udp.isPresent()) {
            return new Port(udp.getAsInt(), Numbers.IP_UDP);
        }
        throw new Rejection(
                "unknown port " + Words.quote(name) + (name.equals(text) ? "" : " in the range " + Words.quote(text)));
    }

    /** A number in place of a name, cut to 16 bits; nothing is 0. */
    private static OptionalInt number(final String name) {
        if (name.isEmpty()) {
            return OptionalInt.of(0);
        }
        final NumberScanner scanner = new NumberScanner(name);
        return scanner.number() && scanner.isAtEnd() && scanner.value() >= 0
                ? OptionalInt.of(scanner.value() & 0xFFFF)
                : OptionalInt.empty();
    }

    private static int agreed(final String name, final int found, final int asked) {
        if (asked == PortTests.ANY) {
            return found;
        }
        if (found != PortTests.ANY && found != asked) {
            throw new Rejection(
                    "port " + Words.quote(name) + " is " + (found == Numbers.IP_TCP ? "tcp" : "udp") + " only");
        }
        return asked;
    }
}
