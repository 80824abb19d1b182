package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.B;
import static org.reactornetmap.operators.filter.bpf.BpfCode.H;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JEQ;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LDX;
import static org.reactornetmap.operators.filter.bpf.BpfCode.MEM;
import static org.reactornetmap.operators.filter.bpf.BpfCode.W;
import static org.reactornetmap.operators.filter.bpf.BpfCode.X;
import static org.reactornetmap.operators.filter.language.Place.LINK_HEADER;
import static org.reactornetmap.operators.filter.language.Place.LINK_PAYLOAD;
import static org.reactornetmap.operators.filter.language.Place.LINK_TYPE;
import static org.reactornetmap.operators.filter.language.Place.NETWORK_HEADER;

import java.nio.ByteOrder;
import java.util.List;

/** Tests of what the link header, or an MPLS label, says about its payload. */
final class LinkTests {
    private static final int AF_INET = 2;

    /** macOS's, NetBSD's and OpenBSD's, and FreeBSD's. */
    private static final List<Integer> AF_INET6 = List.of(30, 24, 28);

    /** In place of a type in a Linux cooked header: Novell's 802.3 without an 802.2 header, and 802.2. */
    private static final int COOKED_802_3 = 1;

    private static final int COOKED_802_2 = 4;

    private static final int ENCAPSULATED_ETHERNET = 0x000000;
    private static final int APPLE = 0x080007;

    private final Code code;
    private final Layout layout;
    private final ByteOrder nullOrder;

    /**
     * Makes the tests.
     *
     * @param code what they are made of
     * @param nullOrder of the address family in a BSD loopback header
     */
    LinkTests(final Code code, final ByteOrder nullOrder) {
        this.code = code;
        this.layout = code.layout();
        this.nullOrder = nullOrder;
    }

    /**
     * Whether the payload is of a protocol.
     *
     * @param type an EtherType, or up to {@link Numbers#MAX_ETHERNET_LENGTH} an LLC service access point, u32
     * @throws Rejection if MPLS cannot tell
     */
    Condition carries(final int type) {
        if (layout.isLabelled()) {
            return labelCarries(type);
        }
        return switch (layout.link()) {
            case ETHERNET -> ethernetCarries(type);
            case LINUX_SLL -> cookedCarries(type);
            case LINUX_SLL2 -> code.equal(LINK_TYPE, 0, H, type);
            case PPP -> code.equal(LINK_TYPE, 0, H, pppType(type));
            case NULL, LOOP -> loopbackCarries(type);
            case RAW -> rawCarries(type);
            case IPV4 -> code.always(type == Numbers.ETHERTYPE_IP);
            case IPV6 -> code.always(type == Numbers.ETHERTYPE_IP6);
        };
    }

    /** The last label has its bottom bit, and the payload begins with the version. */
    private Condition labelCarries(final int type) {
        if (type != Numbers.ETHERTYPE_IP && type != Numbers.ETHERTYPE_IP6) {
            throw new Rejection("behind 'mpls' only IPv4 and IPv6 can be told");
        }
        return code.equal(NETWORK_HEADER, -2, B, 0x01, 0x01)
                .and(code.equal(NETWORK_HEADER, 0, B, type == Numbers.ETHERTYPE_IP ? 0x40 : 0x60, 0xF0));
    }

    private Condition ethernetCarries(final int type) {
        return switch (type) {
            case Numbers.LLC_ISO, Numbers.LLC_IP, Numbers.LLC_NETBEUI ->
                isLength().and(bothAccessPoints(type));
            case Numbers.LLC_IPX ->
                code.equal(LINK_TYPE, 0, H, Numbers.ETHERTYPE_IPX)
                        .or(isLength()
                                .and(snap(ENCAPSULATED_ETHERNET, Numbers.ETHERTYPE_IPX)
                                        .or(code.equal(LINK_PAYLOAD, 0, B, Numbers.LLC_IPX))
                                        .or(code.equal(LINK_PAYLOAD, 0, H, 0xFFFF))));
            case Numbers.ETHERTYPE_ATALK ->
                code.equal(LINK_TYPE, 0, H, type).or(isLength().and(snap(APPLE, type)));
            case Numbers.ETHERTYPE_AARP ->
                code.equal(LINK_TYPE, 0, H, type).or(isLength().and(snap(ENCAPSULATED_ETHERNET, type)));
            default ->
                isAccessPoint(type)
                        ? isLength().and(code.equal(LINK_TYPE, 2, B, type))
                        : code.equal(LINK_TYPE, 0, H, type);
        };
    }

    private Condition cookedCarries(final int type) {
        return switch (type) {
            case Numbers.LLC_ISO, Numbers.LLC_IP, Numbers.LLC_NETBEUI -> is802().and(bothAccessPoints(type));
            case Numbers.LLC_IPX ->
                code.equal(LINK_TYPE, 0, H, Numbers.ETHERTYPE_IPX)
                        .or(code.equal(LINK_TYPE, 0, H, COOKED_802_3))
                        .or(is802().and(code.equal(LINK_PAYLOAD, 0, B, Numbers.LLC_IPX)
                                .or(snap(ENCAPSULATED_ETHERNET, Numbers.ETHERTYPE_IPX))));
            case Numbers.ETHERTYPE_ATALK -> code.equal(LINK_TYPE, 0, H, type).or(is802().and(snap(APPLE, type)));
            case Numbers.ETHERTYPE_AARP ->
                code.equal(LINK_TYPE, 0, H, type).or(is802().and(snap(ENCAPSULATED_ETHERNET, type)));
            default ->
                isAccessPoint(type)
                        ? is802().and(code.equal(LINK_PAYLOAD, 0, B, type))
                        : code.equal(LINK_TYPE, 0, H, type);
        };
    }

    private static boolean isAccessPoint(final int type) {
        return Integer.compareUnsigned(type, Numbers.MAX_ETHERNET_LENGTH) <= 0;
    }

    private Condition isLength() {
        return code.greater(LINK_TYPE, 0, H, Numbers.MAX_ETHERNET_LENGTH).negate();
    }

    private Condition is802() {
        return code.equal(LINK_TYPE, 0, H, COOKED_802_2);
    }

    private Condition bothAccessPoints(final int type) {
        return code.equal(LINK_PAYLOAD, 0, H, (type << 8) | type);
    }

    private Condition snap(final int organisation, final int type) {
        return code.bytes(LINK_PAYLOAD, 0, new byte[] {
            (byte) Numbers.LLC_SNAP,
            (byte) Numbers.LLC_SNAP,
            3, // unnumbered information
            (byte) (organisation >> 16),
            (byte) (organisation >> 8),
            (byte) organisation,
            (byte) (type >> 8),
            (byte) type
        });
    }

    private static int pppType(final int type) {
        return switch (type) {
            case Numbers.ETHERTYPE_IP -> Numbers.PPP_IP;
            case Numbers.ETHERTYPE_IP6 -> Numbers.PPP_IP6;
            case Numbers.ETHERTYPE_DECNET -> Numbers.PPP_DECNET;
            case Numbers.ETHERTYPE_ATALK -> Numbers.PPP_APPLETALK;
            case Numbers.ETHERTYPE_XEROX_NS -> Numbers.PPP_XEROX_NS;
            case Numbers.LLC_ISO -> Numbers.PPP_OSI;
            case Numbers.LLC_STP -> Numbers.PPP_BRIDGING;
            case Numbers.LLC_IPX -> Numbers.PPP_IPX;
            default -> type;
        };
    }

    private Condition loopbackCarries(final int type) {
        return switch (type) {
            case Numbers.ETHERTYPE_IP -> isFamily(AF_INET);
            case Numbers.ETHERTYPE_IP6 ->
                AF_INET6.stream().map(this::isFamily).reduce(Condition::or).orElseThrow();
            default -> code.always(false);
        };
    }

    private Condition isFamily(final int family) {
        final boolean swapped = layout.link() == LinkLayer.NULL && nullOrder == ByteOrder.LITTLE_ENDIAN;
        return code.equal(LINK_HEADER, 0, W, swapped ? Integer.reverseBytes(family) : family);
    }

    private Condition rawCarries(final int type) {
        return switch (type) {
            case Numbers.ETHERTYPE_IP -> code.equal(LINK_HEADER, 0, B, 0x40, 0xF0);
            case Numbers.ETHERTYPE_IP6 -> code.equal(LINK_HEADER, 0, B, 0x60, 0xF0);
            default -> code.always(false);
        };
    }

    /** Whether a frame has an 802.2 header. */
    Condition isLlc() {
        requireEthernet("llc");
        return isLength().and(code.equal(LINK_PAYLOAD, 0, H, 0xFFFF).negate());
    }

    /**
     * What a test of Ethernet addresses looks at must have them: in a Geneve packet that is seen in the packet only.
     *
     * @param test the test
     * @param word what the expression calls it
     * @throws Rejection if the link is no Ethernet
     */
    Condition onEthernet(final String word, final Condition test) {
        requireEthernet(word);
        if (!layout.isInGeneve()) {
            return test;
        }
        final List<Statement> registers = List.of(
                code.statement(LD | MEM, layout.linkHeader().register()),
                code.statement(LDX | MEM, layout.payload().register()));
        return code.condition(registers, JEQ | X, 0).negate().and(test);
    }

    private void requireEthernet(final String word) {
        if (layout.link() != LinkLayer.ETHERNET) {
            throw new Rejection(
                    "'" + word + "' needs Ethernet: this is " + layout.link().description());
        }
    }
}
