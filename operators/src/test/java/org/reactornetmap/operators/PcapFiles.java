package org.reactornetmap.operators;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Capture files made by hand, in every flavour of the classic format. */
final class PcapFiles {

    static final int FILE_HEADER_LENGTH = 24;
    static final int RECORD_HEADER_LENGTH = 16;

    /** The classic format's four kinds of file. */
    enum Flavour {
        MICROS_BIG(0xa1b2c3d4, ByteOrder.BIG_ENDIAN),
        MICROS_LITTLE(0xa1b2c3d4, ByteOrder.LITTLE_ENDIAN),
        NANOS_BIG(0xa1b23c4d, ByteOrder.BIG_ENDIAN),
        NANOS_LITTLE(0xa1b23c4d, ByteOrder.LITTLE_ENDIAN);

        private final int magic;
        private final ByteOrder order;

        Flavour(int magic, ByteOrder order) {
            this.magic = magic;
            this.order = order;
        }

        int nanosPerTick() {
            return magic == 0xa1b2c3d4 ? 1_000 : 1;
        }
    }

    private PcapFiles() {}

    static byte[] header(Flavour flavour, int snapLength, int linkType) {
        return ByteBuffer.allocate(FILE_HEADER_LENGTH)
                .order(flavour.order)
                .putInt(flavour.magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(-3600) // zone, which nobody fills and nobody reads
                .putInt(6)
                .putInt(snapLength)
                .putInt(linkType)
                .array();
    }

    static byte[] record(Flavour flavour, int seconds, int ticks, int capturedLength, int wireLength, byte[] data) {
        return ByteBuffer.allocate(RECORD_HEADER_LENGTH + data.length)
                .order(flavour.order)
                .putInt(seconds)
                .putInt(ticks)
                .putInt(capturedLength)
                .putInt(wireLength)
                .put(data)
                .array();
    }

    static byte[] record(Flavour flavour, int seconds, int ticks, byte[] data) {
        return record(flavour, seconds, ticks, data.length, data.length, data);
    }

    static byte[] concat(List<byte[]> parts) {
        ByteBuffer whole =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(whole::put);
        return whole.array();
    }
}
