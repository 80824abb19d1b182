package org.reactornetmap.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a region hands out, and that it refuses what can't be netmap's. */
class RegionTest {
    private static final int SIZE = 16_384;
    private static final int POOL = 8_192;

    private final RegionMemory memory =
            FakeRegion.of(ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder()));
    private final Region region = new Region(memory, 5);

    private void ring(final long offset, final int ringId, final boolean rx) {
        FakeRegion.ring(memory, offset, POOL, 8, 256, ringId, rx);
    }

    @Test
    void shouldKnowItsSizeAndId() {
        assertThat(region.sizeBytes()).isEqualTo(SIZE);
        assertThat(region.memId()).isEqualTo(5);
    }

    @Test
    void shouldListTheRingsOfANetmapIfAndSkipOffset0() {
        ring(1_024, 0, false);
        ring(2_048, 1, false);
        ring(3_072, 2, false);
        ring(4_096, 0, true);
        // 2 NIC TX, 1 host TX, 2 NIC RX, 1 host RX; the second RX ring and the host RX ring are not bound.
        FakeRegion.netmapIf(memory, 512, "eth0", new int[] {2, 1, 2, 1}, 512, 1_536, 2_560, 3_584, 0, 0);
        final NetmapIf netmapIf = region.netmapIf(512);
        assertThat(netmapIf.name()).isEqualTo("eth0");
        assertThat(netmapIf.txRings()).extracting(NetmapRing::ringId).containsExactly(0, 1, 2);
        assertThat(netmapIf.txRings()).noneMatch(NetmapRing::isRx);
        assertThat(netmapIf.rxRings()).extracting(NetmapRing::ringId).containsExactly(0);
        assertThat(netmapIf.rxRings()).allMatch(NetmapRing::isRx);
    }

    @Test
    void shouldReadAndWriteTheExtraListsHead() {
        FakeRegion.netmapIf(memory, 0, "a_name_of_16_byte", new int[4]);
        final NetmapIf netmapIf = region.netmapIf(0);
        netmapIf.bufsHead(77);
        assertThat(memory.map(32, 4).getInt(0)).isEqualTo(77);
        assertThat(netmapIf.bufsHead()).isEqualTo(77);
    }

    @Test
    void shouldReadANameWithoutTerminator() {
        FakeRegion.netmapIf(memory, 0, "sixteen_bytes_16", new int[4]);
        assertThat(region.netmapIf(0).name()).isEqualTo("sixteen_bytes_16");
    }

    @Test
    void shouldShareThePoolBetweenRings() {
        ring(1_024, 0, false);
        ring(2_048, 0, true);
        assertThat(region.ring(1_024).buffers()).isSameAs(region.ring(2_048).buffers());
    }

    @Test
    void shouldAddressBuffersByIndex() {
        ring(1_024, 0, false);
        final Buffers buffers = region.ring(1_024).buffers();
        assertThat(buffers.bufSize()).isEqualTo(256);
        assertThat(buffers.total()).isEqualTo(32);
        buffers.slice(31).putInt(0, 0x01020304);
        final ByteBuffer raw = memory.map(POOL + 31 * 256, 4);
        assertThat(new byte[] {raw.get(0), raw.get(1), raw.get(2), raw.get(3)}).containsExactly(1, 2, 3, 4);
        assertThat(buffers.block(31).get(buffers.offset(31) + 3)).isEqualTo((byte) 4);
        buffers.listNext(31, 9);
        assertThat(buffers.listNext(31)).isEqualTo(9);
        assertThat(raw.getInt(0)).isEqualTo(9);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 32, Integer.MAX_VALUE})
    void shouldFollowNoIndexOutsideThePool(final int bufIdx) {
        ring(1_024, 0, false);
        final Buffers buffers = region.ring(1_024).buffers();
        assertThat(buffers.isValid(bufIdx)).isFalse();
        assertThatThrownBy(() -> buffers.slice(bufIdx))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2..31");
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, (1 << 24) + 1, Integer.MAX_VALUE, 10_000})
    void shouldRefuseARingWithGarbageForNumSlots(final int numSlots) {
        ring(1_024, 0, false);
        memory.map(1_024, 256).putInt(8, numSlots);
        assertThatThrownBy(() -> region.ring(1_024)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 63, 65_537, Integer.MAX_VALUE})
    void shouldRefuseARingWithGarbageForNrBufSize(final int bufSize) {
        ring(1_024, 0, false);
        memory.map(1_024, 256).putInt(12, bufSize);
        assertThatThrownBy(() -> region.ring(1_024))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nr_buf_size");
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(longs = {Long.MIN_VALUE, -1_025, SIZE, Long.MAX_VALUE})
    void shouldRefuseARingWithGarbageForBufOfs(final long bufOfs) {
        ring(1_024, 0, false);
        memory.map(1_024, 256).putLong(0, bufOfs);
        assertThatThrownBy(() -> region.ring(1_024)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(longs = {Long.MIN_VALUE, -1, SIZE - 55, SIZE, Long.MAX_VALUE})
    void shouldRefuseStructsOutsideTheRegion(final long offset) {
        assertThatThrownBy(() -> region.ring(offset)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> region.netmapIf(offset)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{displayName} at {0}")
    @ValueSource(ints = {24, 28, 36, 40})
    void shouldRefuseANetmapIfWithGarbageForARingCount(final int offset) {
        FakeRegion.netmapIf(memory, 0, "x", new int[] {1, 1, 1, 1}, 0, 0, 0, 0);
        for (final int garbage : new int[] {-1, 5_000, Integer.MAX_VALUE}) {
            memory.map(0, 56).putInt(offset, garbage);
            assertThatThrownBy(() -> region.netmapIf(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + garbage);
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(longs = {Long.MIN_VALUE, -4_096, SIZE, Long.MAX_VALUE})
    void shouldRefuseANetmapIfThatNamesARingOutsideTheRegion(final long ringOfs) {
        FakeRegion.netmapIf(memory, 0, "x", new int[] {1, 0, 0, 0}, ringOfs);
        assertThatThrownBy(() -> region.netmapIf(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseRootsThatAreTooLong() {
        assertThatThrownBy(() -> region.slice(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> region.slice(0, SIZE + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(region.slice(0, SIZE).order()).isEqualTo(ByteOrder.nativeOrder());
    }
}
