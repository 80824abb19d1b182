package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.Region;
import reactor.util.Logger;
import reactor.util.Loggers;

/** Makes rings in a region, gives their slots buffers, and takes both back. Guarded by the world's lock. */
final class RingAllocator {
    private static final Logger LOG = Loggers.getLogger(RingAllocator.class);

    private final MemoryObjects memory;
    private final Region region;
    private final BufferPool pool;
    private final int bufSize;

    RingAllocator(final MemoryObjects memory, final Region region, final BufferPool pool, final int bufSize) {
        this.memory = memory;
        this.region = region;
        this.pool = pool;
        this.bufSize = bufSize;
    }

    /** Makes a ring whose slots are all zero. */
    RingObject newRing(final String port, final boolean rx, final int ringId, final int slots) {
        final long offset = memory.allocateRing(slots, port);
        final ByteBuffer header = region.slice(offset, NetmapRingDescriptor.SLOTS_OFFSET);
        header.putLong(NetmapRingDescriptor.BUF_OFS_OFFSET, memory.poolOffset() - offset);
        header.putInt(NetmapRingDescriptor.NUM_SLOTS_OFFSET, slots);
        header.putInt(NetmapRingDescriptor.NR_BUF_SIZE_OFFSET, bufSize);
        header.putShort(NetmapRingDescriptor.RINGID_OFFSET, (short) ringId);
        header.putShort(NetmapRingDescriptor.DIR_OFFSET, (short)
                (rx ? NetmapRingDescriptor.DIR_RX : NetmapRingDescriptor.DIR_TX));
        final ByteBuffer whole = region.slice(offset, NetmapRingDescriptor.ringLength(slots));
        return new RingObject(offset, whole, region.ring(offset));
    }

    void freeRing(final long offset) {
        memory.freeRing(offset);
    }

    /** Puts a buffer into each slot. The caller made sure that there are enough. */
    void fill(final NetmapRing ring) {
        int bufIdx = 0;
        for (int i = 0; i < ring.numSlots(); i++) {
            bufIdx = pool.take(bufIdx);
            ring.slotWord(i, NetmapSlotDescriptor.word(bufIdx, bufSize, 0));
            ring.slotPtr(i, 0);
        }
    }

    /** Frees a buffer that a slot names: whatever user space left there. */
    void freeSlotBuffer(final String port, final int bufIdx) {
        if (pool.isValid(bufIdx)) {
            if (!pool.give(bufIdx)) {
                LOG.warn("{}: buffer {} was in a slot, but is free already", port, bufIdx);
            }
        } else if (bufIdx != 0 && bufIdx != 1) {
            LOG.warn("{}: a slot holds buf_idx {}, expected 2..{}", port, bufIdx, pool.total() - 1);
        }
    }
}
