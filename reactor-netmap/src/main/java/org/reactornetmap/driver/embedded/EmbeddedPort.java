package org.reactornetmap.driver.embedded;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
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
    private final int extraBuffers;
    private final KernelRing[] txRings;
    private final KernelRing[] rxRings;
    private final boolean strict;
    private final LongSupplier clock;
    private final List<Watch> watches = new ArrayList<>();
    private volatile boolean closed;

    EmbeddedPort(
            final EmbeddedWorld world,
            final EmbeddedDriver driver,
            final String name,
            final Binding binding,
            final int extraBuffers) {
        this.world = world;
        this.driver = driver;
        this.name = name;
        this.binding = binding;
        this.extraBuffers = extraBuffers;
        this.txRings = binding.rings(false);
        this.rxRings = binding.rings(true);
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
        return world.region();
    }

    @Override
    public NetmapIf netmapIf() {
        return binding.netmapIf();
    }

    @Override
    public int extraBuffers() {
        return extraBuffers;
    }

    @Override
    public int portTxRings() {
        return binding.portRings(false);
    }

    @Override
    public int portRxRings() {
        return binding.portRings(true);
    }

    @Override
    public void txSync() {
        requireOpen("NIOCTXSYNC");
        try {
            for (final KernelRing ring : txRings) {
                txSync(ring);
            }
        } finally {
            signalMoved(txRings);
        }
    }

    @Override
    public void rxSync() {
        requireOpen("NIOCRXSYNC");
        rxSyncAll();
    }

    /** The TX part of a poll for OUT; a ring with nothing to send is left alone once one with space is found. */
    int pollTx() {
        int ready = 0;
        try {
            for (final KernelRing ring : txRings) {
                if ((ready & Poller.OUT) != 0 && ring.ring.head() == ring.hwCur) {
                    continue;
                }
                if (!txSync(ring)) {
                    ready |= Poller.ERR;
                }
                if (ring.rCur != ring.rTail) {
                    ready |= Poller.OUT;
                }
            }
        } finally {
            signalMoved(txRings);
        }
        return ready;
    }

    /** The RX part of a poll for IN: all rings, because otherwise one would starve the others. */
    int pollRx() {
        int ready = rxSyncAll() ? 0 : Poller.ERR;
        for (final KernelRing ring : rxRings) {
            if (ring.rCur != ring.rTail) {
                ready |= Poller.IN;
                break;
            }
        }
        return ready;
    }

    /** False if the ring was bad and was not synced. */
    private boolean txSync(final KernelRing ring) {
        if (strict) {
            RingPrologue.txStrict(ring);
        } else if (!RingPrologue.txFaithful(ring)) {
            RingPrologue.reinit(ring, world.pool, world.config.bufSize());
            return false;
        }
        ring.sync();
        ring.finish();
        return true;
    }

    /** False if a ring was bad; it was synced all the same. */
    private boolean rxSyncAll() {
        if (rxRings.length == 0) {
            return true;
        }
        final long micros = Math.floorDiv(clock.getAsLong(), 1_000L);
        final long seconds = Math.floorDiv(micros, 1_000_000L);
        boolean good = true;
        try {
            for (final KernelRing ring : rxRings) {
                good &= rxSync(ring);
                ring.ring.timestamp(seconds, micros - seconds * 1_000_000L);
            }
        } finally {
            signalMoved(rxRings);
        }
        return good;
    }

    private boolean rxSync(final KernelRing ring) {
        boolean good = true;
        if (strict) {
            RingPrologue.rxStrict(ring);
        } else if (!RingPrologue.rxFaithful(ring)) {
            RingPrologue.reinit(ring, world.pool, world.config.bufSize());
            good = false;
        }
        ring.sync();
        ring.finish();
        return good;
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
    private static void signalMoved(final KernelRing[] rings) {
        boolean moved = false;
        for (final KernelRing ring : rings) {
            moved |= ring.moved;
        }
        if (!moved) {
            return;
        }
        VarHandle.fullFence();
        for (final KernelRing ring : rings) {
            if (ring.moved) {
                ring.moved = false;
                ring.signalOtherSide();
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
