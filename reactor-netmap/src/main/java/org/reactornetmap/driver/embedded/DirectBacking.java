package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/**
 * Direct buffers. Each object has memory of its own only while it exists: what is never made costs nothing, and a view
 * kept of a freed object does not reach the object that has its place now.
 */
final class DirectBacking implements Backing {
    private static final int ALIGNMENT = 64;

    @Override
    public ByteBuffer object(final long offset, final int length, final String port) {
        return newMemory(length, port);
    }

    @Override
    public ByteBuffer buffers(final long offset, final int length, final String port) {
        return newMemory(length, port);
    }

    /** Zeroed direct memory in native byte order that begins at a cache line. */
    private static ByteBuffer newMemory(final int length, final String port) {
        final ByteBuffer raw;
        try {
            raw = ByteBuffer.allocateDirect(length + ALIGNMENT);
        } catch (final OutOfMemoryError e) {
            final NetmapErrnoException failure = NetmapErrnoException.of(
                    EmbeddedWorld.REGISTER,
                    port,
                    Errno.ENOMEM,
                    "The JVM has no " + length + " bytes of direct memory left (" + e.getMessage()
                            + "): put pipes into one memory (@1), ask for fewer rings and slots, lower"
                            + " EmbeddedConfig.buffers or raise -XX:MaxDirectMemorySize.");
            failure.addSuppressed(e);
            throw failure;
        }
        final int misaligned = raw.alignmentOffset(0, ALIGNMENT);
        return raw.slice(misaligned == 0 ? 0 : ALIGNMENT - misaligned, length).order(ByteOrder.nativeOrder());
    }
}
