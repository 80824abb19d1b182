package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.operators.filter.bpf.BpfCompiler;
import org.reactornetmap.operators.filter.bpf.BpfInterpreter;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfOptimizer;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.packet.LinkType;

/**
 * Expressions and frames that mean no good: each expression gives a program, which every engine runs alike, or an error that
 * says where; each frame a verdict; in bounded time, on a small stack.
 */
class HostileFilterTest {
    private static final Duration LIMIT = Duration.ofSeconds(30); // a second where nothing else runs
    private static final int TCP = 6;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    /** TCP over IPv4. */
    private static final byte[] FRAME = HexFormat.of()
            .parseHex("020000000002020000000001080045000028000100004006f97c0a0000010a000002"
                    + "0050d431000000010000000250100400000000000000");

    private static final String ALPHABET =
            "0123456789abcdefghilmnoprstuvwxyzABFX:.-_/\\ ()[]!=<>&|+*%^$@#\t\n\0\u00e9\uffff";

    private static String verdict(final String expression) {
        try {
            final BpfProgram program = FilterCompiler.compile(expression, FilterTarget.of(LinkType.ETHERNET));
            assertSameOnFramesCutAnywhere(program);
            return "program of " + program.length();
        } catch (final FilterSyntaxException e) {
            assertThat(e.position()).isBetween(0, expression.length());
            assertThat(e.getMessage()).hasSizeLessThan(400);
            return String.valueOf(e.getMessage());
        }
    }

    private static void assertSameOnFramesCutAnywhere(final BpfProgram program) {
        final BpfProgram shorter = BpfOptimizer.optimize(program);
        final List<BpfMatcher> engines =
                List.of(BpfInterpreter.of(shorter), BpfCompiler.compile(shorter), BpfCompiler.compile(program));
        final BpfMatcher reference = BpfInterpreter.of(program);
        for (int captured = 0; captured <= FRAME.length; captured++) {
            final int verdict = reference.run(FRAME, 0, captured, FRAME.length);
            for (final BpfMatcher each : engines) {
                assertThat(each.run(FRAME, 0, captured, FRAME.length))
                        .as("%s on %s bytes", each, captured)
                        .isEqualTo(verdict);
            }
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

    /** The authentication header of IPv4 takes its length for a place, as in libpcap: this one leads to itself. */
    @Test
    void shouldNotBeLedInCircles() {
        final byte[] frame = new byte[64];
        frame[12] = 8;
        frame[14] = 0x45;
        frame[23] = AUTHENTICATION;
        frame[34] = AUTHENTICATION;
        frame[35] = 3;

        assertVerdict("ip protochain 6", frame, false);
        assertVerdict("not ip protochain 6", frame, false);
        assertVerdict("ip protochain 51", frame, true);
    }

    @Test
    void shouldFollowAChainOfHeadersAsLongAsTheFrame() {
        final byte[] frame = new byte[1_514];
        frame[12] = (byte) 0x86;
        frame[13] = (byte) 0xDD;
        frame[14] = 0x60;
        frame[20] = DESTINATION_OPTIONS;
        int at = 54;
        while (at + 16 <= frame.length) {
            frame[at] = DESTINATION_OPTIONS; // of 8 bytes
            at += 8;
        }
        frame[at] = TCP;

        assertVerdict("ip6 protochain 6", frame, true);
        assertVerdict("ip6 protochain 17", frame, false);
        assertVerdict("port 53 or ip6 protochain 6 and not host ::1", frame, true);
    }

    private static void assertVerdict(final String expression, final byte[] frame, final boolean matches) {
        final BpfProgram program = FilterCompiler.compile(expression, FilterTarget.of(LinkType.ETHERNET));
        final BpfMatcher compiled = BpfCompiler.compile(program);

        assertThat(compiled).isNotInstanceOf(BpfInterpreter.class);
        for (final BpfMatcher each : List.of(compiled, BpfInterpreter.of(program))) {
            assertThat(each.run(frame, 0, frame.length, frame.length) != 0)
                    .as("%s by %s", expression, each)
                    .isEqualTo(matches);
        }
    }
}
