package org.reactornetmap.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refused specs. In the tables a {@code !} stands before the offending character. */
class PortSpecErrorTest {

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(
            strings = {
                // subsystem and name
                "netmap!",
                "netmap! :eth0",
                "! netmap:eth0",
                "!NETMAP:eth0",
                "vale0!",
                "vale0!-1",
                "vale0!.1:a",
                "vale0:!",
                "vale0:!-1",
                "netmap:eth0! ",
                "netmap:eth!\u00e90",
                "netmap:eth0!\u0000",
                "netmap:!-1",
                "netmap:!{1",
                "netmap:x{!",
                "netmap:x{!/x",
                "netmap:x{!@2",
                "netmap:x}!",
                "netmap:x{!.",
                "netmap:x{a!.b",
                "vale0:a{!",
                // rings
                "netmap:br-!lan",
                "netmap:eth0-!x",
                "netmap:eth0-!-1",
                "netmap:eth0-!4095",
                "netmap:eth0-!99999999999999999999",
                "netmap:eth0^!4095",
                "netmap:eth0-1!x",
                "netmap:eth0^!x",
                "netmap:eth0^!^",
                "netmap:eth0*!1",
                "netmap:eth0*!-1",
                // flags and memory id
                "netmap:eth0/!",
                "netmap:eth0/!q",
                "netmap:eth0/x!/R",
                "netmap:eth0/x!-1",
                "netmap:eth0@!0",
                "netmap:eth0@!65536",
                "netmap:eth0@2!x",
                "netmap:eth0@2!-1",
                "netmap:eth0@2@!",
                "netmap:eth0@2@!4",
                // options
                "netmap:eth0@!@conf:rings=1",
                "netmap:eth0@conf:rings=1@!",
                "netmap:eth0@conf:rings=1@!2",
                "netmap:eth0@conf!",
                "netmap:eth0@conf!=3",
                "netmap:eth0@!Conf:rings=3",
                "netmap:eth0@conf:!ring=3",
                "netmap:eth0@conf:!=3",
                "netmap:eth0@conf:!,rings=3",
                "netmap:eth0@conf:!-rings=3",
                "netmap:eth0@conf:rings!",
                "netmap:eth0@conf:rings!,slots=3",
                "netmap:eth0@conf:rings=3,!",
                "netmap:eth0@conf:rings=3,!rings=3",
                "netmap:eth0@conf:tx-rings=3,!tx_rings=3",
                "netmap:eth0@conf:rings=!65536",
                "netmap:eth0@conf:slots=!2147483648",
                "netmap:eth0@conf:slots=!-1",
                "netmap:eth0@conf:slots=12!x",
                "netmap:eth0@conf:slots=! 1",
                "netmap:eth0@share!",
                "netmap:eth0@share=!",
                "netmap:eth0@share:!",
                "netmap:eth0@share:port=!",
                "netmap:eth0@share=!eth1",
                "netmap:eth0@share=netmap:eth1!/x",
                "netmap:eth0@share=netmap:eth1!,x",
                "netmap:eth0@share=netmap:!",
                "netmap:eth0@share=!null:a",
                "netmap:eth0@share=netmap:a@!share=netmap:a",
                "netmap:eth0@extmem!",
                "netmap:eth0@extmem=!",
                "netmap:eth0@extmem:!",
                "netmap:eth0@extmem:buf-num=3!",
                "netmap:eth0@extmem:file=a!\u0001",
                "netmap:eth0@extmem:file=a,buf-num=!x",
                "netmap:eth0@extmem=a@!extmem=b",
                "netmap:eth0@offset!",
                "netmap:eth0@offset=!",
                "netmap:eth0@offset=!x",
                "netmap:eth0@offset:bits=8!",
                "netmap:eth0@offset:initial=1,bits=!65",
                "netmap:eth0@offset=1@!offset=1",
                // null ports
                "null!",
                "null:!",
                "null:n!-1",
                "null:n!^",
                "null:n!*",
            })
    void shouldRefuse(String marked) {
        assertRefused(marked);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "netmap:br-lan            | netmap has no way to name an interface with '-' in its name",
                "eth0                     | an interface eth0 is named netmap:eth0",
                "netmap:vale0:0           | a VALE port is named without 'netmap:'",
                "netmap:eth0@conf=2       | as in @conf:rings=...",
                "netmap:eth0@conf:x=2     | rings, tx-rings, rx-rings",
                "netmap:eth0@2@3          | already set to 2",
                "netmap:eth0@conf:rings=1@2 | a memory id goes first",
            })
    void shouldSayWhatIsExpected(String text, String words) {
        assertThat(refusal(text)).hasMessageContaining(words);
    }

    @Test
    void shouldPointAtTheOffendingCharacter() {
        assertThat(refusal("netmap:eth0/q").getMessage().lines())
                .containsExactly(
                        "invalid port spec at character 12: a flag is expected here: x z t r R T, or '@'",
                        "  netmap:eth0/q",
                        "              ^");
    }

    @Test
    void shouldKeepTheCaretInPlaceBehindControlCharacters() {
        PortSpecException refusal = refusal("netmap:\neth0");

        assertThat(refusal.spec()).isEqualTo("netmap:\neth0");
        assertThat(refusal.getMessage().lines().skip(1)).containsExactly("  netmap:?eth0", "         ^");
    }

    @Test
    void shouldPointAtTheFirstCharacterThatDoesNotFit() {
        assertThat(refusal("netmap:" + "a".repeat(64)).position()).isEqualTo(7 + 63);
        assertThat(refusal("vale:" + "a".repeat(70)).position()).isEqualTo(63);
    }

    private static void assertRefused(String marked) {
        String text = marked.replace("!", "");

        PortSpecException refusal = refusal(text);

        assertThat(refusal.position()).as(refusal.getMessage()).isEqualTo(marked.indexOf('!'));
        assertThat(refusal.spec()).isEqualTo(text);
    }

    private static PortSpecException refusal(String text) {
        return catchThrowableOfType(PortSpecException.class, () -> PortSpec.parse(text));
    }
}
