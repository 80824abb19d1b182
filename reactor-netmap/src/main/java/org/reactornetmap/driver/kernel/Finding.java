package org.reactornetmap.driver.kernel;

import java.util.Map;
import org.reactornetmap.driver.NetmapException;

/**
 * One thing that {@link Preflight} looked at.
 *
 * @param subject what was looked at: {@code module}, {@code pools}, {@code link} …
 * @param level whether it is as it should be
 * @param fact what is the case, a sentence
 * @param remedy what to do, empty if there is nothing to do
 * @param values the numbers in it, by name
 */
public record Finding(String subject, Level level, String fact, String remedy, Map<String, Long> values) {
    /** Whether something is as it should be. */
    public enum Level {
        /** Nothing to do. */
        OK,
        /** A port opens, but packets may be lost or broken. */
        WARNING,
        /** A port does not open. */
        FAILURE
    }

    /**
     * Copies the numbers.
     *
     * @param subject what was looked at
     * @param level whether it is as it should be
     * @param fact what is the case
     * @param remedy what to do
     * @param values the numbers in it
     */
    public Finding {
        values = Map.copyOf(values);
    }

    static Finding ok(final String subject, final String fact, final Map<String, Long> values) {
        return new Finding(subject, Level.OK, fact, "", values);
    }

    static Finding warning(
            final String subject, final String fact, final String remedy, final Map<String, Long> values) {
        return new Finding(subject, Level.WARNING, fact, remedy, values);
    }

    static Finding failure(final String subject, final String fact, final String remedy) {
        return new Finding(subject, Level.FAILURE, fact, remedy, Map.of());
    }

    static Finding failure(final String subject, final Throwable error) {
        return error instanceof NetmapException netmap
                ? failure(subject, netmap.fact(), netmap.advice())
                : failure(subject, String.valueOf(error.getMessage()), "");
    }
}
