package org.reactornetmap.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.ring.NetmapRing;

/** The model of a copy monitor: its RX ring i sees ring i of its parent, each way that it asked for. */
final class RefMonitor extends RefAdapter {
    private final Candidate candidate;
    private final RefOwnRings rings = new RefOwnRings();

    /** Null once it has left. */
    private @Nullable RefAdapter parent;

    private final int rxRings;

    RefMonitor(final Candidate candidate, final RefAdapter parent) {
        super("monitor " + candidate.number() + " of " + parent.name);
        this.candidate = candidate;
        this.parent = parent;
        this.rxRings = Math.max(parent.ringCount(false), parent.ringCount(true));
    }

    @Override
    int ringCount(final boolean rx) {
        return rx ? rxRings : 1;
    }

    @Override
    int slotCount(final boolean rx) {
        final OpenRequest request = candidate.request();
        return rx ? request.rxSlots() : request.txSlots();
    }

    @Override
    @Nullable
    RefRing ring(final boolean rx, final int ringId) {
        return rings.get(rx, ringId);
    }

    @Override
    RefRing newRing(final boolean rx, final int ringId, final NetmapRing real) {
        final RefRing ring = rx
                ? new RefMonitorRing(name + " RX" + ringId, memory(), real.numSlots())
                : new Mute(name + " TX" + ringId, memory(), real.numSlots());
        fill(ring, real);
        rings.put(rx, ringId, ring);
        return ring;
    }

    @Override
    List<RefRing> rings() {
        return rings.all();
    }

    /** Looks at its parent from now on. */
    void enter() {
        final RefAdapter monitored = parent;
        if (monitored != null) {
            monitored.monitors.add(this);
            watchRings();
        }
    }

    /** Looks at every ring that its parent has by now. */
    void watchRings() {
        final RefAdapter monitored = parent;
        if (monitored == null) {
            return;
        }
        for (int i = 0; i < rxRings; i++) {
            if (rings.get(true, i) instanceof RefMonitorRing own) {
                watch(monitored, true, i, own);
                watch(monitored, false, i, own);
            }
        }
    }

    private void watch(final RefAdapter monitored, final boolean rx, final int ringId, final RefMonitorRing own) {
        final RefRing watched = monitored.ring(rx, ringId);
        if (watched != null && candidate.has(rx ? RegisterFlag.MONITOR_RX : RegisterFlag.MONITOR_TX)) {
            watched.watch(own);
        }
    }

    /** With its last descriptor the parent is gone for its monitors. */
    void parentLeft() {
        forget();
        rings.all().forEach(ring -> ring.stopped = true);
    }

    private void forget() {
        final RefAdapter monitored = parent;
        if (monitored != null) {
            for (int i = 0; i < rxRings; i++) {
                unwatch(monitored.ring(true, i));
                unwatch(monitored.ring(false, i));
            }
            parent = null;
        }
    }

    private void unwatch(final @Nullable RefRing watched) {
        if (watched != null) {
            watched.copies.removeAll(rings.all());
        }
    }

    @Override
    void closed() {
        final RefAdapter monitored = parent;
        if (monitored != null) {
            monitored.monitors.remove(this);
        }
        forget();
        rings.freeIdle();
    }

    /** A monitor cannot send. */
    private static final class Mute extends RefRing {
        Mute(final String name, final RefMemory memory, final int n) {
            super(name, memory, n);
            limit = n - 1;
            stopped = true;
        }

        @Override
        void move() {
            throw new IllegalStateException("a monitor cannot send");
        }
    }
}
