package org.reactornetmap.operators.filter.bpf;

/**
 * Some bits of a frame, as a program loads them.
 *
 * @param bytes 4, 2 or 1
 * @param header {@link #FIXED}, or where the byte is whose low four bits, times four, are added to the offset: the length of
 *     an IPv4 header
 * @param offset of the first byte, 0 or more
 * @param mask the bits that count
 */
record Field(int bytes, int header, int offset, int mask) implements Known {
    static final int FIXED = -1;

    static Field of(final int size, final int header, final int offset) {
        final int bytes =
                switch (size) {
                    case BpfCode.W -> Integer.BYTES;
                    case BpfCode.H -> Short.BYTES;
                    default -> Byte.BYTES;
                };
        return new Field(bytes, header, offset, (int) ((1L << (Byte.SIZE * bytes)) - 1));
    }

    Field masked(final int bits) {
        return new Field(bytes, header, offset, mask & bits);
    }

    /** Whether the field can have the value. */
    boolean takes(final int value) {
        return (value & ~mask) == 0;
    }
}
