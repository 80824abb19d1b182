package org.reactornetmap.driver;

/** {@link Errno#EACCES} or {@link Errno#EPERM}: this user may not open netmap. */
public final class NetmapPermissionException extends NetmapErrnoException {

    private static final long serialVersionUID = 1L;

    NetmapPermissionException(Failure failure) {
        super(failure);
    }
}
