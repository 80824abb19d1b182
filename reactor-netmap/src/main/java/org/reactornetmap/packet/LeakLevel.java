package org.reactornetmap.packet;

import java.util.Locale;

/**
 * How much is recorded about packets so that a lost one can be traced; as Netty's. Set by the system property
 * {@code netmap.leak.level}, default {@code simple}.
 */
public enum LeakLevel {
    /** Nothing is recorded; {@link Packet#touch(Object)} does nothing. */
    DISABLED,
    /** The last {@link Packet#touch(Object)} hint of each packet. */
    SIMPLE,
    /** Also a stack trace of each retain and touch, for one packet in 128. */
    ADVANCED,
    /** Also a stack trace of emission, each retain and touch, for every packet: slow, for tests. */
    PARANOID;

    /** The system property that sets {@link #configured()}. */
    public static final String PROPERTY = "netmap.leak.level";

    /**
     * The level the JVM was started with.
     *
     * @return the value of {@value #PROPERTY}
     * @throws IllegalArgumentException if the property is not one of the levels
     */
    public static LeakLevel configured() {
        final String value = System.getProperty(PROPERTY, "simple");
        try {
            return valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "-D" + PROPERTY + "=" + value + ": expected disabled, simple, advanced or paranoid", e);
        }
    }
}
