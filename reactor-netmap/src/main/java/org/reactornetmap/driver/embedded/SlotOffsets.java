package org.reactornetmap.driver.embedded;

/**
 * Where the frames of one ring begin in their buffers: what {@code NETMAP_REQ_OPT_OFFSETS} agreed on. Immutable.
 *
 * @param mask bits of a slot's {@code ptr} that hold the offset; 0: frames begin where their buffers do
 * @param max largest offset, in bytes; a larger one counts as this
 * @param gap least distance of two frames in one buffer, in bytes; 0: no buffer is in two slots
 */
record SlotOffsets(long mask, int max, long gap) {
    /** Frames begin where their buffers do. */
    static final SlotOffsets NONE = new SlotOffsets(0, 0, 0);

    boolean areUsed() {
        return mask != 0;
    }

    /** {@code nm_get_offset}. */
    int of(final long ptr) {
        final long offset = ptr & mask;
        return Long.compareUnsigned(offset, max) > 0 ? max : (int) offset;
    }

    /** {@code nm_write_offset}: the slot's {@code ptr} with another offset. */
    long with(final long ptr, final long offset) {
        return (ptr & ~mask) | (offset & mask);
    }

    /** {@code hwbuf_len}: what a NIC may write behind the offset. netmap_compute_buf_len. */
    int room(final int bufSize) {
        return (int) Math.min(bufSize - max, gap == 0 ? bufSize : Math.min(gap, bufSize));
    }
}
