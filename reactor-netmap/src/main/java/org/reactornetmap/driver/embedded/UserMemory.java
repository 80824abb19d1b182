package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the process that a slot with {@code NS_INDIRECT} may point to, as the kernel's {@code copyin} reads it.
 * Java has no addresses, so a direct buffer gets one here; netmap's switch then reads the frame where it lies, without a
 * ring's buffer in between. An address that belongs to no buffer is a bad pointer. Any thread.
 */
public final class UserMemory {
    private static final long FIRST_ADDRESS = 0x10_0000;
    private static final long PAGE = 4_096;
    private static final Mapping[] NOTHING = {};

    private volatile Mapping[] mappings = NOTHING;
    private long next = FIRST_ADDRESS;

    UserMemory() {}

    /**
     * Gives a buffer an address, which goes into a slot's {@code ptr}. The buffer stays the caller's: what it holds when
     * the slot is synced is what is sent.
     *
     * @param buffer a direct buffer; its remaining bytes get addresses
     * @return the address of its first remaining byte, never 0 and never one that was in use before
     * @throws IllegalArgumentException if the buffer is not direct
     */
    public synchronized long map(final ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException(buffer + " is not direct: use ByteBuffer.allocateDirect");
        }
        final ByteBuffer bytes = buffer.slice().order(ByteOrder.nativeOrder());
        final Mapping made = new Mapping(next, bytes);
        // A page that nothing owns lies between two buffers, so that an overrun is found.
        next += (bytes.capacity() + 2 * PAGE - 1) / PAGE * PAGE;
        final Mapping[] old = mappings;
        final Mapping[] grown = Arrays.copyOf(old, old.length + 1);
        grown[old.length] = made;
        mappings = grown;
        return made.address;
    }

    /**
     * Takes a buffer's address away. A sync that is under way may still read it.
     *
     * @param address as {@link #map} returned it
     * @throws IllegalArgumentException if no buffer has this address
     */
    public synchronized void unmap(final long address) {
        final Mapping[] old = mappings;
        final Mapping[] rest =
                Arrays.stream(old).filter(m -> m.address != address).toArray(Mapping[]::new);
        if (rest.length == old.length) {
            throw new IllegalArgumentException("no buffer has the address 0x" + Long.toHexString(address));
        }
        mappings = rest;
    }

    /** The buffer that an address points into, null if none. The addresses rise with the places. */
    @Nullable
    Mapping find(final long address) {
        final Mapping[] all = mappings;
        int low = 0;
        int high = all.length - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            final Mapping mapping = all[middle];
            if (address < mapping.address) {
                high = middle - 1;
            } else if (address - mapping.address >= mapping.bytes.capacity()) {
                low = middle + 1;
            } else {
                return mapping;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return mappings.length + " buffers from 0x" + Long.toHexString(FIRST_ADDRESS);
    }

    /** A buffer and where it is. */
    static final class Mapping {
        final long address;
        final ByteBuffer bytes;

        Mapping(final long address, final ByteBuffer bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        int offsetOf(final long pointer) {
            return (int) (pointer - address);
        }
    }
}
