package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.packet.LinkType;

/** What is said of expressions that are no filters, and where. */
class FilterErrorTest {
    private static FilterSyntaxException error(final String expression) {
        return catchThrowableOfType(
                FilterSyntaxException.class,
                () -> FilterCompiler.compile(expression, FilterTarget.of(LinkType.ETHERNET)));
    }

    @ParameterizedTest(name = "{displayName} {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                // grammar: what was expected, and what is there
                "12; tcp port 80 foo; expected 'and', 'or' or the end, found 'foo'",
                "12; tcp port 80 ); expected 'and', 'or' or the end, found ')'",
                "4; (tcp; expected 'and', 'or' or ')', found the end",
                "0; and tcp; expected a test such as 'tcp'",
                "6; tcp or; expected a test such as 'tcp'",
                "4; host; expected a host name or an address, found the end",
                "9; tcp port tcp; expected a port number or name, found 'tcp' (as a name it needs a backslash: \\tcp)",
                "9; ip proto tcp; expected a protocol number or name",
                "4; tcp 80; expected '[', a qualifier such as 'host' or 'port', 'and', 'or' or the end, found '80'",
                "4; src tcp; expected a host name or an address, found 'tcp'",
                "7; src or host 10.0.0.1; expected 'dst', found 'host'",
                "5; less foo; expected a number, found 'foo'",
                "7; byte 0 ! 1; expected '=', '<', '>', '&' or '|', found '!'",
                "2; 64; expected a comparison such as '=', found the end",
                "7; ip[8] & ; expected a number, 'len' or bytes such as ip[8], found the end",
                "10; ip[8] = 1 = 1; expected 'and', 'or' or the end, found '='",
                "4; ip[8; expected an operator, ':' with a size, or ']', found the end",
                "5; ip[8:; expected a number, found the end",
                "1; (); expected a test such as 'tcp', 'host ADDRESS' or 'len > 100', found ')'",
                "19; host 10.0.0.1 or ((10.0.0.2)); expected a test such as 'tcp', 'host ADDRESS' or 'len > 100', found '10.0.0.2'",
                "6; net 10/8; expected 'and', 'or' or the end, found '/'",
                "17; net 10.0.0.0 mask; expected a mask such as 255.255.255.0, found the end",
                "25; host 10.0.0.1 and (80 or tcp); expected a host name or an address, found 'tcp'",
                // words
                "0; @; '@' does not belong to the language",
                "5; host foo_; unknown host 'foo'",
                "5; host foo @; unknown host 'foo'",
                "5; host foo bar; unknown host 'foo'",
                "9; ip[8] = 08; a number with a leading 0 is octal",
                "8; ip[8] = 4294967296; the number does not fit in 32 bits",
                "5; host 10.0.0.256; '10.0.0.256' is no IPv4 address",
                "5; host ::10.0.0.256; '::10.0.0.256' is no IPv6 address",
                "11; ether host 00:11:22:33:44; '00:11:22:33:' is no Ethernet address",
                "0; len-14 > 40; expected a test such as 'tcp', 'host ADDRESS' or 'len > 100', found 'len-14'",
                "0; IP; expected a test such as 'tcp', 'host ADDRESS' or 'len > 100', found 'IP' (the words of the language are in lower case)",
                "0; gateway foo; 'gateway' is not supported; instead",
                "4; tcp type mgt; 'type' needs a capture of 802.11 frames",
                // meaning
                "7; tcp or 80; expected a qualifier such as 'host' or 'port' before the number",
                "5; port 70000; port 70000 does not exist: expected 0..65535",
                "9; udp port http; port 'http' is tcp only",
                "5; port nosuch; unknown port 'nosuch'",
                "10; portrange 80-nosuch; unknown port 'nosuch' in the range '80-nosuch'",
                "10; portrange http; 'http' is no range of ports",
                "9; tcp host 10.0.0.1; 'tcp' has no IPv4 addresses: expected 'ip', 'arp', 'rarp' or nothing before it",
                "7; ip src ::1; 'ip' has no IPv6 addresses: expected 'ip6' or nothing before it",
                "5; host 10.0.0.0/8; a mask is for networks only: expected 'net' before it",
                "4; net 10.0.0.1/8; '10.0.0.1/8' has bits set outside of its mask",
                "4; net 10.0.0.0/33; a prefix of 33 bits: expected at most 32",
                "5; host 00:11:22:33:44:55; an Ethernet address: expected 'ether host'",
                "28; host 10.0.0.1 or port 80 or 10.0.0.2; 'port' is no address: expected a port number or name",
                "10; tcp proto 6; 'tcp' carries no protocol that could be told",
                "11; ether host foo; unknown ether host 'foo'",
                "4; net foo; unknown network 'foo'",
                "9; ip proto foo; unknown protocol 'foo'",
                "0; ether; 'ether' alone tests nothing",
                "0; arp broadcast; 'arp' has no broadcasts",
                "0; inbound; 'inbound' and 'outbound' can be told in captures of LINUX_SLL and LINUX_SLL2 only: this is Ethernet",
                "0; vlan 4096; VLAN tag 4096 does not exist: expected 0..4095",
                "9; mpls and arp; behind 'mpls' only IPv4 and IPv6 can be told",
                "9; mpls and vlan; there is no 'vlan' behind 'mpls'",
                "11; pppoes and vlan; 'vlan' needs Ethernet: this is PPP",
                "2; 1 / 0 = 1; division by zero",
                "2; 1 << 32 = 1; shift by 32 bits: expected at most 31",
                "0; ip[0:3] = 1; cannot load 3 bytes: expected 1, 2 or 4",
                "0; esp[0] = 1; bytes of 'esp' cannot be had",
                "4; llc foo; 'foo' is no kind of 802.2 frame",
            })
    void shouldSayWhatIsWrongAndWhere(final int position, final String expression, final String problem) {
        final FilterSyntaxException error = error(expression);

        assertThat(error).as(expression).hasMessageStartingWith(problem);
        assertThat(error.position()).as(error.getMessage()).isEqualTo(position);
    }

    @Test
    void shouldQuoteThePlace() {
        assertThat(error("tcp port 80 foo"))
                .hasMessage("expected 'and', 'or' or the end, found 'foo' (character 13, at \"foo\")");
        assertThat(error("tcp port")).hasMessage("expected a port number or name, found the end (at the end)");
        assertThat(error("host " + "x".repeat(1000)).getMessage()).hasSizeLessThan(200);
    }
}
