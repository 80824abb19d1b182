package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapIfDescriptor;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.RegionMemory;

/**
 * The objects of one netmap memory, laid out as the kernel's: {@code netmap_if}s, rings, packet buffers. The packet
 * buffers are allocated when the first port opens. Any thread.
 */
final class MemoryObjects implements RegionMemory {
    private final ObjectArea interfaces;
    private final ObjectArea rings;
    private final Backing backing;
    private final long poolOffset;
    private final int bufSize;
    private final int buffersPerBlock;
    private final int buffers;
    private ByteBuffer @Nullable [] blocks;

    MemoryObjects(final MemoryLayout layout, final Backing backing) {
        this.backing = backing;
        this.interfaces = new ObjectArea(layout.ifs(), 0, backing);
        this.rings = new ObjectArea(layout.rings(), layout.ringsOffset(), backing);
        this.poolOffset = layout.bufsOffset();
        this.bufSize = layout.bufs().size();
        this.buffersPerBlock = Buffers.buffersPerBlock(bufSize);
        this.buffers = layout.bufs().usable();
    }

    ObjectArea interfaces() {
        return interfaces;
    }

    ObjectArea rings() {
        return rings;
    }

    @Override
    public long sizeBytes() {
        return poolOffset + (long) buffers * bufSize;
    }

    /** Offset of buffer 0. */
    long poolOffset() {
        return poolOffset;
    }

    long allocateIf(final int ringCount, final String port) {
        return interfaces.allocate(NetmapIfDescriptor.ifLength(ringCount), port);
    }

    void freeIf(final long offset) {
        interfaces.free(offset);
    }

    long allocateRing(final int slots, final String port) {
        return rings.allocate(NetmapRingDescriptor.ringLength(slots), port);
    }

    void freeRing(final long offset) {
        rings.free(offset);
    }

    /** Allocates the packet buffers if that has not been done. */
    synchronized void ensureBuffers(final String port) {
        if (blocks != null) {
            return;
        }
        final ByteBuffer[] made = new ByteBuffer[(buffers + buffersPerBlock - 1) / buffersPerBlock];
        for (int i = 0; i < made.length; i++) {
            final int count = Math.min(buffersPerBlock, buffers - i * buffersPerBlock);
            made[i] = backing.buffers(poolOffset + (long) i * buffersPerBlock * bufSize, count * bufSize, port);
        }
        blocks = made;
    }

    /** The first four bytes of a valid buffer; {@link #ensureBuffers} was called. */
    synchronized int firstWord(final int bufIdx) {
        return block(bufIdx).getInt(bufIdx % buffersPerBlock * bufSize);
    }

    /** Writes the first four bytes of a valid buffer; {@link #ensureBuffers} was called. */
    synchronized void firstWord(final int bufIdx, final int value) {
        block(bufIdx).putInt(bufIdx % buffersPerBlock * bufSize, value);
    }

    private ByteBuffer block(final int bufIdx) {
        return Objects.requireNonNull(blocks, "no port was opened")[bufIdx / buffersPerBlock];
    }

    @Override
    public ByteBuffer map(final long offset, final int length) {
        final ByteBuffer view;
        if (offset >= poolOffset) {
            view = mapBuffers(offset - poolOffset, length);
        } else {
            final ByteBuffer inIfs = interfaces.map(offset, length);
            view = inIfs != null ? inIfs : rings.map(offset, length);
        }
        if (view == null) {
            throw new IllegalArgumentException("range " + offset + "+" + length
                    + " does not lie inside one netmap_if, ring or block of buffers that exists");
        }
        return view;
    }

    private synchronized @Nullable ByteBuffer mapBuffers(final long poolRelative, final int length) {
        final ByteBuffer[] made = blocks;
        final long blockBytes = (long) buffersPerBlock * bufSize;
        final int block = (int) (poolRelative / blockBytes);
        final int start = (int) (poolRelative % blockBytes);
        if (made == null || block >= made.length || length > made[block].capacity() - start) {
            return null;
        }
        return made[block].slice(start, length).order(ByteOrder.nativeOrder());
    }
}
