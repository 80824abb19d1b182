package org.reactornetmap.driver.embedded;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.RegisterFlag;

/**
 * A monitor: a port whose RX ring i sees what RX ring i of another port receives and what its TX ring i sends. Each open
 * makes a new one. Guarded by the world's lock.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_monitor.c">netmap_monitor.c</a>
 */
final class MonitorAdapter extends Adapter {
    /** {@code NM_MONITOR_MAXSLOTS}. */
    static final int MAX_SLOTS = 4_096;

    private static final long MONITOR_FLAGS =
            RegisterFlag.MONITOR_TX.bits() | RegisterFlag.MONITOR_RX.bits() | RegisterFlag.ZCOPY_MON.bits();

    private final Geometry geometry;
    private final int hostRings;
    private final boolean zeroCopy;
    private final boolean seesTx;
    private final boolean seesRx;
    private final OwnRings rings;

    /** Null once it has left netmap mode. */
    private @Nullable Adapter parent;

    private @Nullable Selection selection;

    private MonitorAdapter(
            final Registration request, final Adapter parent, final Geometry geometry, final EmbeddedMemory memory) {
        super(nameOf(request, parent), memory);
        this.parent = parent;
        this.geometry = geometry;
        this.hostRings = parent.hostRingCount(false) + parent.hostRingCount(true) > 0 ? 1 : 0;
        this.zeroCopy = request.has(RegisterFlag.ZCOPY_MON);
        this.seesTx = request.has(RegisterFlag.MONITOR_TX);
        this.seesRx = request.has(RegisterFlag.MONITOR_RX);
        this.rings = new OwnRings(
                this,
                geometry.txRings() + hostRings,
                geometry.rxRings() + hostRings,
                (rx, ringId, object) -> rx ? new MonitorRxRing(name(), object) : new MonitorTxRing(name(), object));
    }

    private static String nameOf(final Registration request, final Adapter parent) {
        return parent.name() + "/" + (request.has(RegisterFlag.ZCOPY_MON) ? "z" : "")
                + (request.has(RegisterFlag.MONITOR_RX) ? "r" : "")
                + (request.has(RegisterFlag.MONITOR_TX) ? "t" : "") + "#" + parent.nextMonitorId();
    }

    /**
     * The request for the port to monitor: the same without the monitor's flags. So a monitor itself cannot be found by
     * it.
     */
    static Registration ofParent(final Registration request) {
        if (request.has(RegisterFlag.ZCOPY_MON)) {
            request.flags |= MONITOR_FLAGS;
        }
        final Registration asked = request.forName(request.name);
        asked.flags &= ~MONITOR_FLAGS;
        return asked;
    }

    /** A monitor of a port that is in netmap mode. */
    static MonitorAdapter of(final Registration request, final Adapter parent, final Memories memories) {
        if (!parent.isOpen()) {
            throw request.refuse(
                    Errno.EINVAL, parent.name() + " is not open: open the port first, and then its monitor.");
        }
        Selection.of(request, parent); // only to refuse rings that the port does not have
        final Geometry geometry = new Geometry(
                        1, Math.max(parent.ringCount(false), parent.ringCount(true)), request.txSlots, request.rxSlots)
                .bounded(0, Integer.MAX_VALUE, parent.slotCount(false), parent.slotCount(true), MAX_SLOTS);
        EmbeddedWorld.requireTwoSlots(request, 1, Math.min(geometry.txSlots(), geometry.rxSlots()));
        return new MonitorAdapter(
                request,
                parent,
                geometry,
                request.has(RegisterFlag.ZCOPY_MON)
                        ? parent.memory()
                        : memories.newPrivate(request.text, geometry, 0, 0));
    }

    /** The monitored port's slots say where its frames begin, and the exchange leaves that behind. */
    @Override
    boolean supportsOffsets() {
        return !zeroCopy;
    }

    @Override
    int ringCount(final boolean rx) {
        return geometry.rings(rx);
    }

    @Override
    int hostRingCount(final boolean rx) {
        return hostRings;
    }

    @Override
    int slotCount(final boolean rx) {
        return geometry.slots(rx);
    }

    @Override
    @Nullable
    KernelRing ring(final boolean rx, final int ringId) {
        return rings.get(rx, ringId);
    }

    @Override
    KernelRing requireRing(final boolean rx, final int ringId) {
        return rings.require(rx, ringId);
    }

    @Override
    void dropIdleRings() {
        rings.dropIdle();
    }

    @Override
    void registered(final Binding binding) {
        selection = binding.selection();
        final Adapter monitored = parent;
        if (monitored != null) {
            monitored.addMonitor(this);
            watchRings();
        }
    }

    /** Looks at every ring of the port that there is by now. */
    void watchRings() {
        forEachPair((watched, own) -> RingMonitors.add(watched, own, zeroCopy));
    }

    @Override
    void unregistered(final Binding binding) {
        final Adapter monitored = parent;
        if (monitored != null) {
            monitored.removeMonitor(this);
            forEachPair(RingMonitors::remove);
        }
    }

    /** netmap_monitor_stop: the port has left netmap mode, and from now on every sync says so. */
    void parentLeft() {
        forEachPair((watched, own) -> RingMonitors.removeAll(watched));
        forEachOpen(own -> {
            RingMonitors.removeAll(own);
            own.stop(Errno.EIO);
        });
        parent = null;
    }

    @FunctionalInterface
    private interface Pair {
        void accept(KernelRing watched, MonitorRxRing own);
    }

    /**
     * Calls for each RX ring that is open with each ring of the port that it sees. Ring i sees ring i, so the first host
     * ring where the port's rings of one direction end there, as in the kernel.
     */
    private void forEachPair(final Pair action) {
        final Adapter monitored = parent;
        if (monitored != null) {
            forEachOpen(own -> {
                for (final boolean rx : new boolean[] {true, false}) {
                    final KernelRing watched = (rx ? seesRx : seesTx) ? ringOf(monitored, rx, own.ring.ringId()) : null;
                    if (watched != null) {
                        action.accept(watched, own);
                    }
                }
            });
        }
    }

    private void forEachOpen(final Consumer<MonitorRxRing> action) {
        final Selection open = selection;
        if (open != null) {
            for (int i = open.rxFirst(); i < open.rxLast(); i++) {
                if (rings.get(true, i) instanceof MonitorRxRing own) {
                    action.accept(own);
                }
            }
        }
    }

    private static @Nullable KernelRing ringOf(final Adapter monitored, final boolean rx, final int ringId) {
        final int nic = monitored.ringCount(rx);
        return ringId < nic || (ringId == nic && monitored.hostRingCount(rx) > 0) ? monitored.ring(rx, ringId) : null;
    }

    @Override
    void releaseIfUnused() {
        if (!isHeld()) {
            rings.dropIdle();
            free();
        }
    }

    @Override
    void forEachBuffer(final IntConsumer consumer) {
        rings.forEachBuffer(consumer);
    }
}
