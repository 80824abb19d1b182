package org.reactornetmap.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The packet buffers of a region, addressed by {@code buf_idx}. They are mapped in blocks of at most 1 GiB that hold
 * whole buffers: {@link #block(int)} is the memory and {@link #offset(int)} the place in it. Immutable; any thread, but
 * a buffer's content belongs to whoever holds its index.
 */
public final class Buffers {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer[] blocks;
    private final int bufSize;
    private final int total;
    private final int shift;
    private final int mask;

    Buffers(final RegionMemory memory, final long poolOffset, final int bufSize) {
        if (bufSize < 64 || bufSize > (1 << 16) || poolOffset < 0 || poolOffset > memory.sizeBytes()) {
            throw new IllegalArgumentException("nr_buf_size " + bufSize + " (expected 64..65536) with buffers at "
                    + poolOffset + " of a region of " + memory.sizeBytes() + " bytes: not a netmap region of API 14?");
        }
        this.bufSize = bufSize;
        this.total = (int) Math.min(Integer.MAX_VALUE, (memory.sizeBytes() - poolOffset) / bufSize);
        this.shift = 31 - Integer.numberOfLeadingZeros(Region.MAX_ROOT_BYTES / bufSize);
        this.mask = (1 << shift) - 1;
        this.blocks = new ByteBuffer[(int) (((long) total + mask) >>> shift)];
        for (int i = 0; i < blocks.length; i++) {
            final int first = i << shift;
            final int count = Math.min(1 << shift, total - first);
            blocks[i] = memory.map(poolOffset + (long) first * bufSize, count * bufSize);
        }
    }

    /**
     * The number of buffers in one block for a buffer size: drivers that allocate in pieces use the same.
     *
     * @param bufSize size of a buffer in bytes
     * @return a power of two
     */
    public static int buffersPerBlock(final int bufSize) {
        return Integer.highestOneBit(Region.MAX_ROOT_BYTES / bufSize);
    }

    /**
     * Size of one buffer.
     *
     * @return bytes
     */
    public int bufSize() {
        return bufSize;
    }

    /**
     * Number of buffers, the two reserved ones included.
     *
     * @return valid indexes are 2..total-1
     */
    public int total() {
        return total;
    }

    /**
     * Whether an index names a buffer that may hold data.
     *
     * @param bufIdx any int
     * @return true for 2..total-1
     */
    public boolean isValid(final int bufIdx) {
        return bufIdx >= NetmapSlotDescriptor.FIRST_BUFFER && bufIdx < total;
    }

    /**
     * The block of memory that holds a buffer.
     *
     * @param bufIdx a valid index
     * @return the block, in native byte order; shared: use absolute access only
     */
    public ByteBuffer block(final int bufIdx) {
        return blocks[bufIdx >>> shift];
    }

    /**
     * Where a buffer begins in its block.
     *
     * @param bufIdx a valid index
     * @return offset in bytes
     */
    public int offset(final int bufIdx) {
        return (bufIdx & mask) * bufSize;
    }

    /**
     * A new view of one whole buffer.
     *
     * @param bufIdx a valid index
     * @return a slice of {@link #bufSize()} bytes in big-endian (network) order
     * @throws IllegalArgumentException if the index is not valid
     */
    public ByteBuffer slice(final int bufIdx) {
        if (!isValid(bufIdx)) {
            throw new IllegalArgumentException("buf_idx " + bufIdx + ": expected 2.." + (total - 1));
        }
        return block(bufIdx).slice(offset(bufIdx), bufSize);
    }

    /**
     * The index of the next buffer in an extra-buffer list, which lives in the first four bytes of each buffer.
     *
     * @param bufIdx a valid index
     * @return whatever the buffer's first u32 says, 0 at the list's end
     */
    public int listNext(final int bufIdx) {
        return (int) INT.get(block(bufIdx), offset(bufIdx));
    }

    /**
     * Links a buffer to the next one of an extra-buffer list.
     *
     * @param bufIdx a valid index
     * @param next index of the next buffer, 0 at the list's end
     */
    public void listNext(final int bufIdx, final int next) {
        INT.set(block(bufIdx), offset(bufIdx), next);
    }
}
