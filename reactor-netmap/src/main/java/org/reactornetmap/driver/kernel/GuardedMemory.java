package org.reactornetmap.driver.kernel;

import com.sun.jna.Pointer;

/**
 * Native memory for structs, each of which ends where an inaccessible page begins. A kernel that expects more bytes than a
 * struct has gets {@code EFAULT} instead of reading, or writing, what lies behind. One thread.
 */
final class GuardedMemory implements AutoCloseable {
    private static final long PAGE = Libc.pageSize();

    private final long base;
    private final long length;
    private final long[] addresses;

    /** Zero bytes; each struct at an address that is a multiple of 8 if its length is one. */
    GuardedMemory(final int... lengths) {
        long pages = 0;
        for (final int bytes : lengths) {
            pages += pagesOf(bytes) + 1;
        }
        length = pages * PAGE;
        base = Libc.mmap(0, length, LibcConstants.MAP_PRIVATE | LibcConstants.CURRENT.mapAnonymous(), -1);
        if (base < 0) {
            throw KernelErrors.failed("mmap", "", (int) -base);
        }
        addresses = new long[lengths.length];
        long end = base;
        for (int i = 0; i < lengths.length; i++) {
            end += pagesOf(lengths[i]) * PAGE;
            addresses[i] = end - lengths[i];
            final int refused = Libc.protect(end, PAGE);
            if (refused < 0) {
                close();
                throw KernelErrors.failed("mprotect", "", -refused);
            }
            end += PAGE;
        }
    }

    private static long pagesOf(final int bytes) {
        return (bytes + PAGE - 1) / PAGE;
    }

    long address(final int index) {
        return addresses[index];
    }

    Pointer pointer(final int index) {
        return new Pointer(addresses[index]);
    }

    @Override
    public void close() {
        Libc.munmap(base, length);
    }
}
