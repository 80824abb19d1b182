package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.Strictness;

/** What a run has: a netmap's size and the descriptors that may be open, all drawn from one seed. */
record Topology(EmbeddedConfig config, List<Candidate> candidates) {
    /** Two share netmap's global memory, so that buffers can be swapped between their pipes; two have their own. */
    private static final String[] PARENTS = {"a", "b", "c", "d"};

    private static final String[] MEMORIES = {"@1", "@1", "", ""};

    static Topology of(final SplittableRandom random) {
        final List<Candidate> candidates = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            addSwitch(candidates, "vale" + i + ":", random);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            addInterface(candidates, "v" + i, random);
        }
        final int pipes = random.nextInt(candidates.isEmpty() ? 1 : 0, 4);
        for (int i = 0; i < pipes; i++) {
            final int parent = random.nextInt(PARENTS.length);
            addPipe(candidates, "netmap:" + PARENTS[parent], i, MEMORIES[parent], random);
        }
        if (random.nextInt(3) == 0) {
            add(candidates, "null:n", random);
        }
        addMonitors(candidates, random);
        final EmbeddedConfig config = EmbeddedConfig.builder()
                .buffers(random.nextInt(4) == 0 ? random.nextInt(20, 80) : 600)
                .bufSize(64)
                .strictness(random.nextInt(4) == 0 ? Strictness.FAITHFUL : Strictness.STRICT)
                .build();
        return new Topology(config, candidates);
    }

    private static void addSwitch(final List<Candidate> candidates, final String vale, final SplittableRandom random) {
        for (int port = random.nextInt(2, 6); port > 0; port--) {
            final String memory = MEMORIES[random.nextInt(MEMORIES.length)];
            final String name = vale + "p" + port;
            add(candidates, name + memory, random);
            if (random.nextInt(3) == 0) {
                add(candidates, name + variant(random) + memory, random);
            }
        }
    }

    /** A persistent port by its own name, and in some switches. */
    private static void addInterface(
            final List<Candidate> candidates, final String name, final SplittableRandom random) {
        add(candidates, "netmap:" + name + "@1", random);
        add(candidates, "netmap:" + name + variant(random) + "@1", random);
        for (int vale = 1; vale <= 2; vale++) {
            add(candidates, "vale" + vale + ":" + name + "@1", random);
        }
    }

    private static void addPipe(
            final List<Candidate> candidates,
            final String parent,
            final int id,
            final String memory,
            final SplittableRandom random) {
        add(candidates, parent + "{" + id + memory, random);
        add(candidates, parent + "}" + id + memory, random);
        for (int more = random.nextInt(3); more > 0; more--) {
            add(candidates, parent + (random.nextBoolean() ? '{' : '}') + id + variant(random) + memory, random);
        }
    }

    /** Copy monitors of ports that are there already. */
    private static void addMonitors(final List<Candidate> candidates, final SplittableRandom random) {
        final String[] flags = {"/r", "/t", "/rt", "/rtR"};
        for (int i = random.nextInt(4); i > 0 && !candidates.isEmpty(); i--) {
            final String spec =
                    candidates.get(random.nextInt(candidates.size())).spec().text();
            if (spec.indexOf('/') < 0 && spec.indexOf("null") < 0) {
                final int at = spec.indexOf('@') < 0 ? spec.length() : spec.indexOf('@');
                add(
                        candidates,
                        spec.substring(0, at) + flags[random.nextInt(flags.length)] + spec.substring(at),
                        random);
            }
        }
    }

    private static String variant(final SplittableRandom random) {
        return (random.nextInt(3) == 0 ? "-" + random.nextInt(4) : "")
                + switch (random.nextInt(5)) {
                    case 0 -> "/R";
                    case 1 -> "/T";
                    case 2 -> "/x";
                    default -> "";
                };
    }

    private static void add(final List<Candidate> candidates, final String spec, final SplittableRandom random) {
        final int rings = random.nextInt(1, 4);
        final int slots = random.nextInt(2, 14);
        final boolean even = random.nextBoolean();
        final boolean txPoll = random.nextBoolean();
        candidates.add(new Candidate(
                candidates.size(),
                new OpenRequest(
                        PortSpec.parse(spec),
                        -1,
                        rings,
                        even ? rings : random.nextInt(1, 4),
                        slots,
                        even ? slots : random.nextInt(2, 14),
                        random.nextInt(6),
                        txPoll ? Set.of() : Set.of(RegisterFlag.NO_TX_POLL))));
    }
}
