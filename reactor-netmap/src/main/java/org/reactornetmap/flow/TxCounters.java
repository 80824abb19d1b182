package org.reactornetmap.flow;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counters of one TX ring: plain fields of the loop, published once a burst. */
final class TxCounters {
    private final int ring;
    private final int slots;
    private final AtomicLongArray published = new AtomicLongArray(8);
    private long publishedSum = -1;
    private int publishedSpace;

    // Loop only.
    long bytes;
    long swapped;
    long copied;
    long rejected;
    long dropped;
    long syncs;

    TxCounters(final int ring, final int slots) {
        this.ring = ring;
        this.slots = slots;
    }

    /** Does nothing if nothing changed since the last time. */
    void publish(final int space) {
        final long sent = swapped + copied;
        final long sum = sent + rejected + dropped + syncs; // all of these only grow
        if (sum == publishedSum && space == publishedSpace) {
            return;
        }
        publishedSum = sum;
        publishedSpace = space;
        published.lazySet(0, sent);
        published.lazySet(1, bytes);
        published.lazySet(2, swapped);
        published.lazySet(3, copied);
        published.lazySet(4, rejected);
        published.lazySet(5, dropped);
        published.lazySet(6, syncs);
        published.lazySet(7, space);
    }

    TxStatistics statistics() {
        return new TxStatistics(
                ring,
                published.get(0),
                published.get(1),
                published.get(2),
                published.get(3),
                published.get(4),
                published.get(5),
                published.get(6),
                (int) published.get(7),
                slots);
    }
}
