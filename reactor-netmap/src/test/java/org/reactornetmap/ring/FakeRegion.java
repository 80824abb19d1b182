package org.reactornetmap.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the structs that the kernel would, byte by byte, into any memory. */
final class FakeRegion {
    private FakeRegion() {}

    /** A mapping in one piece. */
    static RegionMemory of(final ByteBuffer memory) {
        return new RegionMemory() {
            @Override
            public long sizeBytes() {
                return memory.capacity();
            }

            @Override
            public ByteBuffer map(final long offset, final int length) {
                return memory.slice((int) offset, length).order(ByteOrder.nativeOrder());
            }
        };
    }

    static void ring(
            final RegionMemory memory,
            final long offset,
            final long poolOffset,
            final int slots,
            final int bufSize,
            final int ringId,
            final boolean rx) {
        final ByteBuffer ring = memory.map(offset, 256 + 16 * slots);
        ring.putLong(0, poolOffset - offset);
        ring.putInt(8, slots);
        ring.putInt(12, bufSize);
        ring.putShort(16, (short) ringId);
        ring.putShort(18, (short) (rx ? 0 : 1));
    }

    static void netmapIf(
            final RegionMemory memory, final long offset, final String name, final int[] counts, final long... ofs) {
        final ByteBuffer nifp = memory.map(offset, 56 + 8 * ofs.length);
        nifp.put(0, name.getBytes(StandardCharsets.UTF_8));
        nifp.putInt(24, counts[0]);
        nifp.putInt(36, counts[1]);
        nifp.putInt(28, counts[2]);
        nifp.putInt(40, counts[3]);
        for (int i = 0; i < ofs.length; i++) {
            nifp.putLong(56 + 8 * i, ofs[i]);
        }
    }
}
