package org.reactornetmap.flow;

/** A frame was empty or too long for the ring, and {@link TxOptions.Oversize#FAIL} was asked for. */
public final class FrameRejectedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message length and limit
     */
    public FrameRejectedException(final String message) {
        super(message);
    }
}
