package org.reactornetmap.driver;

import org.jspecify.annotations.Nullable;

/**
 * A file descriptor of netmap's control device, opened and not registered yet: {@code open("/dev/netmap")}. It takes any
 * control request, and one REGISTER for as long as it is open. Requests may come from any thread; syncs and the rings
 * belong to one thread at a time, as with {@link DriverPort}.
 */
public interface DriverDescriptor extends AutoCloseable {
    /**
     * {@code ioctl(NIOCCTRL)}. Body and name are written back only if it succeeds, the options' status in any case but
     * that of an endless chain.
     *
     * @param request what to do; written back
     * @throws NetmapErrnoException if netmap refuses: {@code EINVAL} for an unknown version or type, for a body where
     *     none belongs or none where one does, for a duplicate option and an option of type 0; {@code EFAULT} for a body
     *     or an option that is too short; {@code EMSGSIZE} for options that are too long or never end;
     *     {@code EOPNOTSUPP} for a REGISTER with an option that is not honoured; {@code EBUSY} for a second REGISTER;
     *     {@code EBADF} after {@link #close()}; and what the request itself fails with
     */
    void control(ControlRequest request);

    /**
     * {@code NIOCTXSYNC}.
     *
     * @throws NetmapErrnoException {@code ENXIO} before a REGISTER, and as {@link DriverPort#txSync()}
     * @throws org.reactornetmap.ring.RingStateException if a pointer is illegal and the driver is strict
     */
    void txSync();

    /**
     * {@code NIOCRXSYNC}.
     *
     * @throws NetmapErrnoException {@code ENXIO} before a REGISTER, and as {@link DriverPort#rxSync()}
     * @throws org.reactornetmap.ring.RingStateException if a pointer is illegal and the driver is strict
     */
    void rxSync();

    /**
     * What a REGISTER bound this descriptor to, mapped.
     *
     * @return the port, which closes with this descriptor; null before a REGISTER
     */
    @Nullable
    DriverPort port();

    /** Closes the descriptor and its port. Idempotent. */
    @Override
    void close();
}
