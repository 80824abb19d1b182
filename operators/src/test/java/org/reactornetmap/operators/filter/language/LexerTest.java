package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexerTest {
    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "ip, PROTOCOL",
        "ip6, PROTOCOL",
        "ipx1, NAME",
        "len-14, NAME",
        "tcp-syn, NUMBER",
        "icmp6-multicastrouterterm, NUMBER",
        "es-is, PROTOCOL",
        "10, NUMBER",
        "0x1F, NUMBER",
        "0x, NAME",
        "10a, NAME",
        "10.1, IPV4_ADDRESS",
        "10.0.0.1, IPV4_ADDRESS",
        "10.0.0.1.2, NAME",
        "10., NAME",
        "1.2.3.4.5.6, ETHERNET_ADDRESS",
        "1:2:3:4:5:6, ETHERNET_ADDRESS",
        "01-02-03-04-05-06, ETHERNET_ADDRESS",
        "0102.0304.0506, ETHERNET_ADDRESS",
        "010203040506, ETHERNET_ADDRESS",
        "0102030405ab7, NAME",
        "::, IPV6_ADDRESS",
        "::1, IPV6_ADDRESS",
        "1::, IPV6_ADDRESS",
        "1:2:3:4:5:6:7:8, IPV6_ADDRESS",
        "1:2:3:4:5:6::, IPV6_ADDRESS",
        "1:2:3:4:5:6:7::, IPV6_ADDRESS",
        "::2:3:4:5:6:7:8, IPV6_ADDRESS",
        "1:2:3:4:5:6:1.2.3.4, IPV6_ADDRESS",
        "1:2:3:4::1.2.3.4, IPV6_ADDRESS",
        "::ffff:1.2.3.4, IPV6_ADDRESS",
        "\\tcp, NAME",
        "\\a:b, NAME",
        "&&, AND",
        "||, OR",
        "!, NOT",
        "!=, NOT_EQUAL",
        "==, EQUAL",
        ">>, SHIFT_RIGHT",
        "rnr, FOREIGN",
    })
    void shouldTakeAsMuchAsFits(final String text, final TokenType type) {
        final Lexer lexer = new Lexer("\t" + text + " ");

        final Token token = lexer.next();

        assertThat(token.type()).isEqualTo(type);
        assertThat(token.text()).isEqualTo(text.startsWith("\\") ? text.substring(1) : text);
        assertThat(token.start()).isEqualTo(1);
        assertThat(lexer.next().type()).isEqualTo(TokenType.END);
        assertThat(lexer.next().type()).isEqualTo(TokenType.END);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "foo_, foo",
        "tcp-, tcp",
        "::12345, ::1234",
        "1:2, 1",
        "::1:, ::1",
        "tcp[13], tcp",
        "80/8, 80",
        "(a, (",
        "1.2.3.4:5, 1.2.3.4"
    })
    void shouldLeaveTheRest(final String text, final String first) {
        assertThat(new Lexer(text).next().text()).isEqualTo(first);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({
        "_, 0",
        "@, 0",
        "$1, 0",
        "08, 1",
        "0x100000000, 0",
        "4294967296, 0",
        "0040000000000, 0",
        "\\, 1",
        "1:2:, 0",
        "::1.2.3.256, 0",
        "::01.2.3.4, 0",
        "é, 0"
    })
    void shouldSayWhereNothingOfTheLanguageBegins(final String text, final int position) {
        assertThatExceptionOfType(FilterSyntaxException.class)
                .isThrownBy(() -> new Lexer(text).next())
                .satisfies(e -> assertThat(e.position()).isEqualTo(position));
    }

    @Test
    void shouldReadNumbers() {
        assertThat(new Lexer("4294967295").next().number()).isEqualTo(-1);
        assertThat(new Lexer("017").next().number()).isEqualTo(15);
        assertThat(new Lexer("0XfF").next().number()).isEqualTo(255);
        assertThat(new Lexer("0037777777777").next().number()).isEqualTo(-1);
    }
}
