package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.H;

import java.util.List;
import java.util.function.IntFunction;

/** Tests of ports. They are never in the second and later fragments, nor behind IPv6 extension headers. */
final class PortTests {
    private static final int MAX_PORT = 65535;

    /** In the order in which libpcap tests them. */
    private static final List<Integer> ALL = List.of(Numbers.IP_SCTP, Numbers.IP_TCP, Numbers.IP_UDP);

    private final Code code;
    private final LinkTests links;
    private final ProtocolTests protocols;

    PortTests(final Code code, final LinkTests links, final ProtocolTests protocols) {
        this.code = code;
        this.links = links;
        this.protocols = protocols;
    }

    /** Which ports of which protocols. */
    record Ports(int first, int last, boolean isRange, List<Integer> protocols, Direction direction) {
        /**
         * One port.
         *
         * @param protocol of TCP, UDP or SCTP; {@link PortTests#ANY} for all three
         */
        static Ports one(final int port, final int protocol, final Direction direction) {
            return new Ports(check(port), port, false, protocol == ANY ? ALL : List.of(protocol), direction);
        }

        /** As {@link #one}; the ends may be in either order. */
        static Ports range(final int first, final int last, final int protocol, final Direction direction) {
            return new Ports(
                    Math.min(check(first), check(last)),
                    Math.max(first, last),
                    true,
                    protocol == ANY ? ALL : List.of(protocol),
                    direction);
        }

        private static int check(final int port) {
            if (port < 0 || port > MAX_PORT) {
                throw new Rejection(
                        "port " + Integer.toUnsignedString(port) + " does not exist: expected 0.." + MAX_PORT);
            }
            return port;
        }
    }

    /** In place of a protocol: all that have ports. */
    static final int ANY = -1;

    Condition is(final Ports ports) {
        return ipv6(ports).or(ipv4(ports));
    }

    Condition ipv4(final Ports ports) {
        return links.carries(Numbers.ETHERTYPE_IP)
                .and(any(
                        ports,
                        protocol -> protocols
                                .ipv4Protocol(protocol)
                                .and(protocols.isFirstFragment())
                                .and(at(Place.IPV4_PAYLOAD, ports))));
    }

    Condition ipv6(final Ports ports) {
        return links.carries(Numbers.ETHERTYPE_IP6)
                .and(any(ports, protocol -> protocols.nextHeader(protocol).and(at(Place.IPV6_PAYLOAD, ports))));
    }

    private static Condition any(final Ports ports, final IntFunction<Condition> test) {
        return ports.protocols().stream().map(test::apply).reduce(Condition::or).orElseThrow();
    }

    private Condition at(final Place place, final Ports ports) {
        return ports.direction().test(ofSource -> {
            final int offset = ofSource ? 0 : 2;
            return ports.isRange()
                    ? code.atLeast(place, offset, H, ports.first())
                            .and(code.greater(place, offset, H, ports.last()).negate())
                    : code.equal(place, offset, H, ports.first());
        });
    }
}
