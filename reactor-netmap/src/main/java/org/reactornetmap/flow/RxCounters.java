package org.reactornetmap.flow;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counters of one RX ring: plain fields of the loop, published once a burst. */
final class RxCounters {
    private final int ring;
    private final int slots;
    private final AtomicLongArray published = new AtomicLongArray(13);

    private long publishedSum;
    private long publishedHeld;
    private long publishedOccupancy;

    // Loop only.
    long received;
    long bytes;
    long released;
    long held;
    long reclaimed;
    long malformed;
    long swapped;
    long forwarded;
    long ignoredReleases;
    long syncs;
    long stalledNanos;
    long empty;

    RxCounters(final int ring, final int slots) {
        this.ring = ring;
        this.slots = slots;
    }

    /** Does nothing if nothing changed since the last time. */
    void publish(final int occupancy, final long stalledNow) {
        // All of these only grow, so that no two changes cancel out; the occupancy is compared for itself.
        final long sum = received
                + released
                + reclaimed
                + malformed
                + swapped
                + forwarded
                + ignoredReleases
                + stalledNanos
                + stalledNow
                + empty;
        if (sum == publishedSum && occupancy == publishedOccupancy && held == publishedHeld) {
            return;
        }
        publishedHeld = held; // closing takes from it alone
        publishedSum = sum;
        publishedOccupancy = occupancy;
        published.lazySet(0, received);
        published.lazySet(1, bytes);
        published.lazySet(2, released);
        published.lazySet(3, held);
        published.lazySet(4, reclaimed);
        published.lazySet(5, malformed);
        published.lazySet(6, swapped);
        published.lazySet(7, ignoredReleases);
        published.lazySet(8, syncs);
        published.lazySet(9, stalledNanos + stalledNow);
        published.lazySet(10, occupancy);
        published.lazySet(11, empty);
        published.lazySet(12, forwarded);
    }

    RxStatistics statistics() {
        return new RxStatistics(
                ring,
                published.get(0),
                published.get(1),
                published.get(2),
                published.get(3),
                published.get(4),
                published.get(5),
                published.get(11),
                published.get(6),
                published.get(12),
                published.get(7),
                published.get(8),
                published.get(9),
                (int) published.get(10),
                slots);
    }
}
