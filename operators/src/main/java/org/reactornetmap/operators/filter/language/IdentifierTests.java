package org.reactornetmap.operators.filter.language;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Tests of what an identifier stands for behind its {@link Qualifiers}: a name, a number or an address. */
final class IdentifierTests {
    private static final int ALL_BITS = -1;
    private static final int IPV6_BITS = 128;

    private static final Map<String, Integer> ISO_PROTOCOLS =
            Map.of("esis", Numbers.NLPID_ESIS, "isis", Numbers.NLPID_ISIS, "clnp", Numbers.NLPID_CLNP);

    private static final Map<String, Integer> LINK_PROTOCOLS = Map.ofEntries(
            Map.entry("aarp", Numbers.ETHERTYPE_AARP),
            Map.entry("arp", Numbers.ETHERTYPE_ARP),
            Map.entry("atalk", Numbers.ETHERTYPE_ATALK),
            Map.entry("decnet", Numbers.ETHERTYPE_DECNET),
            Map.entry("ip", Numbers.ETHERTYPE_IP),
            Map.entry("ip6", Numbers.ETHERTYPE_IP6),
            Map.entry("lat", Numbers.ETHERTYPE_LAT),
            Map.entry("loopback", Numbers.ETHERTYPE_LOOPBACK),
            Map.entry("mopdl", Numbers.ETHERTYPE_MOPDL),
            Map.entry("moprc", Numbers.ETHERTYPE_MOPRC),
            Map.entry("rarp", Numbers.ETHERTYPE_RARP),
            Map.entry("sca", Numbers.ETHERTYPE_SCA),
            Map.entry("iso", Numbers.LLC_ISO),
            Map.entry("stp", Numbers.LLC_STP),
            Map.entry("ipx", Numbers.LLC_IPX),
            Map.entry("netbeui", Numbers.LLC_NETBEUI));

    private final Layout layout;
    private final HostTests hosts;
    private final PortTests ports;
    private final ProtocolTests protocols;
    private final ProtocolChain chain;
    private final FilterNames names;
    private final ServicePorts services;

    IdentifierTests(
            final Code code,
            final HostTests hosts,
            final PortTests ports,
            final ProtocolTests protocols,
            final ProtocolChain chain,
            final FilterNames names) {
        this.layout = code.layout();
        this.hosts = hosts;
        this.ports = ports;
        this.protocols = protocols;
        this.chain = chain;
        this.names = names;
        this.services = new ServicePorts(names);
    }

    /**
     * A name.
     *
     * @throws Rejection if it is unknown, or the qualifiers don't fit
     */
    Condition name(final String name, final Qualifiers qualifiers) {
        return switch (qualifiers.type()) {
            case HOST -> host(name, qualifiers);
            case NET -> network(name, qualifiers);
            case PORT -> {
                final int transport = transport(qualifiers);
                final ServicePorts.Port port = services.port(name, transport);
                yield ports.is(PortTests.Ports.one(port.number(), port.protocol(), qualifiers.direction()));
            }
            case PORTRANGE -> {
                final int transport = transport(qualifiers);
                final ServicePorts.Range range = services.range(name, transport);
                yield ports.is(
                        PortTests.Ports.range(range.first(), range.last(), range.protocol(), qualifiers.direction()));
            }
            case PROTO -> protocols.carries(carrier(qualifiers), protocol(name, qualifiers));
            case PROTOCHAIN -> chain.carries(carrier(qualifiers), protocol(name, qualifiers));
        };
    }

    private Condition host(final String name, final Qualifiers qualifiers) {
        final Protocol protocol = qualifiers.protocol();
        if (protocol == Protocol.ETHER) {
            final byte[] address = names.ethernetAddress(name);
            if (address == null) {
                throw new Rejection("unknown ether host " + Words.quote(name));
            }
            return hosts.ethernet(address, qualifiers.direction());
        }
        if (protocol == Protocol.DECNET) {
            throw new Rejection("'decnet' has no host names: expected AREA.NODE");
        }
        Condition any = null;
        for (final int[] address : addresses(name)) {
            final boolean v6 = address.length == 4;
            if (protocol == (v6 ? Protocol.IP : Protocol.IP6)) {
                continue;
            }
            final Condition each = v6 ? ipv6(address, qualifiers) : ipv4(address[0], qualifiers);
            any = any == null ? each : any.or(each);
        }
        if (any == null) {
            throw new Rejection(
                    "unknown host " + Words.quote(name) + (protocol == null ? "" : " for '" + protocol.word() + "'"));
        }
        return any;
    }

    /** IPv4 addresses as one word, IPv6 addresses as four. */
    private List<int[]> addresses(final String name) {
        final Integer literal4 = AddressText.numericHost(name);
        if (literal4 != null) {
            return List.of(new int[] {literal4});
        }
        final int[] literal6 = AddressText.ipv6(name);
        return literal6 != null
                ? List.of(literal6)
                : names.hosts(name).stream()
                        .map(each -> words(each.getAddress()))
                        .toList();
    }

    private static int[] words(final byte[] bytes) {
        final int[] words = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(words);
        return words;
    }

    /** Where the link tells no type, not ARP either. */
    private Condition ipv4(final int address, final Qualifiers qualifiers) {
        final Protocol protocol = qualifiers.protocol();
        return hosts.ipv4(
                address,
                ALL_BITS,
                protocol == null && !layout.isTyped() ? Protocol.IP : protocol,
                qualifiers.direction());
    }

    private Condition ipv6(final int[] address, final Qualifiers qualifiers) {
        return hosts.ipv6(address, ipv6Mask(IPV6_BITS), qualifiers.protocol(), qualifiers.direction());
    }

    /** All bits count, unless the network's first bytes are 0: then it is moved up. */
    private Condition network(final String name, final Qualifiers qualifiers) {
        final Inet4Address address = names.network(name);
        final int word = address == null ? 0 : words(address.getAddress())[0];
        if (word == 0) {
            throw new Rejection("unknown network " + Words.quote(name));
        }
        return network(word, qualifiers);
    }

    private Condition network(final int number, final Qualifiers qualifiers) {
        int address = number;
        int mask = ALL_BITS;
        while (qualifiers.protocol() != Protocol.DECNET && address != 0 && (address & 0xFF000000) == 0) {
            address <<= 8;
            mask <<= 8;
        }
        return hosts.ipv4(address, mask, qualifiers.protocol(), qualifiers.direction());
    }

    private static int transport(final Qualifiers qualifiers) {
        final Protocol protocol = qualifiers.protocol();
        if (protocol == null) {
            return PortTests.ANY;
        }
        return switch (protocol) {
            case TCP -> Numbers.IP_TCP;
            case UDP -> Numbers.IP_UDP;
            case SCTP -> Numbers.IP_SCTP;
            default ->
                throw new Rejection(
                        "'" + protocol.word() + "' has no ports: expected 'tcp', 'udp', 'sctp' or nothing before '"
                                + qualifiers.type().word() + "'");
        };
    }

    private static Carrier carrier(final Qualifiers qualifiers) {
        final Protocol protocol = qualifiers.protocol();
        if (protocol == null) {
            return Carrier.IP_OR_IP6;
        }
        final Carrier carrier = protocol.asCarrier();
        if (carrier == null) {
            throw new Rejection("'" + protocol.word()
                    + "' carries no protocol that could be told: expected 'ether', 'ip', 'ip6', 'iso', 'isis' or nothing"
                    + " before '" + qualifiers.type().word() + "'");
        }
        return carrier;
    }

    private int protocol(final String name, final Qualifiers qualifiers) {
        final OptionalInt number =
                switch (carrier(qualifiers)) {
                    case LINK -> optional(LINK_PROTOCOLS.get(name));
                    case ISO -> optional(ISO_PROTOCOLS.get(name));
                    case ISIS -> OptionalInt.empty();
                    default -> names.protocol(name);
                };
        return number.orElseThrow(() -> new Rejection("unknown protocol " + Words.quote(name)));
    }

    private static OptionalInt optional(final @Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /**
     * A number.
     *
     * @param number u32
     * @throws Rejection if the qualifiers don't fit
     */
    Condition number(final int number, final Qualifiers qualifiers) {
        final Direction direction = qualifiers.direction();
        return switch (qualifiers.type()) {
            case HOST -> hosts.ipv4(number, ALL_BITS, qualifiers.protocol(), direction);
            case NET -> network(number, qualifiers);
            case PORT -> ports.is(PortTests.Ports.one(number, transport(qualifiers), direction));
            case PORTRANGE -> ports.is(PortTests.Ports.range(number, number, transport(qualifiers), direction));
            case PROTO -> protocols.carries(carrier(qualifiers), number);
            case PROTOCHAIN -> chain.carries(carrier(qualifiers), number);
        };
    }

    /**
     * An IPv4 address, or the first parts of one; a DECnet address behind {@code decnet}.
     *
     * @throws Rejection if it is none, or the qualifiers don't fit
     */
    Condition ipv4(final String text, final Qualifiers qualifiers) {
        final AddressType type = qualifiers.type();
        if (type != AddressType.HOST && type != AddressType.NET) {
            throw new Rejection("'" + type.word() + "' is no address: expected " + type.description());
        }
        if (qualifiers.protocol() == Protocol.DECNET) {
            return hosts.ipv4(AddressText.decnet(text), ALL_BITS, Protocol.DECNET, qualifiers.direction());
        }
        final AddressText.Ipv4 address = AddressText.ipv4(text);
        return hosts.ipv4(address.address(), ipv4Mask(address.bits()), qualifiers.protocol(), qualifiers.direction());
    }

    /**
     * An IPv4 network with the length of its prefix.
     *
     * @param length u32
     * @throws Rejection if it is none, or the qualifiers don't fit
     */
    Condition ipv4Prefix(final String text, final int length, final Qualifiers qualifiers) {
        final int address = AddressText.ipv4(text).address();
        checkLength(length, Integer.SIZE);
        return ipv4Network(address, ipv4Mask(length), text + "/" + length, qualifiers);
    }

    /**
     * An IPv4 network with its mask.
     *
     * @throws Rejection if it is none, or the qualifiers don't fit
     */
    Condition ipv4Masked(final String text, final String mask, final Qualifiers qualifiers) {
        return ipv4Network(
                AddressText.ipv4(text).address(), AddressText.ipv4(mask).address(), text + " mask " + mask, qualifiers);
    }

    private Condition ipv4Network(final int address, final int mask, final String text, final Qualifiers qualifiers) {
        if ((address & ~mask) != 0) {
            throw outsideOfMask(text);
        }
        if (qualifiers.type() != AddressType.NET) {
            throw notANetwork();
        }
        return hosts.ipv4(address, mask, qualifiers.protocol(), qualifiers.direction());
    }

    /**
     * An IPv6 address, or a network with the length of its prefix.
     *
     * @param length u32, 128 for an address
     * @throws Rejection if it is none, or the qualifiers don't fit
     */
    Condition ipv6(final String text, final int length, final Qualifiers qualifiers) {
        final int[] address = AddressText.ipv6(text);
        if (address == null) {
            throw new Rejection(Words.quote(text) + " is no IPv6 address");
        }
        checkLength(length, IPV6_BITS);
        final int[] mask = ipv6Mask(length);
        for (int i = 0; i < address.length; i++) {
            if ((address[i] & ~mask[i]) != 0) {
                throw outsideOfMask(text + "/" + length);
            }
        }
        final AddressType type = qualifiers.type();
        if (type != AddressType.HOST && type != AddressType.NET) {
            throw new Rejection("'" + type.word() + "' is no address: expected " + type.description());
        }
        if (type == AddressType.HOST && length != IPV6_BITS) {
            throw notANetwork();
        }
        return hosts.ipv6(address, mask, qualifiers.protocol(), qualifiers.direction());
    }

    private static int ipv4Mask(final int length) {
        return length == 0 ? 0 : ALL_BITS << (Integer.SIZE - length);
    }

    private static int[] ipv6Mask(final int length) {
        final int[] mask = new int[IPV6_BITS / Integer.SIZE];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = ipv4Mask(Math.max(0, Math.min(Integer.SIZE, length - Integer.SIZE * i)));
        }
        return mask;
    }

    private static void checkLength(final int length, final int most) {
        if (Integer.compareUnsigned(length, most) > 0) {
            throw new Rejection("a prefix of " + Integer.toUnsignedString(length) + " bits: expected at most " + most);
        }
    }

    private static Rejection outsideOfMask(final String text) {
        return new Rejection(Words.quote(text) + " has bits set outside of its mask");
    }

    private static Rejection notANetwork() {
        return new Rejection("a mask is for networks only: expected 'net' before it");
    }

    /**
     * An Ethernet address.
     *
     * @throws Rejection if the qualifiers don't fit
     */
    Condition ethernet(final String text, final Qualifiers qualifiers) {
        if (qualifiers.protocol() != Protocol.ETHER || qualifiers.type() != AddressType.HOST) {
            throw new Rejection("an Ethernet address: expected 'ether host', 'ether src' or 'ether dst' before it");
        }
        return hosts.ethernet(AddressText.ethernet(text), qualifiers.direction());
    }
}
