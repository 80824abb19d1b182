package org.reactornetmap.driver;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The error numbers that netmap's calls return, with Linux's numbers (x86-64, arm64).
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
 */
public enum Errno {
    /** The operation needs a privilege. */
    EPERM(1, "Operation not permitted"),
    /** No such file; for a VALE list: the end. */
    ENOENT(2, "No such file or directory"),
    /** A signal came first. */
    EINTR(4, "Interrupted system call"),
    /** The port is gone, or a monitor was asked to transmit, or virtio-net headers were not accepted. */
    EIO(5, "Input/output error"),
    /** No such interface, or a sync before REGISTER. */
    ENXIO(6, "No such device or address"),
    /** The descriptor is closed. */
    EBADF(9, "Bad file descriptor"),
    /** Nothing to do now. */
    EAGAIN(11, "Resource temporarily unavailable"),
    /** A pool of the memory region is used up. */
    ENOMEM(12, "Cannot allocate memory"),
    /** The file's permissions forbid it. */
    EACCES(13, "Permission denied"),
    /** A pointer leads nowhere. */
    EFAULT(14, "Bad address"),
    /** Somebody else has the rings, or this descriptor is registered already. */
    EBUSY(16, "Device or resource busy"),
    /** The persistent port exists already. */
    EEXIST(17, "File exists"),
    /** A lookup that must not create the port did not find it. */
    ENODEV(19, "No such device"),
    /** The request makes no sense to netmap: API version, ring, mode or memory id. */
    EINVAL(22, "Invalid argument"),
    /** The system has no file descriptors left. */
    ENFILE(23, "Too many open files in system"),
    /** The process has no file descriptors left. */
    EMFILE(24, "Too many open files"),
    /** The descriptor is not netmap's. */
    ENOTTY(25, "Inappropriate ioctl for device"),
    /** A table of the switch is full. */
    ENOSPC(28, "No space left on device"),
    /** The system call does not exist. */
    ENOSYS(38, "Function not implemented"),
    /** The request with its options is too long. */
    EMSGSIZE(90, "Message too long"),
    /** netmap, or this port, lacks the feature or option. */
    EOPNOTSUPP(95, "Operation not supported"),
    /** The interface is down. */
    ENETDOWN(100, "Network is down"),
    /** The queue to the host stack is full. */
    ENOBUFS(105, "No buffer space available"),
    /** Any other number; {@link NetmapErrnoException#number()} has it. */
    UNKNOWN(0, "Unknown error");

    private static final Map<Integer, Errno> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Errno::number, Function.identity()));

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /**
     * Finds the constant for a number.
     *
     * @param number as left in {@code errno}
     * @return the constant, {@link #UNKNOWN} for a number not listed here
     */
    public static Errno of(int number) {
        return BY_NUMBER.getOrDefault(number, UNKNOWN);
    }

    /**
     * The number of {@code errno}.
     *
     * @return 1 or more; 0 for {@link #UNKNOWN}
     */
    public int number() {
        return number;
    }

    /**
     * What it means.
     *
     * @return the words of {@code strerror} in the C locale
     */
    public String text() {
        return text;
    }
}
