package org.reactornetmap.driver.embedded;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.RingMath;

/**
 * The monitors of one ring, which see what it sends or receives: any number of copy monitors, and the first of a chain of
 * zero-copy monitors, each of which hands what it has seen to the next. Touched by who holds the ring; changed under the
 * world's lock as well.
 */
final class RingMonitors {
    private static final MonitorRxRing[] NONE = {};

    private MonitorRxRing[] copies = NONE;
    private @Nullable MonitorRxRing zeroCopy;

    /** {@code mon_tail}: up to where copy monitors have seen an RX ring. */
    private int seen;

    /** netmap_monitor_add. Does nothing if the ring has this monitor. */
    static void add(final KernelRing ring, final MonitorRxRing monitor, final boolean zeroCopy) {
        if (!zeroCopy) {
            change(ring, monitors -> monitors.addCopy(ring, monitor));
            return;
        }
        KernelRing last = ring;
        for (MonitorRxRing next = zeroCopyOf(ring); next != null; next = zeroCopyOf(next)) {
            if (next == monitor) {
                return;
            }
            last = next;
        }
        change(last, monitors -> monitors.zeroCopy = monitor);
    }

    /** netmap_monitor_del. Does nothing if the ring does not have this monitor. */
    static void remove(final KernelRing ring, final MonitorRxRing monitor) {
        final MonitorRxRing next = zeroCopyOf(monitor);
        for (KernelRing at = ring; at != null; at = zeroCopyOf(at)) {
            if (zeroCopyOf(at) == monitor) {
                change(at, monitors -> monitors.zeroCopy = next);
            }
        }
        change(
                ring,
                monitors -> monitors.copies = Arrays.stream(monitors.copies)
                        .filter(copy -> copy != monitor)
                        .toArray(MonitorRxRing[]::new));
    }

    /** netmap_monitor_stop. */
    static void removeAll(final KernelRing ring) {
        change(ring, monitors -> {
            monitors.copies = NONE;
            monitors.zeroCopy = null;
        });
    }

    private static @Nullable MonitorRxRing zeroCopyOf(final KernelRing ring) {
        final RingMonitors monitors = ring.monitors();
        return monitors == null ? null : monitors.zeroCopy;
    }

    /** Waits until no sync of the ring is under way, and keeps others waiting meanwhile. */
    private static void change(final KernelRing ring, final Consumer<RingMonitors> change) {
        ring.get();
        try {
            final RingMonitors existing = ring.monitors();
            final RingMonitors monitors = existing == null ? new RingMonitors() : existing;
            change.accept(monitors);
            ring.monitors(monitors.copies.length == 0 && monitors.zeroCopy == null ? null : monitors);
        } finally {
            ring.put();
        }
    }

    private void addCopy(final KernelRing ring, final MonitorRxRing monitor) {
        if (Arrays.asList(copies).contains(monitor)) {
            return;
        }
        if (copies.length == 0) {
            seen = ring.arrivedUpTo();
        }
        copies = Arrays.copyOf(copies, copies.length + 1);
        copies[copies.length - 1] = monitor;
    }

    /** Calls {@link KernelRing#move} and takes what there is to see before or after it. By who holds the ring. */
    void sync(final KernelRing ring) {
        if (ring.ring.isRx()) {
            syncRx(ring);
        } else {
            syncTx(ring);
        }
    }

    /** Copies of what is about to be sent; buffers whose packets were sent. */
    private void syncTx(final KernelRing ring) {
        copy(ring, ring.hwCur, ring.rHead);
        final int freed = RingMath.next(ring.hwTail, ring.numSlots);
        ring.move();
        swap(ring, freed, RingMath.next(ring.hwTail, ring.numSlots));
    }

    /** Buffers whose packets were read; copies of what has arrived. */
    private void syncRx(final KernelRing ring) {
        ring.beforeRelease();
        swap(ring, ring.hwCur, ring.rHead);
        ring.move();
        copy(ring, seen, ring.hwTail);
        seen = ring.hwTail;
    }

    private void copy(final KernelRing ring, final int from, final int to) {
        final int count = RingMath.distance(from, to, ring.numSlots);
        if (count > 0) {
            for (final MonitorRxRing monitor : copies) {
                monitor.copy(ring, from, count);
            }
        }
    }

    private void swap(final KernelRing ring, final int from, final int to) {
        final MonitorRxRing monitor = zeroCopy;
        final int count = RingMath.distance(from, to, ring.numSlots);
        if (monitor != null && count > 0) {
            monitor.swap(ring, from, count);
        }
    }

    /**
     * netmap_monitor_parent_notify: something arrived in an RX ring, whose owner may not sync it for long; so the caller
     * does, unless somebody is at it. Any thread.
     */
    void arrived(final KernelRing ring) {
        if (!ring.ring.isRx() || !ring.tryGet()) {
            return;
        }
        try {
            if (ring.monitors() == this && copies.length > 0) {
                syncRx(ring);
            }
        } finally {
            ring.put();
        }
    }
}
