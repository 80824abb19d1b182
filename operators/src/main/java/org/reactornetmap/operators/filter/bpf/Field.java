package org.reactornetmap.operators.filter.bpf;

/**
 * Some bits of a frame, as a program loads them: {@code (size bytes at offset) & mask}.
 *
 * @param size {@link BpfCode#W}, {@link BpfCode#H} or {@link BpfCode#B}
 * @param header {@link #FIXED}, or where the byte is whose low four bits, times four, are added to the offset: the length of
 *     an IPv4 header
 * @param offset of the first byte, 0 or more
 * @param mask the bits that count
 */
record Field(int size, int header, int offset, int mask) implements Known {
    static final int FIXED = -1;

    /** Says that the frame ends before the field does. No u32. */
    static final long ABSENT = -1;

    static Field of(final int size, final int header, final int offset) {
        return new Field(size, header, offset, (int) ((1L << (Byte.SIZE * bytes(size))) - 1));
    }

    private static int bytes(final int size) {
        return switch (size) {
            case BpfCode.W -> Integer.BYTES;
            case BpfCode.H -> Short.BYTES;
            default -> Byte.BYTES;
        };
    }

    Field masked(final int bits) {
        return new Field(size, header, offset, mask & bits);
    }

    /** Whether the field can have the value. */
    boolean takes(final int value) {
        return (value & ~mask) == 0;
    }

    /** The value, u32, or {@link #ABSENT}. */
    <F> long read(final FrameReader<F> reader, final F frame, final int start, final int captured) {
        long at = offset;
        if (header != FIXED) {
            if (header >= captured) {
                return ABSENT;
            }
            at += (reader.u8(frame, start + header) & 0x0F) << 2;
        }
        if (at + bytes(size) > captured) {
            return ABSENT;
        }
        final int from = start + (int) at;
        final int value =
                switch (size) {
                    case BpfCode.W -> reader.u32(frame, from);
                    case BpfCode.H -> reader.u16(frame, from);
                    default -> reader.u8(frame, from);
                };
        return Integer.toUnsignedLong(value & mask);
    }
}
