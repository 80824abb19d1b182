package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.PoolLayout.Kind;

/** The numbers of netmap_mem_private_new and netmap_config_obj_allocator, as literals. */
class MemorySizesTest {
    private static final int PAGE = 4_096;
    private final MemorySizes least = MemorySizes.leastPrivate(EmbeddedConfig.defaults());

    @Test
    void shouldHaveNetmapsLeastPrivateSizes() {
        assertThat(least).isEqualTo(new MemorySizes(2, 1_024, 4, 5 * PAGE, 4_098, 2_048));
    }

    @Test
    void shouldKeepTheLeastWhereItIsEnough() {
        assertThat(least.fitting(new Geometry(1, 1, 16, 16), 0, 0))
                .isEqualTo(new MemorySizes(2, 1_024, 4, 5 * PAGE, 4_098, 2_048));
    }

    @Test
    void shouldGrowToFitAValePort() {
        // 2 pipes: 2 + 4 * 2 ifs, 2 + 2 + 8 * 2 rings, (4 * 2 + 2) * 1024 slots each way.
        assertThat(least.fitting(new Geometry(1, 1, 1_024, 1_024), 0, 2))
                .isEqualTo(new MemorySizes(10, 1_024, 20, 5 * PAGE, 20_482, 2_048));
    }

    @Test
    void shouldGrowToFitRingsSlotsAndExtraBuffers() {
        // 16 TX and 3 RX rings of 4096 and 512 slots: (8 + 17) * 4096 + (8 + 4) * 512 + 2 + 100 buffers.
        assertThat(least.fitting(new Geometry(16, 3, 4_096, 512), 100, 2))
                .isEqualTo(new MemorySizes(10, 1_024, 37, 256 + 16 * 4_096, 108_646, 2_048));
    }

    @Test
    void shouldGrowAnIfForManyRings() {
        assertThat(least.fitting(new Geometry(1, 200, 8, 8), 0, 0).ifSize()).isEqualTo(56 + 8 * (2 + 201));
    }

    @Test
    void shouldRoundPoolsUpToWholePages() {
        assertThat(PoolLayout.of(Kind.IF, 10, 1_024, "")).isEqualTo(new PoolLayout(12, 12, 1_024, 3L * PAGE));
        assertThat(PoolLayout.of(Kind.RING, 20, 5 * PAGE, "")).isEqualTo(new PoolLayout(20, 20, 5 * PAGE, 100L * PAGE));
        assertThat(PoolLayout.of(Kind.BUF, 20_483, 2_048, ""))
                .isEqualTo(new PoolLayout(20_484, 20_484, 2_048, 10_242L * PAGE));
        assertThat(PoolLayout.of(Kind.BUF, 101, 1_000, "")).isEqualTo(new PoolLayout(104, 104, 1_024, 26L * PAGE));
        assertThat(PoolLayout.of(Kind.RING, 37, 256 + 16 * 4_096, ""))
                .isEqualTo(new PoolLayout(48, 48, 65_792, 48L * 65_792));
    }

    @Test
    void shouldRefuseWhatNetmapCannotLayOut() {
        // 64 rings of 65,600 bytes fill whole pages, but not a cluster of 4 MiB: 4,084 slots don't work in netmap.
        assertInvalid(() -> PoolLayout.of(Kind.RING, 1, 256 + 16 * 4_084, "p"), "whole pages");
        assertInvalid(() -> PoolLayout.of(Kind.IF, 1, 4_097, "p"), "if_size would be 4160");
        assertInvalid(() -> PoolLayout.of(Kind.RING, 1, 33 * 4_096, "p"), "ring_size");
        assertInvalid(() -> PoolLayout.ofPrivate(Kind.IF, 101, 1_024, "p"), "if_num");
        assertInvalid(() -> PoolLayout.ofPrivate(Kind.BUF, 1_000_001, 64, "p"), "buf_num");
    }

    private static void assertInvalid(final Runnable layout, final String message) {
        assertThatThrownBy(layout::run)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                .hasMessageContaining(message);
    }
}
