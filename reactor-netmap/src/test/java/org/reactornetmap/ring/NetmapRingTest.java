package org.reactornetmap.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ring flyweight against the bytes at their literal offsets. */
class NetmapRingTest {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(8_192).order(ByteOrder.nativeOrder());
    private NetmapRing ring;

    @BeforeEach
    void makeRing() {
        final RegionMemory region = FakeRegion.of(memory);
        FakeRegion.ring(region, 0, 1_024, 7, 256, 3, true);
        ring = new Region(region, 1).ring(0);
    }

    @Test
    void shouldReadTheHeaderOnceAtCreation() {
        assertThat(ring.numSlots()).isEqualTo(7);
        assertThat(ring.ringId()).isEqualTo(3);
        assertThat(ring.isRx()).isTrue();
        memory.putInt(8, 1_000_000);
        memory.putShort(16, (short) 9);
        memory.putShort(18, (short) 1);
        assertThat(ring.numSlots()).isEqualTo(7);
        assertThat(ring.ringId()).isEqualTo(3);
        assertThat(ring.isRx()).isTrue();
    }

    @Test
    void shouldReadAndWritePointersWhereTheyAre() {
        memory.putInt(20, 1).putInt(24, 2).putInt(28, -3).putInt(32, 4);
        assertThat(ring.head()).isEqualTo(1);
        assertThat(ring.cur()).isEqualTo(2);
        assertThat(ring.tail()).isEqualTo(-3);
        assertThat(ring.flags()).isEqualTo(4);
        ring.head(5);
        ring.cur(6);
        ring.tail(7);
        ring.flags(8);
        assertThat(new int[] {memory.getInt(20), memory.getInt(24), memory.getInt(28), memory.getInt(32)})
                .containsExactly(5, 6, 7, 8);
    }

    @Test
    void shouldReadAndWriteTheTimestamp() {
        ring.timestamp(1_700_000_000L, 123_456L);
        assertThat(memory.getLong(40)).isEqualTo(1_700_000_000L);
        assertThat(memory.getLong(48)).isEqualTo(123_456L);
        assertThat(ring.timestampNanos()).isEqualTo(1_700_000_000_123_456_000L);
    }

    @Test
    void shouldReadAndWriteSlotsWhereTheyAre() {
        for (int i = 0; i < 7; i++) {
            ring.slotWord(i, NetmapSlotDescriptor.word(10 + i, 60 + i, i));
            ring.slotPtr(i, -i);
        }
        for (int i = 0; i < 7; i++) {
            final int at = 256 + 16 * i;
            assertThat(memory.getInt(at)).isEqualTo(10 + i);
            assertThat(memory.getShort(at + 4)).isEqualTo((short) (60 + i));
            assertThat(memory.getShort(at + 6)).isEqualTo((short) i);
            assertThat(memory.getLong(at + 8)).isEqualTo(-i);
            assertThat(ring.slotWord(i)).isEqualTo(NetmapSlotDescriptor.word(10 + i, 60 + i, i));
            assertThat(ring.slotPtr(i)).isEqualTo(-i);
        }
    }

    @Test
    void shouldShowItsPointersAsText() {
        ring.head(1);
        assertThat(ring).hasToString("RX ring 3 (7 slots, head 1, cur 0, tail 0)");
    }
}
