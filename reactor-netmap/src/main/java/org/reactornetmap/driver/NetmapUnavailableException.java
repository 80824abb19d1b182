package org.reactornetmap.driver;

import org.jspecify.annotations.Nullable;

/** There is no netmap to open the port with: no driver on the class path, or no {@code /dev/netmap}. */
public final class NetmapUnavailableException extends NetmapException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception of category {@link NetmapException.Category#FATAL}.
     *
     * @param message what is missing, then what to do
     * @param cause what it came from, null if from nothing
     */
    public NetmapUnavailableException(String message, @Nullable Throwable cause) {
        super(Category.FATAL, message, cause);
    }

    /**
     * Makes one that says what its cause says.
     *
     * @param cause a call that failed
     */
    public NetmapUnavailableException(NetmapErrnoException cause) {
        super(Category.FATAL, cause.fact(), cause.advice(), cause);
    }
}
