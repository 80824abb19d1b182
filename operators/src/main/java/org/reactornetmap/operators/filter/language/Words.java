package org.reactornetmap.operators.filter.language;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The words that are no names: what each means to the {@link Parser}. They are case-sensitive.
 *
 * @see <a href="https://github.com/the-tcpdump-group/libpcap/blob/libpcap-1.10.3/scanner.l">scanner.l, libpcap 1.10.3</a>
 */
final class Words {
    private static final int QUOTED = 64;

    private static final Map<String, TokenType> TYPES = new HashMap<>();
    private static final Map<String, String> OBJECTIONS = new HashMap<>();
    private static final Map<String, Integer> CONSTANTS = new HashMap<>();

    static {
        types(TokenType.SRC, "src");
        types(TokenType.DST, "dst");
        types(TokenType.HOST, "host");
        types(TokenType.NET, "net");
        types(TokenType.MASK, "mask");
        types(TokenType.PORT, "port");
        types(TokenType.PORTRANGE, "portrange");
        types(TokenType.PROTO, "proto");
        types(TokenType.PROTOCHAIN, "protochain");
        types(TokenType.AND, "and");
        types(TokenType.OR, "or");
        types(TokenType.NOT, "not");
        types(TokenType.AT_MOST, "less");
        types(TokenType.AT_LEAST, "greater");
        types(TokenType.BYTE, "byte");
        types(TokenType.LENGTH, "len", "length");
        types(TokenType.BROADCAST, "broadcast");
        types(TokenType.MULTICAST, "multicast");
        types(TokenType.INBOUND, "inbound");
        types(TokenType.OUTBOUND, "outbound");
        types(TokenType.IFINDEX, "ifindex");
        types(TokenType.VLAN, "vlan");
        types(TokenType.MPLS, "mpls");
        types(TokenType.PPPOED, "pppoed");
        types(TokenType.PPPOES, "pppoes");
        types(TokenType.GENEVE, "geneve");
        types(TokenType.LLC, "llc");

        foreign(
                "needs a capture of 802.11 frames",
                "type",
                "subtype",
                "direction",
                "dir",
                "address1",
                "addr1",
                "address2",
                "addr2",
                "address3",
                "addr3",
                "address4",
                "addr4",
                "ra",
                "ta",
                "radio");
        foreign(
                "needs a capture of ATM cells",
                "lane",
                "metac",
                "bcc",
                "oam",
                "oamf4",
                "oamf4ec",
                "oamf4sc",
                "sc",
                "ilmic",
                "vpi",
                "vci",
                "connectmsg",
                "metaconnect");
        foreign(
                "needs a log of OpenBSD's packet filter",
                "on",
                "ifname",
                "rset",
                "ruleset",
                "rnr",
                "rulenum",
                "srnr",
                "subrulenum",
                "reason",
                "action");
        foreign(
                "needs a capture of SS7",
                "fisu",
                "lssu",
                "lsu",
                "msu",
                "hfisu",
                "hlssu",
                "hmsu",
                "sio",
                "opc",
                "dpc",
                "sls",
                "hsio",
                "hopc",
                "hdpc",
                "hsls");
        foreign("is not supported; instead: ether host MAC and not host ADDRESS", "gateway");

        constants(
                "icmptype 0, icmpcode 1, icmp-echoreply 0, icmp-unreach 3, icmp-sourcequench 4, icmp-redirect 5, icmp-echo 8,"
                        + " icmp-routeradvert 9, icmp-routersolicit 10, icmp-timxceed 11, icmp-paramprob 12,"
                        + " icmp-tstamp 13, icmp-tstampreply 14, icmp-ireq 15, icmp-ireqreply 16, icmp-maskreq 17,"
                        + " icmp-maskreply 18");
        constants("icmp6type 0, icmp6code 1, icmp6-destinationunreach 1, icmp6-packettoobig 2, icmp6-timeexceeded 3,"
                + " icmp6-parameterproblem 4, icmp6-echo 128, icmp6-echoreply 129, icmp6-multicastlistenerquery 130,"
                + " icmp6-multicastlistenerreportv1 131, icmp6-multicastlistenerdone 132, icmp6-routersolicit 133,"
                + " icmp6-routeradvert 134, icmp6-neighborsolicit 135, icmp6-neighboradvert 136, icmp6-redirect 137,"
                + " icmp6-routerrenum 138, icmp6-nodeinformationquery 139, icmp6-nodeinformationresponse 140,"
                + " icmp6-ineighbordiscoverysolicit 141, icmp6-ineighbordiscoveryadvert 142,"
                + " icmp6-multicastlistenerreportv2 143, icmp6-homeagentdiscoveryrequest 144,"
                + " icmp6-homeagentdiscoveryreply 145, icmp6-mobileprefixsolicit 146, icmp6-mobileprefixadvert 147,"
                + " icmp6-certpathsolicit 148, icmp6-certpathadvert 149, icmp6-multicastrouteradvert 151,"
                + " icmp6-multicastroutersolicit 152, icmp6-multicastrouterterm 153");
        constants("tcpflags 13, tcp-fin 1, tcp-syn 2, tcp-rst 4, tcp-push 8, tcp-ack 16, tcp-urg 32, tcp-ece 64,"
                + " tcp-cwr 128");
    }

    private Words() {}

    private static void types(final TokenType type, final String... words) {
        for (final String word : words) {
            TYPES.put(word, type);
        }
    }

    private static void foreign(final String objection, final String... words) {
        types(TokenType.FOREIGN, words);
        for (final String word : words) {
            OBJECTIONS.put(word, objection);
        }
    }

    private static void constants(final String list) {
        for (final String entry : list.split(", ", -1)) {
            final int space = entry.indexOf(' ');
            CONSTANTS.put(entry.substring(0, space), Integer.valueOf(entry.substring(space + 1)));
        }
    }

    /** A text in quotes, for a message; a long one is cut. */
    static String quote(final String text) {
        return "'" + (text.length() > QUOTED ? text.substring(0, QUOTED) + "..." : text) + "'";
    }

    /** What a word is; null if it is a name or a constant. */
    static @Nullable TokenType typeOf(final String word) {
        return Protocol.of(word) != null ? TokenType.PROTOCOL : TYPES.get(word);
    }

    /** Why a {@link TokenType#FOREIGN} word is of no use here. */
    static String objection(final String word) {
        return String.valueOf(OBJECTIONS.get(word));
    }

    /** The value of a constant; null if it is none. */
    static @Nullable Integer constant(final String word) {
        return CONSTANTS.get(word);
    }
}
