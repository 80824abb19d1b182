package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.Region;

/** The bytes that REGISTER leaves in the region (netmap_mem2.c), read at literal offsets. */
class RegionLayoutTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    /** The first port's netmap_if is the region's first object. */
    private static ByteBuffer firstIf(final Region region, final int length) {
        return region.slice(0, length);
    }

    @Test
    void shouldListRingsAsNicTxHostTxNicRxHostRx() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1", 3, 2, 16, 8)) {
            final ByteBuffer nifp = firstIf(port.port.region(), 56 + 8 * 7);
            assertThat(nifp.getInt(24)).isEqualTo(3);
            assertThat(nifp.getInt(28)).isEqualTo(2);
            assertThat(nifp.getInt(32)).isZero();
            assertThat(nifp.getInt(36)).isEqualTo(1);
            assertThat(nifp.getInt(40)).isEqualTo(1);
            for (final int txEntry : List.of(0, 1, 2)) {
                final ByteBuffer ring = port.port.region().slice(nifp.getLong(56 + 8 * txEntry), 256 + 16 * 16);
                assertThat(ring.getInt(8)).isEqualTo(16);
                assertThat(ring.getShort(16)).isEqualTo((short) txEntry);
                assertThat(ring.getShort(18)).isEqualTo((short) 1);
            }
            assertThat(nifp.getLong(56 + 8 * 3)).isZero();
            for (final int rxEntry : List.of(4, 5)) {
                final ByteBuffer ring = port.port.region().slice(nifp.getLong(56 + 8 * rxEntry), 256 + 16 * 8);
                assertThat(ring.getInt(8)).isEqualTo(8);
                assertThat(ring.getShort(16)).isEqualTo((short) (rxEntry - 4));
                assertThat(ring.getShort(18)).isZero();
            }
            assertThat(nifp.getLong(56 + 8 * 6)).isZero();
        }
    }

    @Test
    void shouldMarkRingsThatAreNotBoundByOffset0() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1-1", 3, 16)) {
            final ByteBuffer nifp = firstIf(port.port.region(), 56 + 8 * 8);
            assertThat(Stream.of(0, 1, 2, 3, 4, 5, 6, 7).map(i -> nifp.getLong(56 + 8 * i) != 0))
                    .containsExactly(false, true, false, false, false, true, false, false);
        }
    }

    @Test
    void shouldInitialiseRings() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16)) {
            final ByteBuffer nifp = firstIf(port.port.region(), 64);
            final long offset = nifp.getLong(56);
            final ByteBuffer ring = port.port.region().slice(offset, 256);
            assertThat(ring.getInt(12)).isEqualTo(256);
            assertThat(offset + ring.getLong(0))
                    .as("buffer 0")
                    .isEqualTo(port.port.region().sizeBytes() - 4_096L * 256);
            assertThat(ring.getInt(20)).isZero();
            assertThat(ring.getInt(24)).isZero();
            assertThat(ring.getInt(28)).isEqualTo(15);
            assertThat(ring.getInt(32)).isZero();
            assertThat(port.rx().tail()).isZero();
        }
    }

    @Test
    void shouldInitialiseSlotsWithBuffersOfTheirOwn() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1", 2, 16)) {
            final Set<Integer> seen = new HashSet<>();
            for (final NetmapRing ring : port.port.netmapIf().txRings()) {
                for (int i = 0; i < 16; i++) {
                    final long word = ring.slotWord(i);
                    assertThat(NetmapSlotDescriptor.len(word)).isEqualTo(256);
                    assertThat(NetmapSlotDescriptor.flags(word)).isZero();
                    assertThat(ring.slotPtr(i)).isZero();
                    assertThat(NetmapSlotDescriptor.bufIdx(word)).isBetween(2, 4_095);
                    assertThat(seen.add(NetmapSlotDescriptor.bufIdx(word))).isTrue();
                }
            }
            assertThat(seen).doesNotContain(0, 1);
        }
    }

    @Test
    void shouldCutTheNameTo15Bytes() {
        try (TestPort port = TestPort.open(driver, "netmap:a_long_parent_n{1", 1, 16)) {
            final NetmapIf netmapIf = port.port.netmapIf();
            assertThat(netmapIf.name()).isEqualTo("a_long_parent_n");
            assertThat(port.port.name()).isEqualTo("a_long_parent_n{1");
        }
    }

    @Test
    void shouldMapNothingThatDoesNotExist() {
        try (TestPort port = TestPort.open(driver, "netmap:x{1", 1, 16)) {
            final Region region = port.port.region();
            assertThatThrownBy(() -> region.slice(0, 8_193)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.slice(8_192, 56)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.slice(region.sizeBytes() - 8, 16))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> region.slice(-1, 16)).isInstanceOf(IllegalArgumentException.class);
            assertThat(region.slice(region.sizeBytes() - 8, 8).capacity()).isEqualTo(8);
        }
    }

    @Test
    void shouldShareOneRegionAndPoolBetweenPorts() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 16);
                TestPort b = TestPort.open(driver, "netmap:y{1", 1, 16)) {
            assertThat(a.port.region()).isSameAs(b.port.region());
            assertThat(a.tx().buffers()).isSameAs(b.rx().buffers());
            assertThat(a.tx().buffers().total()).isEqualTo(4_096);
        }
    }
}
