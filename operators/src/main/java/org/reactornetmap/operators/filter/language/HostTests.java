package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.B;
import static org.reactornetmap.operators.filter.bpf.BpfCode.H;
import static org.reactornetmap.operators.filter.bpf.BpfCode.W;
import static org.reactornetmap.operators.filter.language.Place.LINK_HEADER;
import static org.reactornetmap.operators.filter.language.Place.NETWORK_HEADER;

import org.jspecify.annotations.Nullable;

/** Tests of addresses. */
final class HostTests {
    private final Code code;
    private final LinkTests links;

    HostTests(final Code code, final LinkTests links) {
        this.code = code;
        this.links = links;
    }

    /**
     * Tests IPv4 addresses, in ARP and RARP too if no protocol is given; or DECnet's.
     *
     * @throws Rejection if the protocol has no such addresses
     */
    Condition ipv4(final int address, final int mask, final @Nullable Protocol protocol, final Direction direction) {
        if (protocol == null) {
            final Condition ip = ipv4(address, mask, Protocol.IP, direction);
            return code.layout().isLabelled()
                    ? ip
                    : ip.or(ipv4(address, mask, Protocol.ARP, direction))
                            .or(ipv4(address, mask, Protocol.RARP, direction));
        }
        return switch (protocol) {
            case IP -> ipv4(address, mask, direction, Numbers.ETHERTYPE_IP, 12, 16);
            case ARP -> ipv4(address, mask, direction, Numbers.ETHERTYPE_ARP, 14, 24);
            case RARP -> ipv4(address, mask, direction, Numbers.ETHERTYPE_RARP, 14, 24);
            case DECNET -> direction.test(ofSource -> decnet(address, ofSource));
            default ->
                throw new Rejection("'" + protocol.word()
                        + "' has no IPv4 addresses: expected 'ip', 'arp', 'rarp' or nothing before it");
        };
    }

    private Condition ipv4(
            final int address,
            final int mask,
            final Direction direction,
            final int type,
            final int source,
            final int destination) {
        return direction.test(ofSource ->
                links.carries(type).and(code.equal(NETWORK_HEADER, ofSource ? source : destination, W, address, mask)));
    }

    /**
     * Tests IPv6 addresses.
     *
     * @param address 4 words
     * @param mask 4 words
     * @throws Rejection if the protocol has no such addresses
     */
    Condition ipv6(
            final int[] address, final int[] mask, final @Nullable Protocol protocol, final Direction direction) {
        if (protocol != null && protocol != Protocol.IP6) {
            throw new Rejection("'" + protocol.word() + "' has no IPv6 addresses: expected 'ip6' or nothing before it");
        }
        return direction.test(ofSource -> {
            Condition all = links.carries(Numbers.ETHERTYPE_IP6);
            for (int i = 0; i < address.length; i++) {
                all = all.and(code.equal(NETWORK_HEADER, (ofSource ? 8 : 24) + 4 * i, W, address[i], mask[i]));
            }
            return all;
        });
    }

    /**
     * Tests Ethernet addresses.
     *
     * @throws Rejection if the link has none
     */
    Condition ethernet(final byte[] address, final Direction direction) {
        return links.onEthernet(
                "ether", direction.test(ofSource -> code.bytes(LINK_HEADER, ofSource ? 6 : 0, address)));
    }

    /** Looks at data packets only, with a long or a short header and one byte of padding or none. */
    private Condition decnet(final int address, final boolean ofSource) {
        final int inLong = ofSource ? 15 : 7;
        final int inShort = ofSource ? 3 : 1;
        final int value = Short.toUnsignedInt(Short.reverseBytes((short) address));
        return links.carries(Numbers.ETHERTYPE_DECNET)
                .and(decnet(B, 0x02, 0x07, 2 + inShort, value)
                        .or(decnet(H, 0x8102, 0xFF07, 3 + inShort, value))
                        .or(decnet(B, 0x06, 0x07, 2 + inLong, value))
                        .or(decnet(H, 0x8106, 0xFF07, 3 + inLong, value)));
    }

    private Condition decnet(final int size, final int flags, final int mask, final int offset, final int value) {
        return code.equal(NETWORK_HEADER, 2, size, flags, mask).and(code.equal(NETWORK_HEADER, offset, H, value));
    }
}
