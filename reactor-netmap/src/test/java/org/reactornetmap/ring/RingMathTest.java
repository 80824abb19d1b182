package org.reactornetmap.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exhaustive for small rings, powers of two and others, against arithmetic modulo n. */
class RingMathTest {
    static IntStream sizes() {
        return IntStream.of(2, 3, 4, 7, 8, 13, 16, 33);
    }

    @ParameterizedTest(name = "{displayName} {0} slots")
    @MethodSource("sizes")
    void shouldStepByOneAndBack(final int n) {
        for (int i = 0; i < n; i++) {
            assertThat(RingMath.next(i, n)).isEqualTo((i + 1) % n);
            assertThat(RingMath.previous(i, n)).isEqualTo(Math.floorMod(i - 1, n));
            assertThat(RingMath.previous(RingMath.next(i, n), n)).isEqualTo(i);
        }
    }

    @ParameterizedTest(name = "{displayName} {0} slots")
    @MethodSource("sizes")
    void shouldAddAndSubtractModuloTheSize(final int n) {
        for (int i = 0; i < n; i++) {
            for (int k = 0; k <= n; k++) {
                assertThat(RingMath.plus(i, k, n)).isEqualTo((i + k) % n);
            }
            for (int j = 0; j < n; j++) {
                assertThat(RingMath.distance(i, j, n)).isEqualTo(Math.floorMod(j - i, n));
                assertThat(RingMath.plus(i, RingMath.distance(i, j, n), n)).isEqualTo(j);
            }
        }
    }

    @ParameterizedTest(name = "{displayName} {0} slots")
    @MethodSource("sizes")
    void shouldFindWhatLiesBetweenByWalkingThere(final int n) {
        for (int from = 0; from < n; from++) {
            for (int to = 0; to < n; to++) {
                final boolean[] on = new boolean[n];
                on[to] = true;
                for (int i = from; i != to; i = RingMath.next(i, n)) {
                    on[i] = true;
                }
                for (int i = 0; i < n; i++) {
                    assertThat(RingMath.isBetween(i, from, to, n)).isEqualTo(on[i]);
                }
                assertThat(RingMath.isBetween(-1, from, to, n)).isFalse();
                assertThat(RingMath.isBetween(n, from, to, n)).isFalse();
            }
        }
    }

    @Test
    void shouldNotOverflowAtExtremes() {
        final int n = 1 << 24;
        assertThat(RingMath.isBetween(Integer.MIN_VALUE, n - 1, 0, n)).isFalse();
        assertThat(RingMath.isBetween(Integer.MAX_VALUE, n - 1, 0, n)).isFalse();
        assertThat(RingMath.plus(n - 1, n, n)).isEqualTo(n - 1);
        assertThat(RingMath.distance(n - 1, 0, n)).isEqualTo(1);
    }
}
