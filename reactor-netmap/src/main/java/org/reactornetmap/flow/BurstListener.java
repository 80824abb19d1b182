package org.reactornetmap.flow;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The burst-end signal. A terminal or boundary operator puts a listener into its context; the ring calls it, on the
 * loop, after each burst in which it emitted something. An operator that changes threads puts its own listener in, so
 * answering upstream, and calls its downstream's when it has passed a burst on.
 */
@FunctionalInterface
public interface BurstListener {
    /** What was emitted since the last call is a burst; flush what you gathered. Must not block. */
    void onBurstEnd();

    /**
     * The listener of a context.
     *
     * @param context the subscriber's context
     * @return its listener, null if it has none
     */
    static @Nullable BurstListener of(final ContextView context) {
        return context.getOrDefault(BurstListener.class, null);
    }

    /**
     * Puts a listener into a context.
     *
     * @param context the context
     * @param listener the listener
     * @return a context with the listener in the place of any other
     */
    static Context in(final Context context, final BurstListener listener) {
        return context.put(BurstListener.class, listener);
    }
}
