package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/**
 * A part of the region that holds objects of one kind, {@code netmap_if}s or rings. Each object has its place in the
 * region's offsets from the start, and memory of its own only while it exists: what is never made costs nothing, and a
 * view kept of a freed object does not reach the object that has its place now. Guarded by itself.
 */
final class ObjectArea {
    private static final int ALIGNMENT = 64;

    private final String parameter;
    private final long base;
    private final int objectBytes;
    private final BitSet used = new BitSet();
    private final @Nullable ByteBuffer[] objects;

    ObjectArea(final String parameter, final long base, final int objectBytes, final int count) {
        this.parameter = parameter;
        this.base = base;
        this.objectBytes = objectBytes;
        this.objects = new @Nullable ByteBuffer[count];
    }

    /** First offset behind the area. */
    long end() {
        return base + (long) objectBytes * objects.length;
    }

    /** Makes a zeroed object and returns its offset in the region. */
    synchronized long allocate(final int length, final String port) {
        if (length > objectBytes) {
            throw NetmapErrnoException.of(
                    EmbeddedWorld.REGISTER,
                    port,
                    Errno.ENOMEM,
                    "An object of " + length + " bytes is needed and " + parameter + "_size is " + objectBytes
                            + ": ask for fewer rings or slots.");
        }
        final int index = used.nextClearBit(0);
        if (index >= objects.length) {
            throw NetmapErrnoException.of(
                    EmbeddedWorld.REGISTER,
                    port,
                    Errno.ENOMEM,
                    "All " + objects.length + " objects of " + parameter + "_num are in use: close ports or raise it in"
                            + " EmbeddedConfig.");
        }
        objects[index] = newMemory(length, port);
        used.set(index);
        return base + (long) index * objectBytes;
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

    /** Zeroed direct memory in native byte order that begins at a cache line. */
    static ByteBuffer newMemory(final int length, final String port) {
        final ByteBuffer raw;
        try {
            raw = ByteBuffer.allocateDirect(length + ALIGNMENT);
        } catch (final OutOfMemoryError e) {
            final NetmapErrnoException failure = NetmapErrnoException.of(
                    EmbeddedWorld.REGISTER,
                    port,
                    Errno.ENOMEM,
                    "The JVM has no " + length + " bytes of direct memory left (" + e.getMessage()
                            + "): lower EmbeddedConfig.buffers or raise -XX:MaxDirectMemorySize.");
            failure.addSuppressed(e);
            throw failure;
        }
        final int misaligned = raw.alignmentOffset(0, ALIGNMENT);
        return raw.slice(misaligned == 0 ? 0 : ALIGNMENT - misaligned, length).order(ByteOrder.nativeOrder());
    }
}
