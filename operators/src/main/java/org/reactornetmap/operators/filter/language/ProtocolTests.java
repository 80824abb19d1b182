package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.B;
import static org.reactornetmap.operators.filter.bpf.BpfCode.H;
import static org.reactornetmap.operators.filter.language.Place.NETWORK_HEADER;
import static org.reactornetmap.operators.filter.language.Place.NETWORK_WITHOUT_SNAP;

/** Tests of which protocol a header carries. */
final class ProtocolTests {
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV4_FRAGMENT = 6;
    private static final int FRAGMENT_OFFSET_MASK = 0x1FFF;
    private static final int IPV6_NEXT_HEADER = 6;
    private static final int IPV6_LENGTH = 40;
    private static final int ISIS_PACKET_TYPE = 4;

    private final Code code;
    private final LinkTests links;

    ProtocolTests(final Code code, final LinkTests links) {
        this.code = code;
        this.links = links;
    }

    /**
     * A protocol's word alone.
     *
     * @throws Rejection if it is the link's
     */
    Condition is(final Protocol protocol) {
        final Carrier carrier = protocol.carrier();
        if (carrier == null) {
            throw new Rejection("'" + protocol.word()
                    + "' alone tests nothing: expected 'host', 'proto', 'broadcast', 'multicast' or '[' behind it");
        }
        Condition any = null;
        for (final int number : protocol.numbers()) {
            final Condition each = carries(carrier, number);
            any = any == null ? each : any.or(each);
        }
        if (any == null) {
            throw new IllegalStateException("no numbers of " + protocol);
        }
        return any;
    }

    /** Whether something carries the protocol of a number. */
    Condition carries(final Carrier carrier, final int number) {
        return switch (carrier) {
            case LINK -> links.carries(number);
            case IP -> links.carries(Numbers.ETHERTYPE_IP).and(ipv4Protocol(number));
            case IP6 ->
                links.carries(Numbers.ETHERTYPE_IP6)
                        .and(nextHeader(number)
                                .or(nextHeader(Numbers.IP_FRAGMENT)
                                        .and(code.equal(NETWORK_HEADER, IPV6_LENGTH, B, number))));
            case IP_OR_IP6 -> carries(Carrier.IP, number).or(carries(Carrier.IP6, number));
            case ISO -> links.carries(Numbers.LLC_ISO).and(code.equal(NETWORK_WITHOUT_SNAP, 0, B, number));
            case ISIS ->
                carries(Carrier.ISO, Numbers.NLPID_ISIS)
                        .and(code.equal(NETWORK_WITHOUT_SNAP, ISIS_PACKET_TYPE, B, number));
        };
    }

    /** What an IPv4 header says, without asking whether it is one. */
    Condition ipv4Protocol(final int number) {
        return code.equal(NETWORK_HEADER, IPV4_PROTOCOL, B, number);
    }

    /** What the fixed IPv6 header says, without asking whether it is one. */
    Condition nextHeader(final int number) {
        return code.equal(NETWORK_HEADER, IPV6_NEXT_HEADER, B, number);
    }

    /** Whether an IPv4 packet is whole, or the fragment that begins it. */
    Condition isFirstFragment() {
        return code.anySet(NETWORK_HEADER, IPV4_FRAGMENT, H, FRAGMENT_OFFSET_MASK)
                .negate();
    }
}
