package org.reactornetmap.driver;

/** {@link Errno#ENXIO} or {@link Errno#ENODEV}: there is no interface or port of this name. */
public final class NoSuchPortException extends NetmapErrnoException {

    private static final long serialVersionUID = 1L;

    NoSuchPortException(Failure failure) {
        super(failure);
    }
}
