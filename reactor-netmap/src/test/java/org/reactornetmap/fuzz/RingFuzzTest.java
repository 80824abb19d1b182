package org.reactornetmap.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Test;

/**
 * What stands in rings, slots, {@code netmap_if}s and extra lists is anybody's: syncs, polls, opens and closes throw what
 * they say they throw, touch nothing outside, come to an end, and when the last port is closed every buffer is free.
 */
class RingFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void shouldSurviveAnyRing(final byte[] input) {
        scribble(input);
    }

    @Test
    void shouldSurviveRandomRings() {
        RandomInputs.run(600, RingFuzzTest::scribble);
    }

    private static void scribble(final byte[] input) {
        final FuzzInput in = new FuzzInput(input);
        final ScribbledWorld world = new ScribbledWorld(in);
        try {
            while (in.hasMore()) {
                world.step();
            }
        } finally {
            world.close();
        }
        assertThat(world.freeBuffers()).isEqualTo(ScribbledWorld.BUFFERS - 2);
    }
}
