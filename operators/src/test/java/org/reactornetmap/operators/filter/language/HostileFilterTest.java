package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.packet.LinkType;

/** Expressions that mean no good: each gives a program or an error that says where, in bounded time, on a small stack. */
class HostileFilterTest {
    private static final Duration LIMIT = Duration.ofSeconds(30); // a second where nothing else runs
    private static final String ALPHABET =
            "0123456789abcdefghilmnoprstuvwxyzABFX:.-_/\\ ()[]!=<>&|+*%^$@#\t\n\0\u00e9\uffff";

    private static String verdict(final String expression) {
        try {
            return "program of "
                    + FilterCompiler.compile(expression, FilterTarget.of(LinkType.ETHERNET))
                            .length();
        } catch (final FilterSyntaxException e) {
            assertThat(e.position()).isBetween(0, expression.length());
            assertThat(e.getMessage()).hasSizeLessThan(400);
            return String.valueOf(e.getMessage());
        }
    }

    @ParameterizedTest(name = "{displayName} {0} x {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "(;10000;tcp;);program of 14",
                "(;300000;tcp;);program of 14",
                "(;1000000;;;expected a test",
                "!;300000;tcp;;program of 14",
                "not (;50000;tcp;);program of 14",
                "-;1000000;1 = 1;;the expression needs a program of more than 1048576 instructions",
                "-;10000;1 = 1;;program of ",
                "ip or ;50000;ip;;program of ",
                "ip and ;50000;ip;;program of ",
                "ip or (;30000;ip;);program of ",
                "ip and not (;30000;ip;);program of ",
                "tcp or ;140000;tcp;;the expression needs a program of more than 1048576 instructions",
                "1+;500000;1 = 2;;the expression needs a program of more than 1048576 instructions",
                "1+(;200000;1;);the expression is too complex: it needs more than the 16 memory cells",
                "1%;500000;1 = 2;;the expression is too complex: it needs more than the 16 memory cells",
                "ip[;300000;0;];the expression needs a program of more than 1048576 instructions",
                "vlan and ;30000;ip;;program of ",
                "geneve and ;10;ip;;the expression is too complex: it needs more than the 16 memory cells",
                "host (;300000;10.0.0.1;);expected ",
                "port not ;1;80;;program of ",
                "a;1000000;;;expected a test",
                "1;1000000; = 1;;the number does not fit in 32 bits",
                "1.;500000;1;;expected a test",
                "1:;500000;1;;'1:1:",
                ":;1000000;;;expected a test",
                "1-;500000;1;;expected a test",
                "\\;1000000;;;expected a test",
                " ;1000000;;;program of 1",
            })
    void shouldSurviveRepetition(
            final String part, final int times, final String middle, final String end, final String start) {
        final String expression =
                part.repeat(times) + (middle == null ? "" : middle) + (end == null ? "" : end.repeat(times));

        assertTimeout(LIMIT, () -> assertThat(verdict(expression)).startsWith(start));
    }

    @Test
    void shouldSurviveRandomText() {
        final long seed = System.nanoTime();
        System.out.println("HostileFilterTest seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            final byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            verdict(new String(bytes, StandardCharsets.ISO_8859_1));

            final StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(30); left > 0; left--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            verdict(text.toString());
        }
    }
}
