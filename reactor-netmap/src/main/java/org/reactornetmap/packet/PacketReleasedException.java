package org.reactornetmap.packet;

/** A packet was used after its last release, or after the port it came from was closed. */
public final class PacketReleasedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened and what to do
     */
    public PacketReleasedException(final String message) {
        super(message);
    }
}
