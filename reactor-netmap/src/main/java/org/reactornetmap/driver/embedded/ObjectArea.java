package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A part of the region that holds objects of one kind, {@code netmap_if}s or rings. Each object has its place in the
 * region's offsets from the start. Guarded by itself.
 */
final class ObjectArea {
    private final Backing backing;
    private final long base;
    private final int objectBytes;
    private final BitSet used = new BitSet();
    private final @Nullable ByteBuffer[] objects;

    ObjectArea(final PoolLayout layout, final long base, final Backing backing) {
        this.backing = backing;
        this.base = base;
        this.objectBytes = layout.size();
        this.objects = new @Nullable ByteBuffer[layout.usable()];
    }

    /** Objects that can be had. */
    int total() {
        return objects.length;
    }

    /** Objects in use. */
    synchronized int used() {
        return used.cardinality();
    }

    /** Bytes of the largest object. */
    int objectBytes() {
        return objectBytes;
    }

    private long end() {
        return base + (long) objectBytes * objects.length;
    }

    /** Makes a zeroed object and returns its offset in the region. The caller made sure that there is room for it. */
    synchronized long allocate(final int length, final String port) {
        final int index = used.nextClearBit(0);
        if (length > objectBytes || index >= objects.length) {
            throw new IllegalStateException("no room for an object of " + length + " bytes for " + port);
        }
        final long offset = base + (long) index * objectBytes;
        objects[index] = backing.object(offset, length, port);
        used.set(index);
        return offset;
    }

    synchronized void free(final long offset) {
        final int index = (int) ((offset - base) / objectBytes);
        used.clear(index);
        objects[index] = null;
    }

    /** A view of part of an object; null if the range is not inside one. */
    synchronized @Nullable ByteBuffer map(final long offset, final int length) {
        if (offset < base || offset >= end()) {
            return null;
        }
        final ByteBuffer object = objects[(int) ((offset - base) / objectBytes)];
        final int start = (int) ((offset - base) % objectBytes);
        if (object == null || length > object.capacity() - start) {
            return null;
        }
        return object.slice(start, length).order(ByteOrder.nativeOrder());
    }
}
