package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A direct buffer of the caller's: what the option EXTMEM points to, by an address that {@link UserMemory} gave.
 *
 * @param bytes the memory
 */
record UserBacking(ByteBuffer bytes) implements Backing {
    @Override
    public ByteBuffer object(final long offset, final int length, final String port) {
        final ByteBuffer object = buffers(offset, length, port);
        for (int i = 0; i < length; i++) {
            object.put(i, (byte) 0);
        }
        return object;
    }

    @Override
    public ByteBuffer buffers(final long offset, final int length, final String port) {
        return bytes.slice((int) offset, length).order(ByteOrder.nativeOrder());
    }
}
