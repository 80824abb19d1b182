package org.reactornetmap.fuzz;

import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Runs a fuzz target on random bytes for a moment. */
final class RandomInputs {
    /** Long enough for thousands of inputs, short enough for every build. */
    private static final Duration MOMENT = Duration.ofMillis(Long.getLong("fuzz.millis", 1_500));

    private RandomInputs() {}

    static void run(final int longest, final Consumer<byte[]> target) {
        final long end = System.nanoTime() + MOMENT.toNanos();
        final SplittableRandom seeds = new SplittableRandom();
        while (System.nanoTime() < end) {
            final SplittableRandom random = seeds.split();
            final byte[] input = new byte[random.nextInt(longest + 1)];
            random.nextBytes(input);
            try {
                target.accept(input);
            } catch (final RuntimeException | AssertionError e) {
                throw new AssertionError("input " + HexFormat.of().formatHex(input), e);
            }
        }
    }
}
