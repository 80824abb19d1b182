package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueSetTest {
    private static void assertHoldsJust(final Set<Integer> values) {
        final ValueSet set =
                ValueSet.of(values.stream().mapToInt(Integer::intValue).toArray());
        for (final int value : values) {
            assertThat(set.contains(value)).as("%s", value).isTrue();
            for (int bit = 0; bit < Integer.SIZE; bit++) {
                final int other = value ^ (1 << bit);
                assertThat(set.contains(other)).as("%s", other).isEqualTo(values.contains(other));
            }
        }
        assertThat(set.contains(0)).isEqualTo(values.contains(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 20, 255, 1_000, 65_536})
    void shouldHoldRandomValues(final int count) {
        final long seed = System.nanoTime();
        System.out.println("values from seed " + seed);
        assertHoldsJust(new SplittableRandom(seed).ints(count).boxed().collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 256, 0x10000, 0x9E3779B9, -1, 1 << 20})
    void shouldHoldValuesThatAreFarApartOrNear(final int step) {
        assertHoldsJust(
                IntStream.range(0, 4_096).map(each -> 7 + each * step).boxed().collect(Collectors.toSet()));
    }

    @Test
    void shouldBeTheSameForTheSameValues() {
        final int[] values = IntStream.range(0, 100).toArray();
        final ValueSet first = ValueSet.of(values);
        final ValueSet second = ValueSet.of(values);

        assertThat(first.table()).isEqualTo(second.table());
        assertThat(first.first()).isEqualTo(second.first());
        assertThat(first.second()).isEqualTo(second.second());
    }
}
