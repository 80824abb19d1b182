package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.Region;

/** One open descriptor of the embedded netmap. Syncs run in the caller's thread, as the kernel's do, and take no lock. */
final class EmbeddedPort implements DriverPort {
    private final EmbeddedWorld world;
    private final EmbeddedDriver driver;
    private final String name;
    private final Binding binding;
    private final EmbeddedMemory memory;
    private final KernelRing[] txRings;
    private final KernelRing[] rxRings;
    private final boolean canForwardDown;
    private final boolean txPoll;
    private final boolean strict;
    private final LongSupplier clock;
    private final List<Watch> watches = new ArrayList<>();
    private volatile boolean closed;

    /** For which events a fault kept the last sync from showing a tail, so that no signal will come. */
    private int heldBack;

    EmbeddedPort(
            final EmbeddedWorld world,
            final EmbeddedDriver driver,
            final String name,
            final Binding binding,
            final boolean txPoll) {
        this.world = world;
        this.driver = driver;
        this.name = name;
        this.binding = binding;
        this.memory = binding.adapter().memory();
        this.txRings = binding.rings(false);
        this.rxRings = binding.rings(true);
        this.canForwardDown = binding.selection().hasAllNicTx(binding.adapter());
        this.txPoll = txPoll;
        this.strict = world.config.strictness() == Strictness.STRICT;
        this.clock = world.config.clock();
    }

    @Override
    public NetmapDriver driver() {
        return driver;
    }

    EmbeddedWorld world() {
        return world;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Region region() {
        return memory.region();
    }

    @Override
    public NetmapIf netmapIf() {
        return binding.netmapIf();
    }

    Binding binding() {
        return binding;
    }

    @Override
    public int extraBuffers() {
        return binding.extraBuffers();
    }

    @Override
    public int portTxRings() {
        return binding.adapter().ringCount(false);
    }

    @Override
    public int portRxRings() {
        return binding.adapter().ringCount(true);
    }

    @Override
    public boolean isLinkUp() {
        if (isGone()) {
            throw NetmapErrnoException.of(
                    "SIOCGIFFLAGS", name, Errno.ENODEV, "The interface is gone: close this port.");
        }
        return binding.adapter().isLinkUp();
    }

    @Override
    public void txSync() {
        requireOpen("NIOCTXSYNC");
        heldBack &= ~Poller.OUT;
        final Fault refusal = refusal(txRings, false);
        try {
            for (final KernelRing ring : txRings) {
                requireRunning(ring, "NIOCTXSYNC");
                if (refusal == null || !refusal.isOn(ring)) {
                    txSync(ring);
                }
            }
        } finally {
            notifyMoved(txRings);
        }
        if (refusal != null) {
            throw refusal.failure("NIOCTXSYNC", name);
        }
    }

    @Override
    public void rxSync() {
        requireOpen("NIOCRXSYNC");
        for (final KernelRing ring : rxRings) {
            requireRunning(ring, "NIOCRXSYNC");
        }
        final Fault refusal = refusal(rxRings, false);
        rxSyncAll(refusal);
        if (refusal != null) {
            throw refusal.failure("NIOCRXSYNC", name);
        }
    }

    /** The fault that keeps a sync from some of its rings; null: none. */
    private @Nullable Fault refusal(final KernelRing[] rings, final boolean poll) {
        final ArmedFaults faults = world.faults.inForce();
        return faults == null ? null : faults.refusal(name, rings, poll);
    }

    /** What may happen to a sync of this ring; null: nothing. */
    private @Nullable FaultySync faulty(final KernelRing ring) {
        final ArmedFaults faults = world.faults.inForce();
        return faults == null ? null : faults.sync(name, ring);
    }

    /** Whether a poll must say so, whatever it asked for. */
    boolean isGone() {
        if (binding.adapter().isGone()) {
            return true;
        }
        final ArmedFaults faults = world.faults.inForce();
        return faults != null && faults.isGone(name);
    }

    /** What keeps a poll from telling that this port is ready; null: nothing. */
    @Nullable
    WakeUpDelay delay(final long polls) {
        final ArmedFaults faults = world.faults.inForce();
        return faults == null ? null : faults.delay(name, polls, clock);
    }

    /** Whether who waits for these events must look again without a signal. */
    boolean isHeldBack(final int events) {
        return (heldBack & events) != 0;
    }

    /** Whether every poll runs the TX part: {@code np_txpoll}. */
    boolean isTxPoll() {
        return txPoll;
    }

    /**
     * The TX part of a poll; a ring with nothing to send is left alone once one with space is found, and from the start
     * in a poll that is not for OUT.
     */
    int pollTx(final boolean wanted) {
        heldBack &= ~Poller.OUT;
        final Fault refusal = refusal(txRings, true);
        boolean spaceWanted = wanted;
        int ready = refusal == null ? 0 : Poller.ERR;
        try {
            for (final KernelRing ring : txRings) {
                if (!spaceWanted && ring.ring.head() == ring.hwCur) {
                    continue;
                }
                if (ring.stopped() != null) {
                    return Poller.ERR;
                }
                if (refusal != null && refusal.isOn(ring)) {
                    continue;
                }
                if (!txSync(ring)) {
                    ready |= Poller.ERR;
                }
                if (ring.rCur != ring.rTail) {
                    spaceWanted = false;
                }
            }
        } finally {
            notifyMoved(txRings);
        }
        return wanted && !spaceWanted ? ready | Poller.OUT : ready;
    }

    /** The RX part of a poll for IN: all rings, because otherwise one would starve the others. */
    int pollRx() {
        for (final KernelRing ring : rxRings) {
            if (ring.stopped() != null) {
                return Poller.ERR;
            }
        }
        final Fault refusal = refusal(rxRings, true);
        boolean good = rxSyncAll(refusal) && refusal == null;
        if (takeForwardedDown()) {
            good &= flushTx();
            good &= rxSyncAll(refusal);
        }
        int ready = good ? 0 : Poller.ERR;
        for (final KernelRing ring : rxRings) {
            if (ring.rCur != ring.rTail) {
                ready |= Poller.IN;
                break;
            }
        }
        return ready;
    }

    /** {@code send_down}: whether the last sync of a host ring put packets into the NIC's TX rings. */
    private boolean takeForwardedDown() {
        boolean forwarded = false;
        for (final KernelRing ring : rxRings) {
            forwarded |= ring.forwardedDown;
            ring.forwardedDown = false;
        }
        return forwarded;
    }

    /** False if a ring was bad. */
    private boolean flushTx() {
        boolean good = true;
        try {
            for (final KernelRing ring : txRings) {
                good &= txSync(ring);
            }
        } finally {
            notifyMoved(txRings);
        }
        return good;
    }

    /** False if the ring was bad and was not synced. */
    private boolean txSync(final KernelRing ring) {
        final FaultySync faulty = faulty(ring);
        ring.get();
        try {
            if (faulty != null) {
                faulty.begin();
            }
            if (strict) {
                RingPrologue.txStrict(ring);
            } else if (!RingPrologue.txFaithful(ring)) {
                RingPrologue.reinit(ring, memory.pool(), memory.bufSize());
                return false;
            }
            ring.sync();
            finish(ring, faulty);
            return true;
        } finally {
            ring.put();
        }
    }

    /** False if a ring was bad; it was synced all the same. */
    private boolean rxSyncAll(final @Nullable Fault refusal) {
        heldBack &= ~Poller.IN;
        if (rxRings.length == 0) {
            return true;
        }
        final long micros = Math.floorDiv(clock.getAsLong(), 1_000L);
        final long seconds = Math.floorDiv(micros, 1_000_000L);
        boolean good = true;
        try {
            for (final KernelRing ring : rxRings) {
                if (refusal != null && refusal.isOn(ring)) {
                    continue;
                }
                good &= rxSync(ring);
                ring.ring.timestamp(seconds, micros - seconds * 1_000_000L);
            }
        } finally {
            notifyMoved(rxRings);
        }
        return good;
    }

    private boolean rxSync(final KernelRing ring) {
        final FaultySync faulty = faulty(ring);
        ring.get();
        try {
            if (faulty != null) {
                faulty.begin();
            }
            boolean good = true;
            if (strict) {
                RingPrologue.rxStrict(ring);
            } else if (!RingPrologue.rxFaithful(ring)) {
                RingPrologue.reinit(ring, memory.pool(), memory.bufSize());
                good = false;
            }
            ring.canForwardDown = canForwardDown;
            ring.sync();
            finish(ring, faulty);
            return good;
        } finally {
            ring.put();
        }
    }

    private void finish(final KernelRing ring, final @Nullable FaultySync faulty) {
        if (faulty == null) {
            ring.finish();
        } else if (faulty.finish()) {
            heldBack |= ring.ring.isRx() ? Poller.IN : Poller.OUT;
        }
    }

    private void requireRunning(final KernelRing ring, final String call) {
        final Errno errno = ring.stopped();
        if (errno != null) {
            throw NetmapErrnoException.of(
                    call, name, errno, "The interface or the monitored port is gone: close this port.");
        }
    }

    /**
     * Wakes who waits for what this sync gave away. A poller says that it sleeps, then looks at the tails once more; we
     * published the tails, and after the fence look who sleeps. So one of both sees the other:
     *
     * <pre>
     *   this thread            the poller
     *   publish tail           state = SLEEPING
     *   full fence             full fence
     *   read state             read tail
     * </pre>
     */
    private static void notifyMoved(final KernelRing[] rings) {
        for (final KernelRing ring : rings) {
            if (ring.moved) {
                ring.moved = false;
                ring.notifyOtherSide();
            }
        }
    }

    private void requireOpen(final String call) {
        if (closed) {
            throw NetmapErrnoException.of(call, name, Errno.EBADF, "The port was closed: open it again.");
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** World's lock held. */
    void wakePollers() {
        for (final Watch watch : watches) {
            watch.poller.wakeSleeper();
        }
    }

    /** World's lock held. */
    void addWatch(final Watch watch) {
        if (closed) {
            return;
        }
        watches.add(watch);
        for (final KernelRing ring : txRings) {
            ring.addWatch(watch);
        }
        for (final KernelRing ring : rxRings) {
            ring.addWatch(watch);
        }
    }

    /** World's lock held. */
    void removeWatch(final Watch watch) {
        watches.remove(watch);
        for (final KernelRing ring : txRings) {
            ring.removeWatch(watch);
        }
        for (final KernelRing ring : rxRings) {
            ring.removeWatch(watch);
        }
    }

    @Override
    public void close() {
        synchronized (world) {
            if (closed) {
                return;
            }
            closed = true;
            world.close(this, binding);
            for (final Watch watch : List.copyOf(watches)) {
                removeWatch(watch);
                watch.poller.wakeSleeper();
            }
        }
    }

    @Override
    public String toString() {
        return name + " (embedded, " + txRings.length + " TX, " + rxRings.length + " RX rings"
                + (closed ? ", closed)" : ")");
    }
}
