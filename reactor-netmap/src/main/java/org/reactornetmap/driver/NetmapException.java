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
    private final String fact;
    private final String advice;

    /**
     * Makes an exception.
     *
     * @param category how far the trouble reaches
     * @param message what happened, then what to do
     * @param cause what it came from, null if from nothing
     */
    public NetmapException(Category category, String message, @Nullable Throwable cause) {
        this(category, message, "", cause);
    }

    /**
     * Makes an exception whose message is a fact, then an advice.
     *
     * @param category how far the trouble reaches
     * @param fact what happened, without a full stop
     * @param advice sentences that say what to do, empty if there is nothing to say
     * @param cause what it came from, null if from nothing
     */
    public NetmapException(Category category, String fact, String advice, @Nullable Throwable cause) {
        super(advice.isEmpty() ? fact : fact + ". " + advice, cause);
        this.category = category;
        this.fact = fact;
        this.advice = advice;
    }

    /**
     * How far the trouble reaches.
     *
     * @return the category
     */
    public final Category category() {
        return category;
    }

    /**
     * What happened.
     *
     * @return the message without its advice
     */
    public final String fact() {
        return fact;
    }

    /**
     * What to do: the end of the message.
     *
     * @return whole sentences, empty if the message does not keep them apart
     */
    public final String advice() {
        return advice;
    }
}
