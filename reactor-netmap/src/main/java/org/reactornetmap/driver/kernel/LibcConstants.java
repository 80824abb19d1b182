package org.reactornetmap.driver.kernel;

import com.sun.jna.Platform;
import java.util.Map;

/**
 * The numbers in which the systems differ. Linux: x86-64 and aarch64 have the same ones. FreeBSD: read in its headers, not
 * yet run there.
 *
 * @param openCloexec {@code O_CLOEXEC}
 * @param socketCloexec {@code SOCK_CLOEXEC}
 * @param eventfdFlags {@code EFD_CLOEXEC | EFD_NONBLOCK}
 * @param mapAnonymous {@code MAP_ANONYMOUS}
 * @param mapNoReserve {@code MAP_NORESERVE}
 * @param txSync {@code NIOCTXSYNC}
 * @param rxSync {@code NIOCRXSYNC}
 * @param linuxErrnos error numbers whose place in Linux's list is another
 * @see <a href="https://github.com/torvalds/linux/tree/v6.1/include/uapi/asm-generic">Linux 6.1: fcntl.h, mman.h, ioctl.h,
 *     errno.h</a>
 * @see <a href="https://github.com/freebsd/freebsd-src/tree/release/14.0.0/sys/sys">FreeBSD 14.0: fcntl.h, mman.h, eventfd.h,
 *     ioccom.h, errno.h</a>
 */
record LibcConstants(
        int openCloexec,
        int socketCloexec,
        int eventfdFlags,
        int mapAnonymous,
        int mapNoReserve,
        long txSync,
        long rxSync,
        Map<Integer, Integer> linuxErrnos) {
    static final LibcConstants LINUX =
            new LibcConstants(0x80000, 0x80000, 0x80000 | 0x800, 0x20, 0x4000, 0x6994, 0x6995, Map.of());

    static final LibcConstants FREEBSD = new LibcConstants(
            0x100000,
            0x10000000,
            0x100000 | 0x4,
            0x1000,
            0,
            0x20006994,
            0x20006995,
            // EAGAIN, EDEADLK, EMSGSIZE, EOPNOTSUPP, ENETDOWN, ENOBUFS, ENOSYS
            Map.of(35, 11, 11, 35, 40, 90, 45, 95, 50, 100, 55, 105, 78, 38));

    static final LibcConstants CURRENT = Platform.isFreeBSD() ? FREEBSD : LINUX;

    /** {@code NIOCCTRL}: {@code _IOWR('i', 151, struct nmreq_header)}. Does not fit a signed int. */
    static final long NIOCCTRL = 0xC0586997L;

    static final int MAP_SHARED = 0x1;
    static final int MAP_PRIVATE = 0x2;
    static final int MAP_FIXED = 0x10;
    static final int AF_INET = 2;
    static final int SOCK_DGRAM = 2;

    /** What Linux calls an error that this system gave another number. */
    int linuxErrno(final int number) {
        return linuxErrnos.getOrDefault(number, number);
    }
}
