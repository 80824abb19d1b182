package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A port in a poller. {@code interest} and {@code ready} belong to the poller's thread; another thread reads
 * {@code interest} only after it saw the poller sleep, which the poller says after it wrote it.
 */
final class Watch {
    final EmbeddedPoller poller;
    final EmbeddedPort port;
    int interest;
    int ready;

    /** Why the port seems not to be ready; null: no reason. */
    @Nullable
    WakeUpDelay delay;

    Watch(final EmbeddedPoller poller, final EmbeddedPort port, final int interest) {
        this.poller = poller;
        this.port = port;
        this.interest = interest;
    }

    /** Wakes the poller if it sleeps and waits for one of these events. Any thread, behind a full fence. */
    void signal(final int events) {
        if (poller.isSleeping() && (interest & events) != 0) {
            poller.wakeSleeper();
        }
    }
}
