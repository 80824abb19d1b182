package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;

/** Where the bytes of a memory's objects come from. Any thread. */
interface Backing {
    /**
     * Zeroed memory for a {@code netmap_if} or a ring.
     *
     * @param offset where the object is in the memory
     * @param length bytes
     * @param port who asks, for a message
     * @return direct, in native byte order
     */
    ByteBuffer object(long offset, int length, String port);

    /**
     * Memory for many buffers.
     *
     * @param offset where they begin in the memory
     * @param length bytes
     * @param port who asks, for a message
     * @return direct, in native byte order
     */
    ByteBuffer buffers(long offset, int length, String port);
}
