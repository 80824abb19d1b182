package org.reactornetmap.driver.embedded;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;

/**
 * An interface as netmap sees it, with the rings of its NIC and, behind them, those of its host stack. It is in netmap
 * mode from the first open to the last close, each ring for as long as somebody has it. Guarded by the world's lock.
 */
final class NicAdapter extends Adapter {
    private final Nic nic;
    private final Geometry geometry;
    private int hostTxRings = 1;
    private int hostRxRings = 1;
    private OwnRings rings;

    /** {@code rx_queue} of each host RX ring; none while the interface is not in netmap mode. */
    private HostQueue[] queues = {};

    private volatile boolean removed;
    private boolean freed;

    NicAdapter(final String name, final Nic nic, final EmbeddedMemory memory) {
        super(name, memory);
        this.nic = nic;
        this.geometry = nic.config.geometry();
        this.rings = newRings();
        hold();
    }

    private OwnRings newRings() {
        return new OwnRings(this, geometry.txRings() + hostTxRings, geometry.rxRings() + hostRxRings, this::newRing);
    }

    private KernelRing newRing(final boolean rx, final int ringId, final RingObject object) {
        if (ringId < geometry.rings(rx)) {
            return rx ? new NicRxRing(name(), object, nic) : new NicTxRing(name(), object, nic);
        }
        if (!rx) {
            return new HostTxRing(name(), object, nic);
        }
        final int hostRing = ringId - geometry.rxRings();
        return new HostRxRing(name(), object, nic, queues()[hostRing], hostRing == 0);
    }

    private HostQueue[] queues() {
        if (queues.length == 0) {
            queues = IntStream.range(0, hostRxRings)
                    .mapToObj(i -> new HostQueue(geometry.rxSlots()))
                    .toArray(HostQueue[]::new);
        }
        return queues;
    }

    Nic nic() {
        return nic;
    }

    /** How many host rings a request for an interface that nobody has open wants; 0 leaves it as it is. */
    void wantHostRings(final int tx, final int rx) {
        if (isOpen()) {
            return;
        }
        final int newTx = tx != 0 ? tx : hostTxRings;
        final int newRx = rx != 0 ? rx : hostRxRings;
        if (newTx != hostTxRings || newRx != hostRxRings) {
            hostTxRings = newTx;
            hostRxRings = newRx;
            rings = newRings();
        }
    }

    @Override
    int ringCount(final boolean rx) {
        return geometry.rings(rx);
    }

    @Override
    int hostRingCount(final boolean rx) {
        return rx ? hostRxRings : hostTxRings;
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

    /** {@code netmap_buf_size_validate}. */
    @Override
    void checkOpen(final Registration request, final Selection selection) {
        if (isOpen() || selection.rxFirst() == selection.rxLast()) {
            return;
        }
        final int bufSize = memory().bufSize();
        final int needed = Math.min(nic.config.mtu(), nic.config.rxBufSize());
        if (bufSize < needed) {
            throw request.refuse(
                    Errno.EINVAL,
                    name() + " writes up to " + needed + " bytes into a buffer (MTU " + nic.config.mtu()
                            + ", rxBufSize " + nic.config.rxBufSize() + "), but those of memory " + memory().id()
                            + " have " + bufSize + ": raise buf_size or lower the MTU.");
        }
    }

    @Override
    void registered(final Binding binding) {
        queues();
        showOpenRings();
    }

    @Override
    void dropIdleRings() {
        showOpenRings();
        rings.dropIdle();
        if (isOpen()) {
            return;
        }
        for (final HostQueue queue : queues) {
            nic.counters.queuePurged.add(queue.close());
        }
        queues = new HostQueue[0];
        if (hostTxRings != 1 || hostRxRings != 1) {
            hostTxRings = 1;
            hostRxRings = 1;
            rings = newRings();
        }
    }

    /** Shows the wire and the stack which rings are open: when this returns, nobody fills another. */
    private void showOpenRings() {
        final @Nullable NicTxRing[] tx = new @Nullable NicTxRing[geometry.txRings()];
        final @Nullable NicRxRing[] rx = new @Nullable NicRxRing[geometry.rxRings()];
        final @Nullable HostRxRing[] hostRx = new @Nullable HostRxRing[hostRxRings];
        for (int i = 0; i < tx.length; i++) {
            tx[i] = rings.get(false, i) instanceof NicTxRing ring && ring.isUsed() ? ring : null;
        }
        for (int i = 0; i < rx.length; i++) {
            rx[i] = rings.get(true, i) instanceof NicRxRing ring && ring.isUsed() ? ring : null;
        }
        for (int i = 0; i < hostRx.length; i++) {
            hostRx[i] = rings.get(true, rx.length + i) instanceof HostRxRing ring && ring.isUsed() ? ring : null;
        }
        nic.rings(isOpen() ? new NicRings(memory().bufSize(), tx, rx, hostRx, queues) : NicRings.OFF);
        forEachRing(ring -> {
            if (ring instanceof NicRxRing received) {
                received.on(ring.isUsed());
            } else if (ring instanceof NicTxRing transmitted && !ring.isUsed()) {
                nic.counters.unsent.add(transmitted.close());
            }
        });
    }

    private void forEachRing(final Consumer<KernelRing> action) {
        for (final boolean rx : new boolean[] {false, true}) {
            for (int i = 0; i < ringCount(rx) + hostRingCount(rx); i++) {
                final KernelRing ring = rings.get(rx, i);
                if (ring != null) {
                    action.accept(ring);
                }
            }
        }
    }

    /** The interface is gone: those who have it open get an error, and nobody opens it again. */
    void remove() {
        removed = true;
        forEachRing(ring -> ring.stop(Errno.EIO));
        drop();
    }

    @Override
    boolean isLinkUp() {
        return nic.isLinkUp();
    }

    @Override
    boolean isGone() {
        return removed;
    }

    @Override
    void releaseIfUnused() {
        if (isHeld() || freed) {
            return;
        }
        freed = true;
        free();
    }

    @Override
    void forEachBuffer(final IntConsumer consumer) {
        rings.forEachBuffer(consumer);
    }
}
