package org.reactornetmap;

/**
 * What {@link NetmapPort#tap(Tap)} sees, and how.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_monitor.c">netmap_monitor.c</a>
 */
public enum Tap {
    /** Copies of what the port sends, just before it is sent, and of what it receives, on arrival. */
    COPY("rt"),
    /** Copies of what the port receives, on arrival. */
    COPY_RX("r"),
    /** Copies of what the port sends, just before it is sent. */
    COPY_TX("t"),
    /**
     * The buffers themselves, once nobody else needs them: what the port sent, after it was sent, and what it received,
     * after it was released, with whatever the port's user did to it. A packet that the port's user forwarded by
     * exchange of buffers is not among them: it is seen where it was sent. Nothing is copied.
     */
    ZERO_COPY("z");

    private final String flags;

    Tap(final String flags) {
        this.flags = flags;
    }

    /** As a port spec has them. */
    String flags() {
        return flags;
    }
}
