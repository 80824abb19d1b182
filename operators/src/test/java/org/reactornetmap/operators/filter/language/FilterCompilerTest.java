package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.net.Inet4Address;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.operators.filter.bpf.BpfInterpreter;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.packet.LinkType;

/** What the language means, point by point where others get it wrong. */
class FilterCompilerTest {
    private static final FilterTarget ETHERNET = FilterTarget.of(LinkType.ETHERNET);

    private static final String ETHERNET_ADDRESSES = "020000000001 020000000002 ";

    /** From 10.0.0.1 port 80 to 10.0.0.2 port 1024, SYN and ACK. */
    private static final byte[] TCP = frame(ETHERNET_ADDRESSES + "0800 4500002800000000 4006 0000 0a000001 0a000002"
            + "0050 0400 00000000 00000000 5012 0000 0000 0000");

    private static final byte[] ARP =
            frame(ETHERNET_ADDRESSES + "0806 0001 0800 06 04 0001 020000000002 0a000001 000000000000 0a000002");

    private static byte[] frame(final String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static BpfProgram compile(final String expression) {
        return FilterCompiler.compile(expression, ETHERNET);
    }

    private static boolean matches(final String expression, final byte[] frame) {
        return BpfInterpreter.of(compile(expression)).run(frame, 0, frame.length, frame.length) != 0;
    }

    @Test
    void shouldReturnTheSnapLength() {
        assertThat(compile("")).hasToString("(000) ret      #262144\n");
        assertThat(FilterCompiler.compile(" \n", ETHERNET.withSnapLength(96))).hasToString("(000) ret      #96\n");
        assertThat(FilterCompiler.compile("ip", ETHERNET.withSnapLength(96))).hasToString("""
                (000) ldh      [12]
                (001) jeq      #0x800           jt 2	jf 3
                (002) ret      #96
                (003) ret      #0
                """);
        assertThatIllegalArgumentException().isThrownBy(() -> ETHERNET.withSnapLength(0));
    }

    @Test
    void shouldTestProtocolsBehindOneFragmentHeader() {
        assertThat(compile("tcp")).hasToString("""
                (000) ldh      [12]
                (001) jeq      #0x800           jt 2	jf 4
                (002) ldb      [23]
                (003) jeq      #0x6             jt 12	jf 4
                (004) ldh      [12]
                (005) jeq      #0x86dd          jt 6	jf 13
                (006) ldb      [20]
                (007) jeq      #0x6             jt 12	jf 8
                (008) ldb      [20]
                (009) jeq      #0x2c            jt 10	jf 13
                (010) ldb      [54]
                (011) jeq      #0x6             jt 12	jf 13
                (012) ret      #262144
                (013) ret      #0
                """);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource(
            delimiter = ';',
            value = {
                // and, or: one rank, from the left; not binds tighter
                "tcp or udp and port 53; (tcp or udp) and port 53",
                "tcp and udp or port 53; (tcp and udp) or port 53",
                "not tcp and udp; (not tcp) and udp",
                "tcp && ! udp || arp; tcp and not udp or arp",
                // arithmetic: & and | before comparisons, shifts before &
                "ip[1] & 0xfc >> 2 = 5; ip[1] & (0xfc >> 2) = 5",
                "tcp[13] == tcp-syn|tcp-ack; tcp[13] = (tcp-syn | tcp-ack)",
                "ip[0] + 2 * 3 = 7; ip[0] + (2 * 3) = 7",
                "ip[0] - 2 - 3 = 7; (ip[0] - 2) - 3 = 7",
                "-ip[0] + 1 = 7; (-ip[0]) + 1 = 7",
                // % and ^ have no rank: what follows is read first
                "10 % 4 + 1 = 0; 10 % (4 + 1) = 0",
                "9 % 5 % 3 = 1; 9 % (5 % 3) = 1",
                "12 % 5 & 3 = 0; 12 % (5 & 3) = 0",
                "2 * 3 ^ 4 = 0; 2 * (3 ^ 4) = 0",
                "-1 % 2 = 0; -(1 % 2) = 0",
                // what an identifier takes over
                "host 10.0.0.1 or port 53 or 80; host 10.0.0.1 or port 53 or port 80",
                "port 80 or (tcp or udp) or 90; port 80 or (tcp or udp) or port 90",
                "tcp port (80 or 443); tcp port 80 or tcp port 443",
                "host 10.0.0.1 and (10.0.0.2 or 10.0.0.3); host 10.0.0.1 and (host 10.0.0.2 or host 10.0.0.3)",
                "not host 10.0.0.1 and 10.0.0.2; (not host 10.0.0.1) and (host 10.0.0.2)",
                "port not 80; not port 80",
                "port ((80) or 443); port 80 or port 443",
                "src or dst host 10.0.0.1; host 10.0.0.1",
                "dst and src port 80; src and dst port 80",
                // short addresses
                "host 10.0.0; net 10.0.0.0/24",
                "host 10; host 0.0.0.10",
                "net 10; net 10.0.0.0/8",
                "net 10.0/16; net 10.0.0.0 mask 255.255.0.0",
                "host ::1; ip6 host ::1/128",
                "host ::ffff:10.0.0.1; host ::ffff:a00:1",
                "ether host 2:0:0:0:0:1; ether host 0200.0000.0001",
                "ether host 02-00-00-00-00-01; ether host 020000000001",
                // ARP and RARP have IPv4 addresses as well
                "host 10.0.0.1; ip host 10.0.0.1 or arp host 10.0.0.1 or rarp host 10.0.0.1",
                // names
                "port http; tcp port 80",
                "portrange ssh-http; tcp portrange 22-80",
                "port domain; port 53",
                "ip proto \\tcp; ip proto 6",
                "ip proto TCP; ip proto 6",
                "ether proto \\ip; ip",
                "iso proto \\isis; isis",
                "ip host \\10.0.0.1; ip host 10.0.0.1",
                "ip host \\0x0a000001; ip host 10.0.0.1",
                "net loopback; host 127.0.0.0",
                "igrp; ip proto 9",
                "link host 2:0:0:0:0:1; ether host 2:0:0:0:0:1",
                "es-is; esis",
                "length > 5; len > 5",
                "portrange 90-80; portrange 80-90",
                "portrange 80-90x; portrange 80-90",
                "tcp port 0120; tcp port 80",
                "vlan ((100)); vlan 100",
            })
    void shouldMakeTheSameProgramOf(final String expression, final String longer) {
        assertThat(compile(expression)).isEqualTo(compile(longer));
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(
            strings = {
                "tcp",
                "less 54 and greater 54", // both inclusive
                "tcp port 80 and 1024",
                "src host 10.0.0.1 and dst 10.0.0.2",
                "tcp[tcpflags] = tcp-syn|tcp-ack",
                "-1 > 5", // unsigned
                "1 << len = 0", // by all bits and more
                "ip or ether[100:4] = 0", // decided before the load
                "byte 0 < 3 and byte 5 = 1",
                "ip6[0] = 1 or ip",
                "not ip6[0] = 1",
                "not (tcp[13] & 1 != 0)",
                "not protochain \\udp and protochain 6",
            })
    void shouldMatch(final String expression) {
        assertThat(matches(expression, TCP)).isTrue();
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(
            strings = {
                "not tcp",
                "ether[100:4] = 0 or ip", // a load past the end rejects at once
                "not ether[100:4] = 0",
                "not len / (len - len) = 1", // so does a division by zero
                "not len % (len - len) = 1",
                "-1 < 5",
                "ip6[0] != 1",
                "broadcast",
                "vlan and ip",
            })
    void shouldNotMatch(final String expression) {
        assertThat(matches(expression, TCP)).isFalse();
    }

    @Test
    void shouldNegateInsideOfARelationNotTheProtocolOfItsBytes() {
        assertThat(matches("tcp[13] & 2 != 0", ARP)).isFalse();
        assertThat(matches("tcp[13] & 2 = 0", ARP)).isFalse();
        assertThat(matches("not tcp[13] & 2 != 0", ARP)).isTrue();
    }

    @Test
    void shouldAskForTheProtocolOfTheLeftOperandOnlyAsLibpcapDoes() {
        assertThat(compile("0 | udp[4:2] = 1").toString()).doesNotContain("#0x800");
        assertThat(compile("udp[4:2] | 0 = 1").toString()).contains("#0x800");
    }

    @Test
    void shouldShiftAllThatFollowsAnEncapsulationInTheText() {
        assertThat(compile("(vlan and ip) or ip").toString()).containsSubsequence("ldh      [16]", "ldh      [16]");
        assertThat(compile("vlan 100 or vlan 200").toString())
                .containsSubsequence("ldh      [14]", "#0x64", "ldh      [16]", "ldh      [18]", "#0xc8");
        assertThat(compile("vlan").toString()).contains("#0x8100", "#0x88a8", "#0x9100");
        assertThat(compile("vlan and ether[12:2] = 1").toString()).contains("ld       #0xc", "ldh      [x + 0]");
        assertThat(compile("vlan and ether src 2:0:0:0:0:1").toString()).contains("ld       [8]");
        assertThat(compile("pppoes and ip").toString()).contains("ldh      [20]", "#0x21");
        assertThat(compile("mpls and ip").toString()).contains("ldb      [16]", "ldb      [18]", "#0x40");
        assertThat(compile("mpls and mpls").toString())
                .containsSubsequence("#0x8847", "ldb      [16]", "jeq      #0x0");
    }

    @Test
    void shouldTestPortsOfWhatTheNameStandsFor() {
        assertThat(compile("port http").toString()).doesNotContain("#0x11", "#0x84");
        assertThat(compile("port domain").toString()).contains("#0x6 ", "#0x11 ", "#0x84 ");
        assertThat(compile("port 53").toString()).contains("jset     #0x1fff");
    }

    @Test
    void shouldTellServiceAccessPointsFromEtherTypes() {
        assertThat(compile("ether proto 1500").toString()).contains("ldb      [14]");
        assertThat(compile("ether proto 1501").toString()).doesNotContain("ldb      [14]");
    }

    @Test
    void shouldKeepTheOdditiesOfLibpcap() {
        assertThat(compile("ip multicast").toString()).contains("jge      #0xe0");
        assertThat(compile("byte 0 & 1").toString()).doesNotContain("ld");
        assertThat(compile("protochain 6").isLooping()).isTrue();
    }

    @Test
    void shouldNeedTheNetmaskForBroadcasts() throws Exception {
        final FilterTarget target =
                ETHERNET.withNetmask((Inet4Address) Inet4Address.getByAddress(new byte[] {-1, -1, -1, 0}));

        assertThat(FilterCompiler.compile("ip broadcast", target).toString())
                .containsSubsequence("and      #0xff", "jeq      #0x0", "and      #0xff", "jeq      #0xff");
        assertThatExceptionOfType(FilterSyntaxException.class).isThrownBy(() -> compile("ip broadcast"));
        assertThatExceptionOfType(FilterSyntaxException.class)
                .isThrownBy(() -> FilterCompiler.compile("ip broadcast", ETHERNET.withNetmask((Inet4Address)
                        Inet4Address.getByAddress(new byte[] {-1, -1, -1, -1}))));
    }

    @Test
    void shouldReadTheAddressFamilyInTheOrderOfTheCapture() {
        final FilterTarget target = FilterTarget.of(LinkType.NULL);

        assertThat(FilterCompiler.compile("ip", target).toString()).contains("#0x2000000");
        assertThat(FilterCompiler.compile("ip", target.withNullOrder(ByteOrder.BIG_ENDIAN))
                        .toString())
                .contains("#0x2 ");
        assertThat(FilterCompiler.compile("ip6", target).toString())
                .contains("#0x18000000", "#0x1c000000", "#0x1e000000");
        assertThat(FilterCompiler.compile("ip6", FilterTarget.of(LinkType.LOOP)).toString())
                .contains("#0x18 ", "#0x1c ", "#0x1e ");
    }

    @Test
    void shouldTellRawIpByItsVersion() {
        assertThat(FilterCompiler.compile("ip6", FilterTarget.of(LinkType.RAW)).toString())
                .contains("ldb      [0]", "and      #0xf0", "jeq      #0x60");
        assertThat(FilterCompiler.compile("ip", FilterTarget.of(LinkType.IPV4)).toString())
                .contains("ld       #0x0");
        assertThat(FilterCompiler.compile("arp", FilterTarget.of(LinkType.IPV4)).toString())
                .contains("ld       #0x1");
    }

    @Test
    void shouldReadTheDirectionOfCookedCaptures() {
        assertThat(FilterCompiler.compile("outbound", FilterTarget.of(LinkType.LINUX_SLL))
                        .toString())
                .contains("ldh      [0]", "jeq      #0x4");
        assertThat(FilterCompiler.compile("ifindex 2", FilterTarget.of(LinkType.LINUX_SLL2))
                        .toString())
                .contains("ld       [4]", "jeq      #0x2");
    }

    @Test
    void shouldJumpFarByAnExtraInstruction() {
        for (int hosts = 25; hosts < 45; hosts++) {
            final String far = "ip and (host 10.0.0.1" + " or 10.0.0.2".repeat(hosts) + ") and not arp";

            assertThatNoException().isThrownBy(() -> compile(far));
            assertThat(matches(far, TCP)).as(far).isTrue();
            assertThat(matches(far, ARP)).as(far).isFalse();
        }
    }
}
