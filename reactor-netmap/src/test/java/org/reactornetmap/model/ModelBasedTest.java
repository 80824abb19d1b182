package org.reactornetmap.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random programs on random topologies, run by the embedded netmap and by a model of queues and sets. After each
 * operation every slot, pointer and free buffer is what the model says, every few hundred the whole audit and the
 * switches' account are. A program that fails is made as short as can be and printed. {@code -Dmodel.operations=N} runs
 * more than the million of the normal build, {@code -Dmodel.seed=N} one program again.
 *
 * <p>The model knows pipes, null ports, VALE switches with ephemeral and persistent ports, and copy monitors. It does not
 * know zero-copy monitors, simulated interfaces with their host rings, and ports that are in two switches.
 *
 * <p>Bugs put in for a trial, and what caught them: a pipe that showed incomplete packets, the receiver's tail; one that
 * did not carry swapped buffers back, the sender's slot; a switch that filled a ring to the last slot, a slot that should
 * have stayed empty; a close that skipped some extra buffers, the audit. Each within a thousand operations, and shrunk to
 * at most seven.
 */
class ModelBasedTest {
    private static final long OPERATIONS = Long.getLong("model.operations", 1_000_000);
    private static final int PER_RUN = 4_000;
    private static final int SHRINK_TRIES = 4_000;

    private static final Logger EMBEDDED = Logger.getLogger("org.reactornetmap.driver.embedded");

    /** Programs hold on to extra buffers and use up memories: each is a warning. */
    @BeforeAll
    static void silenceWarnings() {
        EMBEDDED.setLevel(Level.OFF);
    }

    @AfterAll
    static void restoreWarnings() {
        EMBEDDED.setLevel(null);
    }

    @Test
    void shouldRunRandomProgramsAsTheModelDoes() {
        final Long onlySeed = Long.getLong("model.seed");
        if (onlySeed != null) {
            run(onlySeed);
            return;
        }
        final SplittableRandom seeds = new SplittableRandom(System.nanoTime());
        long ran = 0;
        while (ran < OPERATIONS) {
            ran += run(seeds.nextLong());
        }
        assertThat(ran).isGreaterThanOrEqualTo(OPERATIONS);
    }

    /** How many operations did something. */
    private static int run(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Topology topology = Topology.of(random);
        final List<Op> program = new ArrayList<>();
        int ran = 0;
        try (Machine machine = new Machine(topology, null)) {
            while (program.size() < PER_RUN) {
                program.add(Op.random(random, topology.candidates().size()));
                ran += machine.run(program.get(program.size() - 1)) ? 1 : 0;
            }
            machine.finish();
        } catch (final RuntimeException | AssertionError e) {
            fail(report(seed, topology, program), e);
        }
        return ran;
    }

    private static String report(final long seed, final Topology topology, final List<Op> program) {
        final List<Op> shortest = Shrinker.shrink(program, SHRINK_TRIES, part -> failure(topology, part, null) != null);
        final StringBuilder text = new StringBuilder();
        final Throwable cause = failure(topology, shortest, text);
        return "-Dmodel.seed=" + seed + " fails after " + program.size() + " operations, as does this program of "
                + shortest.size() + " on " + topology.config().strictness() + " with "
                + topology.config().buffers() + " buffers:\n" + text + "-> " + cause;
    }

    private static @Nullable Throwable failure(
            final Topology topology, final List<Op> program, final @Nullable StringBuilder text) {
        try (Machine machine = new Machine(topology, text)) {
            program.forEach(machine::run);
            machine.finish();
            return null;
        } catch (final RuntimeException | AssertionError e) {
            return e;
        }
    }
}
