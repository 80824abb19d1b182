package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
    private static final int[] KEYS = {
        0, 1, 2, 3, 4, 7, 8, 15, 16, 1 << 30, -1, -2, -16, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    /** A map, and what it should be. */
    private record Pair(@Nullable PersistentMap<Integer> map, Map<Integer, Integer> model) {}

    @Test
    void shouldHoldWhatAHashMapHolds() {
        final long seed = System.nanoTime();
        System.out.println("maps from seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Pair> pairs = new ArrayList<>();
        pairs.add(new Pair(null, Map.of()));
        for (int i = 0; i < 20_000; i++) {
            final Pair one = pairs.get(random.nextInt(pairs.size()));
            final Pair made = random.nextInt(4) == 0
                    ? common(one, pairs.get(random.nextInt(pairs.size())))
                    : put(one, KEYS[random.nextInt(KEYS.length)], random.nextInt(4));
            for (final int key : KEYS) {
                assertThat(PersistentMap.get(made.map, key))
                        .as("seed %s, map %s", seed, i)
                        .isEqualTo(made.model.get(key));
            }
            if (pairs.size() < 100) {
                pairs.add(made);
            } else {
                pairs.set(random.nextInt(pairs.size()), made);
            }
        }
    }

    private static Pair put(final Pair pair, final int key, final int value) {
        final Map<Integer, Integer> model = new HashMap<>(pair.model);
        model.put(key, value);
        return new Pair(PersistentMap.put(pair.map, key, value), model);
    }

    /** Values that differ are added modulo 5, unless the sum is 3. */
    private static Pair common(final Pair one, final Pair other) {
        final Map<Integer, Integer> model = new HashMap<>();
        one.model.forEach((key, value) -> {
            final Integer second = other.model.get(key);
            if (second != null && (second.equals(value) || second + value != 3)) {
                model.put(key, second.equals(value) ? value : (second + value) % 5);
            }
        });
        return new Pair(PersistentMap.common(one.map, other.map, PersistentMapTest::sum), model);
    }

    private static @Nullable Integer sum(final @Nullable Integer one, final @Nullable Integer other) {
        if (one == null || other == null || one + other == 3) {
            return null;
        }
        return (one + other) % 5;
    }
}
