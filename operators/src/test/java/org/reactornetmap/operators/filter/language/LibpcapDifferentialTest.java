package org.reactornetmap.operators.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Inet4Address;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactornetmap.operators.filter.bpf.BpfInterpreter;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfOptimizer;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.packet.LinkType;

/**
 * Asks libpcap 1.10.3, where it is installed, about random expressions and frames: the same expressions must be valid, their
 * programs the same before optimisation, and the verdicts the same, of our optimised programs too. What only libpcap's own
 * optimiser changes is counted apart. {@code -Dlibpcap.pairs=N} for more pairs of an expression and a frame.
 */
class LibpcapDifferentialTest {
    private static final int PAIRS = Integer.getInteger("libpcap.pairs", 50_000);
    private static final long SEED = Long.getLong("libpcap.seed", System.nanoTime());
    private static final int FRAMES_EACH = 10;
    private static final int UNKNOWN = -1;
    private static final List<LinkType> LINKS = Stream.concat(
                    Stream.of(LinkType.values()), Collections.nCopies(8, LinkType.ETHERNET).stream())
            .toList();
    private static final String VERSION = "1.10.3";

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final RandomExpressions expressions = new RandomExpressions(random);
    private final RandomFrames frames = new RandomFrames(random);

    private int valid;
    private int invalid;
    private int matched;
    private int pairs;
    private int rejectedByOptimizer;
    private int changedByOptimizer;

    @Test
    void shouldAgreeWithLibpcap() throws Exception {
        final Libpcap libpcap = Libpcap.find();
        assumeTrue(libpcap != null, "libpcap0.8 is not installed");
        assumeTrue(
                libpcap.version().contains("version " + VERSION + " "),
                () -> "this needs libpcap " + VERSION + ": here is " + libpcap.version());
        while (pairs < PAIRS) {
            compare(libpcap, expressions.next());
        }
        System.out.println(
                "libpcap.seed " + SEED + ": " + valid + " valid and " + invalid + " invalid expressions, " + pairs
                        + " pairs with a frame, " + matched + " of them match; libpcap's optimiser alone rejects "
                        + rejectedByOptimizer + " expressions and changes " + changedByOptimizer + " verdicts");
        assertThat(matched).isPositive();
    }

    private void compare(final Libpcap libpcap, final String expression) throws UnknownHostException {
        final LinkType link = LINKS.get(random.nextInt(LINKS.size()));
        final int netmask = random.nextBoolean() ? UNKNOWN : 0xFFFFFF00;
        final String about = "-Dlibpcap.seed=" + SEED + ", " + link + ", netmask " + netmask + ": " + expression;
        String error = "";
        BpfProgram ours = null;
        try {
            ours = FilterCompiler.compile(expression, target(link, netmask));
        } catch (final FilterSyntaxException e) {
            error = String.valueOf(e.getMessage());
            assertThat(e.position()).as(about).isBetween(0, expression.length());
        }
        if (error.startsWith("unknown host")) {
            return; // libpcap would ask DNS
        }
        try (Libpcap.Compiled theirs = libpcap.compile(expression, link, netmask, false)) {
            assertThat(theirs.error().isEmpty()).as(about).isEqualTo(error.isEmpty());
            if (ours == null) {
                invalid++;
                return;
            }
            assertThat(ours).as(about).isEqualTo(theirs.instructions());
            valid++;
            try (Libpcap.Compiled optimized = libpcap.compile(expression, link, netmask, true)) {
                rejectedByOptimizer += optimized.error().isEmpty() ? 0 : 1;
                // Geneve's programs may read memory cells that were never written: theirs then hold anything. And on
                // some
                // frames protochain goes round and round in libpcap, for ever.
                if (!expression.contains("geneve") && !ours.isLooping()) {
                    compare(ours, link, theirs, optimized, about);
                }
            }
        }
    }

    private static FilterTarget target(final LinkType link, final int netmask) throws UnknownHostException {
        final byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(netmask).array();
        return FilterTarget.of(link).withNetmask((Inet4Address) Inet4Address.getByAddress(bytes));
    }

    private void compare(
            final BpfProgram program,
            final LinkType link,
            final Libpcap.Compiled theirs,
            final Libpcap.Compiled theirsOptimized,
            final String about) {
        final BpfMatcher interpreter = BpfInterpreter.of(program);
        final BpfMatcher optimized = BpfInterpreter.of(BpfOptimizer.optimize(program));
        for (int i = 0; i < FRAMES_EACH; i++) {
            final byte[] frame = frames.next(link);
            final int wireLength = frame.length + (random.nextBoolean() ? 0 : random.nextInt(100));
            final int expected = theirs.run(frame, wireLength);
            final int plain = interpreter.run(frame, 0, frame.length, wireLength);
            final int fast = optimized.run(frame, 0, frame.length, wireLength);
            if (plain != expected || fast != expected) {
                throw new AssertionError(about + "\nwire length " + wireLength + ", frame "
                        + HexFormat.of().formatHex(frame) + ": interpreted " + plain + ", optimised " + fast
                        + ", by libpcap " + expected);
            }
            pairs++;
            matched += expected == 0 ? 0 : 1;
            changedByOptimizer +=
                    theirsOptimized.error().isEmpty() && theirsOptimized.run(frame, wireLength) != expected ? 1 : 0;
        }
    }
}
