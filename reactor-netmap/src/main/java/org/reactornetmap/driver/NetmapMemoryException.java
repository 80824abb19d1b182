package org.reactornetmap.driver;

/** {@link Errno#ENOMEM}: a pool of the memory region has no interfaces, rings or buffers left. */
public final class NetmapMemoryException extends NetmapErrnoException {

    private static final long serialVersionUID = 1L;

    NetmapMemoryException(Failure failure) {
        super(failure);
    }
}
