package org.reactornetmap.ring;

import java.nio.ByteBuffer;

/** The memory that a driver mapped: hands out root buffers at any offset. Implemented by drivers; any thread. */
public interface RegionMemory {
    /**
     * Size of the mapping.
     *
     * @return bytes; may exceed 2 GiB
     */
    long sizeBytes();

    /**
     * A direct buffer over part of the mapping. It keeps the mapping reachable.
     *
     * @param offset bytes from the region's start, not negative
     * @param length bytes, at most {@link Region#MAX_ROOT_BYTES}
     * @return a buffer in native byte order, position 0, capacity {@code length}
     * @throws IllegalArgumentException if the range is not inside the mapping, or the driver cannot give it in one piece
     */
    ByteBuffer map(long offset, int length);
}
