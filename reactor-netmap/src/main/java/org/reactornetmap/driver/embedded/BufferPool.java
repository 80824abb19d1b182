package org.reactornetmap.driver.embedded;

import java.util.BitSet;

/** Which buffers are free: a bitmap, lowest index first, as in netmap_mem2.c. Guarded by the world's lock. */
final class BufferPool {
    static final int FIRST = 2;

    private final int total;
    private final BitSet free;
    private int freeCount;

    BufferPool(final int total) {
        this.total = total;
        this.free = new BitSet(total);
        reset();
    }

    /** Takes every buffer back, as the kernel does when the last user of a region is gone. */
    void reset() {
        free.set(FIRST, total);
        freeCount = total - FIRST;
    }

    int total() {
        return total;
    }

    int freeCount() {
        return freeCount;
    }

    boolean isFree(final int bufIdx) {
        return free.get(bufIdx);
    }

    /** Whether an index may be freed or followed at all. */
    boolean isValid(final int bufIdx) {
        return bufIdx >= FIRST && bufIdx < total;
    }

    /** The next free buffer at or after {@code from}, taken; 0 if none is left. */
    int take(final int from) {
        final int bufIdx = free.nextSetBit(Math.max(from, FIRST));
        if (bufIdx < 0) {
            return from > FIRST && freeCount > 0 ? take(FIRST) : 0;
        }
        free.clear(bufIdx);
        freeCount--;
        return bufIdx;
    }

    /** Gives a valid buffer back; false if it was free already. */
    boolean give(final int bufIdx) {
        if (free.get(bufIdx)) {
            return false;
        }
        free.set(bufIdx);
        freeCount++;
        return true;
    }
}
