package org.reactornetmap.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every offset and flag as a literal, as measured with gcc on x86-64 from netmap.h, API 14. */
class DescriptorsTest {
    @Test
    void shouldLayOutNetmapSlotAsTheHeaderDoes() {
        assertThat(NetmapSlotDescriptor.BUF_IDX_OFFSET).isEqualTo(0);
        assertThat(NetmapSlotDescriptor.LEN_OFFSET).isEqualTo(4);
        assertThat(NetmapSlotDescriptor.FLAGS_OFFSET).isEqualTo(6);
        assertThat(NetmapSlotDescriptor.PTR_OFFSET).isEqualTo(8);
        assertThat(NetmapSlotDescriptor.SLOT_LENGTH).isEqualTo(16);
        assertThat(NetmapSlotDescriptor.FIRST_BUFFER).isEqualTo(2);
    }

    @Test
    void shouldNameSlotFlagsAsTheHeaderDoes() {
        assertThat(NetmapSlotDescriptor.NS_BUF_CHANGED).isEqualTo(0x0001);
        assertThat(NetmapSlotDescriptor.NS_REPORT).isEqualTo(0x0002);
        assertThat(NetmapSlotDescriptor.NS_FORWARD).isEqualTo(0x0004);
        assertThat(NetmapSlotDescriptor.NS_NO_LEARN).isEqualTo(0x0008);
        assertThat(NetmapSlotDescriptor.NS_INDIRECT).isEqualTo(0x0010);
        assertThat(NetmapSlotDescriptor.NS_MOREFRAG).isEqualTo(0x0020);
        assertThat(NetmapSlotDescriptor.NS_TXMON).isEqualTo(0x0040);
    }

    @Test
    void shouldLayOutNetmapRingAsTheHeaderDoes() {
        assertThat(NetmapRingDescriptor.BUF_OFS_OFFSET).isEqualTo(0);
        assertThat(NetmapRingDescriptor.NUM_SLOTS_OFFSET).isEqualTo(8);
        assertThat(NetmapRingDescriptor.NR_BUF_SIZE_OFFSET).isEqualTo(12);
        assertThat(NetmapRingDescriptor.RINGID_OFFSET).isEqualTo(16);
        assertThat(NetmapRingDescriptor.DIR_OFFSET).isEqualTo(18);
        assertThat(NetmapRingDescriptor.HEAD_OFFSET).isEqualTo(20);
        assertThat(NetmapRingDescriptor.CUR_OFFSET).isEqualTo(24);
        assertThat(NetmapRingDescriptor.TAIL_OFFSET).isEqualTo(28);
        assertThat(NetmapRingDescriptor.FLAGS_OFFSET).isEqualTo(32);
        assertThat(NetmapRingDescriptor.TS_SEC_OFFSET).isEqualTo(40);
        assertThat(NetmapRingDescriptor.TS_USEC_OFFSET).isEqualTo(48);
        assertThat(NetmapRingDescriptor.OFFSET_MASK_OFFSET).isEqualTo(56);
        assertThat(NetmapRingDescriptor.BUF_ALIGN_OFFSET).isEqualTo(64);
        assertThat(NetmapRingDescriptor.SEM_OFFSET).isEqualTo(128);
        assertThat(NetmapRingDescriptor.SLOTS_OFFSET).isEqualTo(256);
        assertThat(NetmapRingDescriptor.slotOffset(0)).isEqualTo(256);
        assertThat(NetmapRingDescriptor.slotOffset(3)).isEqualTo(304);
        assertThat(NetmapRingDescriptor.ringLength(1_024)).isEqualTo(16_640);
        assertThat(NetmapRingDescriptor.DIR_TX).isEqualTo(1);
        assertThat(NetmapRingDescriptor.DIR_RX).isEqualTo(0);
        assertThat(NetmapRingDescriptor.NR_TIMESTAMP).isEqualTo(0x0002);
        assertThat(NetmapRingDescriptor.NR_FORWARD).isEqualTo(0x0004);
    }

    @Test
    void shouldLayOutNetmapIfAsTheHeaderDoes() {
        assertThat(NetmapIfDescriptor.NAME_OFFSET).isEqualTo(0);
        assertThat(NetmapIfDescriptor.NAME_LENGTH).isEqualTo(16);
        assertThat(NetmapIfDescriptor.VERSION_OFFSET).isEqualTo(16);
        assertThat(NetmapIfDescriptor.FLAGS_OFFSET).isEqualTo(20);
        assertThat(NetmapIfDescriptor.TX_RINGS_OFFSET).isEqualTo(24);
        assertThat(NetmapIfDescriptor.RX_RINGS_OFFSET).isEqualTo(28);
        assertThat(NetmapIfDescriptor.BUFS_HEAD_OFFSET).isEqualTo(32);
        assertThat(NetmapIfDescriptor.HOST_TX_RINGS_OFFSET).isEqualTo(36);
        assertThat(NetmapIfDescriptor.HOST_RX_RINGS_OFFSET).isEqualTo(40);
        assertThat(NetmapIfDescriptor.RING_OFS_OFFSET).isEqualTo(56);
        assertThat(NetmapIfDescriptor.ringOfsOffset(2)).isEqualTo(72);
        assertThat(NetmapIfDescriptor.ifLength(4)).isEqualTo(88);
        assertThat(NetmapIfDescriptor.NETMAP_API).isEqualTo(14);
        assertThat(NetmapIfDescriptor.NETMAP_MAX_API).isEqualTo(15);
    }

    @Test
    void shouldPackASlotsFirstEightBytes() {
        assertThat(NetmapSlotDescriptor.word(0x01020304, 0x0506, 0x0708)).isEqualTo(0x0708_0506_0102_0304L);
        assertThat(NetmapSlotDescriptor.word(-1, 65_535, 65_535)).isEqualTo(-1L);
        assertThat(NetmapSlotDescriptor.word(-1, 0, 0)).isEqualTo(0xFFFF_FFFFL);
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            final long word = random.nextLong();
            assertThat(NetmapSlotDescriptor.word(
                            NetmapSlotDescriptor.bufIdx(word),
                            NetmapSlotDescriptor.len(word),
                            NetmapSlotDescriptor.flags(word)))
                    .as("seed %d", seed)
                    .isEqualTo(word);
        }
    }
}
