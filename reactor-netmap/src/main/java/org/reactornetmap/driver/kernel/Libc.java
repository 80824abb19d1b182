package org.reactornetmap.driver.kernel;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The system calls that netmap is driven with, by JNA direct mapping: primitives only, addresses as {@code long}, so that a
 * call costs no garbage. LP64 only, which {@link AbiCheck} makes sure of. What the C library returns and leaves in
 * {@code errno} comes back as one number: the result, or the negated error number, in Linux's numbering. Any thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/syscalls.2.html">syscalls(2)</a>
 */
final class Libc {
    static final int PROT_NONE = 0;
    static final int PROT_READ_WRITE = 1 | 2;
    static final int O_RDWR = 2;

    private static final int EINTR = 4;

    private Libc() {}

    /** {@code open(2)}: a descriptor that a child process does not inherit. */
    static int open(final String path) {
        int result;
        do {
            result = result(C.open(path, O_RDWR | LibcConstants.CURRENT.openCloexec()));
        } while (result == -EINTR);
        return result;
    }

    /** {@code close(2)}. Never repeated: on Linux the descriptor is gone even if it was interrupted. */
    static int close(final int fd) {
        return result(C.close(fd));
    }

    /** {@code ioctl(2)} with a number or an address. */
    static int ioctl(final int fd, final long request, final long argument) {
        int result;
        do {
            result = result(C.ioctl(fd, request, argument));
        } while (result == -EINTR);
        return result;
    }

    /** {@code mmap(2)}, read and write: the address, or a negated error number. */
    static long mmap(final long address, final long length, final int flags, final int fd) {
        final long mapped = C.mmap(address, length, PROT_READ_WRITE, flags, fd, 0);
        return mapped == -1 ? result(-1) : mapped;
    }

    /** {@code munmap(2)}. */
    static int munmap(final long address, final long length) {
        return result(C.munmap(address, length));
    }

    /** {@code mprotect(2)}: takes every access away. */
    static int protect(final long address, final long length) {
        return result(C.mprotect(address, length, PROT_NONE));
    }

    /** {@code ppoll(2)} without a signal mask. May be interrupted: the caller has a deadline to look at. */
    static int ppoll(final long fds, final int count, final long timespec) {
        return result(C.ppoll(fds, count, timespec, 0));
    }

    /** {@code eventfd(2)}: a counter at 0, which does not block. */
    static int eventfd() {
        return result(C.eventfd(0, LibcConstants.CURRENT.eventfdFlags()));
    }

    /** {@code read(2)}. */
    static int read(final int fd, final long buffer, final long count) {
        return result((int) C.read(fd, buffer, count));
    }

    /** {@code write(2)}. */
    static int write(final int fd, final long buffer, final long count) {
        int result;
        do {
            result = result((int) C.write(fd, buffer, count));
        } while (result == -EINTR);
        return result;
    }

    /** {@code socket(2)}: a datagram socket of the internet, good for an interface's ioctls. */
    static int socket() {
        return result(
                C.socket(LibcConstants.AF_INET, LibcConstants.SOCK_DGRAM | LibcConstants.CURRENT.socketCloexec(), 0));
    }

    /** {@code getpagesize(3)}: bytes of a page of memory. */
    static int pageSize() {
        return C.getpagesize();
    }

    /** errno means nothing unless a call failed, so it is read only then. */
    private static int result(final int returned) {
        return returned == -1 ? -LibcConstants.CURRENT.linuxErrno(Native.getLastError()) : returned;
    }

    /** The symbols of the C library. Of variadic ones, the fixed form in use: both ABIs pass these arguments alike. */
    @SuppressWarnings("checkstyle:MethodName") // the C functions' names
    private static final class C {
        static {
            if (!Platform.is64Bit()) {
                throw new UnsupportedOperationException(
                        "netmap by JNA needs a 64-bit JVM: addresses are passed as long");
            }
            Native.register("c");
        }

        // int open(const char *pathname, int flags, ...);
        static native int open(String pathname, int flags);

        // int close(int fd);
        static native int close(int fd);

        // int ioctl(int fd, unsigned long request, ...);
        static native int ioctl(int fd, long request, long argument);

        // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);
        static native long mmap(long addr, long length, int prot, int flags, int fd, long offset);

        // int munmap(void *addr, size_t length);
        static native int munmap(long addr, long length);

        // int mprotect(void *addr, size_t len, int prot);
        static native int mprotect(long addr, long len, int prot);

        // int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask);
        static native int ppoll(long fds, long nfds, long timeout, long sigmask);

        // int eventfd(unsigned int initval, int flags);
        static native int eventfd(int initval, int flags);

        // ssize_t read(int fd, void *buf, size_t count);
        static native long read(int fd, long buf, long count);

        // ssize_t write(int fd, const void *buf, size_t count);
        static native long write(int fd, long buf, long count);

        // int socket(int domain, int type, int protocol);
        static native int socket(int domain, int type, int protocol);

        // int getpagesize(void);
        static native int getpagesize();
    }
}
