package org.reactornetmap.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final List<Integer> THOUSAND =
            IntStream.range(0, 1_000).boxed().toList();

    @Test
    void shouldLeaveOnlyWhatTheFailureNeeds() {
        final List<Integer> needed = List.of(3, 500, 999);
        assertThat(Shrinker.shrink(THOUSAND, 10_000, part -> part.containsAll(needed)))
                .isEqualTo(needed);
    }

    @Test
    void shouldGiveUpAfterSoManyTries() {
        assertThat(Shrinker.shrink(THOUSAND, 1, part -> part.contains(0))).hasSize(1_000);
    }
}
