package org.reactornetmap.ring;

/**
 * A ring's head, cur or tail is illegal: user space moved a pointer over slots it does not own, or another process that
 * shares the region scribbled over them. The message carries all pointers.
 */
public final class RingStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong, with every pointer of the ring
     */
    public RingStateException(final String message) {
        super(message);
    }
}
