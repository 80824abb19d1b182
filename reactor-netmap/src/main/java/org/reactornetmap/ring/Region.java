package org.reactornetmap.ring;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The shared memory in which a port's {@code netmap_if}, rings and buffers live. Offsets are {@code long}: a region may
 * exceed 2 GiB. It hands out one root buffer for each {@code netmap_if} and ring and {@link Buffers} for the packet
 * buffers; no root is larger than 1 GiB and none splits a ring or a buffer. Any thread.
 */
public final class Region {
    /** The largest root buffer, in bytes. */
    public static final int MAX_ROOT_BYTES = 1 << 30;

    private final RegionMemory memory;
    private final int memId;
    private @Nullable Buffers buffers;
    private long buffersOffset;

    /**
     * Creates a region over mapped memory.
     *
     * @param memory the mapping
     * @param memId netmap's memory id: ports with the same id of one driver share buffers
     */
    public Region(final RegionMemory memory, final int memId) {
        this.memory = memory;
        this.memId = memId;
    }

    /**
     * Size of the mapping.
     *
     * @return bytes
     */
    public long sizeBytes() {
        return memory.sizeBytes();
    }

    /**
     * netmap's memory id.
     *
     * @return the id, 1 for the global allocator
     */
    public int memId() {
        return memId;
    }

    /**
     * The {@code netmap_if} at an offset.
     *
     * @param offset bytes from the region's start, as REGISTER returned it
     * @return a view
     * @throws IllegalArgumentException if it, or any ring it names, does not lie inside the region
     */
    public NetmapIf netmapIf(final long offset) {
        return new NetmapIf(this, offset);
    }

    /**
     * The ring at an offset.
     *
     * @param offset bytes from the region's start
     * @return a view
     * @throws IllegalArgumentException if the ring does not lie inside the region or its header makes no sense
     */
    public NetmapRing ring(final long offset) {
        final ByteBuffer header = slice(offset, NetmapRingDescriptor.SLOTS_OFFSET);
        final int numSlots = header.getInt(NetmapRingDescriptor.NUM_SLOTS_OFFSET);
        if (numSlots < 2 || numSlots > (1 << 24)) {
            throw new IllegalArgumentException("num_slots of the ring at " + offset + " is " + numSlots
                    + ": expected 2..16777216; is this a netmap region of API version 14?");
        }
        final ByteBuffer whole = slice(offset, NetmapRingDescriptor.ringLength(numSlots));
        final long bufOfs = whole.getLong(NetmapRingDescriptor.BUF_OFS_OFFSET);
        final int bufSize = whole.getInt(NetmapRingDescriptor.NR_BUF_SIZE_OFFSET);
        return new NetmapRing(whole, buffers(offset + bufOfs, bufSize));
    }

    /** All rings of a region share one pool; the rings' blocks are then the same objects. */
    private synchronized Buffers buffers(final long poolOffset, final int bufSize) {
        Buffers shared = buffers;
        if (shared == null || buffersOffset != poolOffset || shared.bufSize() != bufSize) {
            shared = new Buffers(memory, poolOffset, bufSize);
            buffers = shared;
            buffersOffset = poolOffset;
        }
        return shared;
    }

    /**
     * Part of the region as a root buffer.
     *
     * @param offset bytes from the region's start
     * @param length bytes
     * @return a direct buffer in native byte order
     * @throws IllegalArgumentException if the range is not inside the region or is longer than {@link #MAX_ROOT_BYTES}
     */
    public ByteBuffer slice(final long offset, final int length) {
        if (offset < 0 || length < 0 || length > MAX_ROOT_BYTES || offset > memory.sizeBytes() - length) {
            throw new IllegalArgumentException(
                    "range " + offset + "+" + length + " is not inside the region of " + memory.sizeBytes() + " bytes");
        }
        return memory.map(offset, length);
    }
}
