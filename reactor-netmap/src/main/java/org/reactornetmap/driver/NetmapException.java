package org.reactornetmap.driver;

import org.jspecify.annotations.Nullable;

/** The base of what goes wrong between this library and a netmap implementation. Its message says what to do. */
public class NetmapException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How far the trouble reaches. */
    public enum Category {
        /** netmap cannot be used here at all until something outside this process changes. */
        FATAL,
        /** This call failed, for this port; others may go on. */
        ERROR,
        /** Nothing is lost: the call may be repeated. */
        WARNING
    }

    private final Category category;

    /**
     * Makes an exception.
     *
     * @param category how far the trouble reaches
     * @param message what happened, then what to do
     * @param cause what it came from, null if from nothing
     */
    public NetmapException(Category category, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /**
     * How far the trouble reaches.
     *
     * @return the category
     */
    public final Category category() {
        return category;
    }
}
