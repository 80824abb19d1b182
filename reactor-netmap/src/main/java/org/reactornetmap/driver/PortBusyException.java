package org.reactornetmap.driver;

/** {@link Errno#EBUSY}: somebody else has the port or its rings, or it is attached to a switch. */
public final class PortBusyException extends NetmapErrnoException {

    private static final long serialVersionUID = 1L;

    PortBusyException(Failure failure) {
        super(failure);
    }
}
