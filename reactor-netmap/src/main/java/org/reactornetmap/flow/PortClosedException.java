package org.reactornetmap.flow;

/** The port was closed. */
public final class PortClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param port the port's name
     */
    public PortClosedException(final String port) {
        super("port " + port + " is closed");
    }
}
