package org.reactornetmap.driver.kernel;

import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactornetmap.ring.Region;
import org.reactornetmap.ring.RegionMemory;

/**
 * A region, mapped shared. Its address range is given back when neither it nor any buffer made of it is reachable, never
 * before: whatever happens to the descriptor, an access finds memory. Any thread.
 */
final class KernelMapping implements RegionMemory {
    private static final Cleaner CLEANER = Cleaner.create(task -> {
        final Thread thread = new Thread(task, "reactor-netmap-unmap");
        thread.setDaemon(true);
        return thread;
    });

    private final Range range;

    private KernelMapping(final Range range) {
        this.range = range;
        CLEANER.register(this, range::drop);
    }

    /** Maps the first bytes of a file. */
    static KernelMapping of(final int fd, final long length, final String port) {
        final long base = Libc.mmap(0, length, LibcConstants.MAP_SHARED, fd);
        if (base < 0) {
            throw KernelErrors.failed("mmap of " + length + " bytes", port, (int) -base);
        }
        return new KernelMapping(new Range(base, length));
    }

    @Override
    public long sizeBytes() {
        return range.length;
    }

    @Override
    public ByteBuffer map(final long offset, final int length) {
        if (offset < 0 || length < 0 || length > Region.MAX_ROOT_BYTES || offset > range.length - length) {
            throw new IllegalArgumentException(
                    "range " + offset + "+" + length + " is not inside the mapping of " + range.length + " bytes");
        }
        range.users.incrementAndGet();
        final ByteBuffer root = new Pointer(range.base + offset).getByteBuffer(0, length);
        // Slices keep the buffer that they were cut from reachable, so watching the root is enough.
        CLEANER.register(root, range::drop);
        return root.order(ByteOrder.nativeOrder());
    }

    /**
     * Puts zero pages of our own in its place, in one step: nothing is shared any more, and no access fails. The kernel
     * frees a netmap file only when neither descriptor nor mapping is left, so this comes before {@code close}.
     */
    void unshare() {
        final long result = Libc.mmap(
                range.base,
                range.length,
                LibcConstants.MAP_FIXED
                        | LibcConstants.MAP_PRIVATE
                        | LibcConstants.CURRENT.mapAnonymous()
                        | LibcConstants.CURRENT.mapNoReserve(),
                -1);
        if (result < 0) {
            throw KernelErrors.failed("mmap of zero pages", "", (int) -result);
        }
    }

    /** The addresses, and how many may still use them: the mapping itself and each buffer. */
    private static final class Range {
        private final long base;
        private final long length;
        private final AtomicInteger users = new AtomicInteger(1);

        Range(final long base, final long length) {
            this.base = base;
            this.length = length;
        }

        void drop() {
            if (users.decrementAndGet() == 0) {
                Libc.munmap(base, length);
            }
        }
    }
}
