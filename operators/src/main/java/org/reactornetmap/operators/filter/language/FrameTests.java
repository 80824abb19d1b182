package org.reactornetmap.operators.filter.language;

import static org.reactornetmap.operators.filter.bpf.BpfCode.ALU;
import static org.reactornetmap.operators.filter.bpf.BpfCode.AND;
import static org.reactornetmap.operators.filter.bpf.BpfCode.B;
import static org.reactornetmap.operators.filter.bpf.BpfCode.H;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JEQ;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JGE;
import static org.reactornetmap.operators.filter.bpf.BpfCode.JGT;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LD;
import static org.reactornetmap.operators.filter.bpf.BpfCode.LEN;
import static org.reactornetmap.operators.filter.bpf.BpfCode.OR;
import static org.reactornetmap.operators.filter.bpf.BpfCode.W;
import static org.reactornetmap.operators.filter.language.Place.LINK_HEADER;
import static org.reactornetmap.operators.filter.language.Place.LINK_PAYLOAD;
import static org.reactornetmap.operators.filter.language.Place.NETWORK_HEADER;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tests of a frame that need no address: its length, what kind of destination it has, its 802.2 header, its direction. */
final class FrameTests {
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};

    private static final int LLC_CONTROL = 2;
    private static final int LLC_FORMAT_MASK = 0x03;
    private static final int LLC_SUPERVISORY_MASK = 0x0F;
    private static final int LLC_UNNUMBERED_MASK = 0xEF;

    /** Control fields of supervisory and of unnumbered frames. */
    private static final Map<String, Integer> LLC_SUPERVISORY = Map.of("rr", 0x01, "rnr", 0x05, "rej", 0x09);

    private static final Map<String, Integer> LLC_UNNUMBERED = Map.of(
            "ui", 0x03, "ua", 0x63, "disc", 0x43, "dm", 0x0F, "sabme", 0x6F, "test", 0xE3, "xid", 0xAF, "frmr", 0x87);

    /** Of a Linux cooked header's packet type. */
    private static final int COOKED_OUTGOING = 4;

    private final Code code;
    private final LinkTests links;
    private final @Nullable Integer netmask;

    FrameTests(final Code code, final LinkTests links, final @Nullable Integer netmask) {
        this.code = code;
        this.links = links;
        this.netmask = netmask;
    }

    /** Whether it had at least so many bytes on the wire. */
    Condition isAtLeast(final int length) {
        return code.condition(List.of(code.statement(LD | LEN)), JGE, length);
    }

    /** Whether it had at most so many bytes on the wire. */
    Condition isAtMost(final int length) {
        return code.condition(List.of(code.statement(LD | LEN)), JGT, length).negate();
    }

    /**
     * {@code byte offset operator value}. With {@code &} and {@code |} it tests what A holds already, not the byte, as in libpcap.
     */
    Condition isByte(final int offset, final TokenType operator, final int value) {
        return switch (operator) {
            case EQUAL -> code.equal(LINK_HEADER, offset, B, value);
            case GREATER -> code.greater(LINK_HEADER, offset, B, value);
            case LESS -> code.atLeast(LINK_HEADER, offset, B, value).negate();
            case BIT_AND ->
                code.condition(List.of(code.statement(ALU | AND, value)), JEQ, 0)
                        .negate();
            case BIT_OR ->
                code.condition(List.of(code.statement(ALU | OR, value)), JEQ, 0).negate();
            default -> throw new IllegalArgumentException("no operator of 'byte': " + operator);
        };
    }

    /**
     * Whether it goes to all.
     *
     * @throws Rejection if the protocol has no broadcasts, or the netmask is needed and not known
     */
    Condition isBroadcast(final @Nullable Protocol protocol) {
        if (protocol == null || protocol == Protocol.ETHER) {
            return links.onEthernet("broadcast", code.bytes(LINK_HEADER, 0, BROADCAST));
        }
        if (protocol != Protocol.IP) {
            throw new Rejection(
                    "'" + protocol.word() + "' has no broadcasts: expected 'ether', 'ip' or nothing before it");
        }
        if (netmask == null) {
            throw new Rejection("'ip broadcast' needs the netmask of the network, which is not known");
        }
        final int hosts = ~netmask;
        return links.carries(Numbers.ETHERTYPE_IP)
                .and(code.equal(NETWORK_HEADER, 16, W, 0, hosts).or(code.equal(NETWORK_HEADER, 16, W, hosts, hosts)));
    }

    /**
     * Whether it goes to a group.
     *
     * @throws Rejection if the protocol has no groups
     */
    Condition isMulticast(final @Nullable Protocol protocol) {
        if (protocol == null || protocol == Protocol.ETHER) {
            return links.onEthernet("multicast", code.anySet(LINK_HEADER, 0, B, 1));
        }
        return switch (protocol) {
            case IP -> links.carries(Numbers.ETHERTYPE_IP).and(code.atLeast(NETWORK_HEADER, 16, B, 224));
            case IP6 -> links.carries(Numbers.ETHERTYPE_IP6).and(code.equal(NETWORK_HEADER, 24, B, 255));
            default ->
                throw new Rejection("'" + protocol.word()
                        + "' has no multicasts: expected 'ether', 'ip', 'ip6' or nothing before it");
        };
    }

    /** Whether it has an 802.2 header. */
    Condition isLlc() {
        return links.isLlc();
    }

    /**
     * Whether it has an 802.2 header of a kind.
     *
     * @throws Rejection if there is no such kind
     */
    Condition isLlc(final String kind) {
        final Condition llc = links.isLlc();
        final String word = kind.toLowerCase(Locale.ROOT);
        final Integer supervisory = LLC_SUPERVISORY.get(word);
        if (supervisory != null) {
            return llc.and(code.equal(LINK_PAYLOAD, LLC_CONTROL, B, supervisory, LLC_SUPERVISORY_MASK));
        }
        final Integer unnumbered = LLC_UNNUMBERED.get(word);
        if (unnumbered != null) {
            return llc.and(code.equal(LINK_PAYLOAD, LLC_CONTROL, B, unnumbered, LLC_UNNUMBERED_MASK));
        }
        return switch (word) {
            case "i" -> llc.and(code.anySet(LINK_PAYLOAD, LLC_CONTROL, B, 1).negate());
            case "s" -> llc.and(code.equal(LINK_PAYLOAD, LLC_CONTROL, B, 1, LLC_FORMAT_MASK));
            case "u" -> llc.and(code.equal(LINK_PAYLOAD, LLC_CONTROL, B, 3, LLC_FORMAT_MASK));
            default ->
                throw new Rejection("'" + kind + "' is no kind of 802.2 frame: expected i, s, u, rr, rnr, rej, ui, ua,"
                        + " disc, dm, sabme, test, xid or frmr");
        };
    }

    /**
     * Whether the capturing machine sent it.
     *
     * @throws Rejection if frames of this link don't tell
     */
    Condition isOutbound() {
        return switch (code.layout().link()) {
            case LINUX_SLL -> code.equal(LINK_HEADER, 0, H, COOKED_OUTGOING);
            case LINUX_SLL2 -> code.equal(LINK_HEADER, 10, B, COOKED_OUTGOING);
            default -> throw notTold("inbound' and 'outbound", "LINUX_SLL and LINUX_SLL2");
        };
    }

    /**
     * Whether it was captured on an interface.
     *
     * @throws Rejection if frames of this link don't tell
     */
    Condition isOfInterface(final int index) {
        if (code.layout().link() != LinkLayer.LINUX_SLL2) {
            throw notTold("ifindex", "LINUX_SLL2");
        }
        return code.equal(LINK_HEADER, 4, W, index);
    }

    private Rejection notTold(final String words, final String where) {
        return new Rejection("'" + words + "' can be told in captures of " + where + " only: this is "
                + code.layout().link().description());
    }
}
