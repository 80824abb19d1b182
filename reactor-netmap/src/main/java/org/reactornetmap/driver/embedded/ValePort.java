package org.reactornetmap.driver.embedded;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/**
 * A VALE port. An ephemeral one is made by the first open in its switch and goes with the last close; a persistent one
 * is an interface, which can be opened by its name and attached to a switch. Guarded by the world's lock.
 */
final class ValePort extends Adapter implements SwitchedPort {
    /** {@code NM_BRIDGE_RINGSIZE} is the configuration's default. */
    static final int MAX_SLOTS = 4_096;

    private final Geometry geometry;
    private final SwitchSeat seat;
    private final Consumer<ValePort> whenFreed;
    private final OwnRings rings;
    private final @Nullable SwitchQueue[] queues;
    private boolean persistent;
    private boolean freed;

    /**
     * Makes a port that is in no switch.
     *
     * @param name {@code vale0:a}, or {@code v1} for a persistent port
     * @param geometry its rings and slots
     * @param memory where they are
     * @param switches counts its packets and reads its indirect slots
     * @param whenFreed called when nothing holds it any more, before its memory goes
     */
    ValePort(
            final String name,
            final Geometry geometry,
            final EmbeddedMemory memory,
            final ValeSwitches switches,
            final Consumer<ValePort> whenFreed) {
        super(name, memory);
        this.geometry = geometry;
        this.seat = new SwitchSeat(name, switches.counters(name));
        this.whenFreed = whenFreed;
        this.queues = new @Nullable SwitchQueue[geometry.rxRings()];
        this.rings = new OwnRings(
                this,
                geometry.txRings(),
                geometry.rxRings(),
                (rx, ringId, object) ->
                        rx ? new ValeRxRing(name(), object) : new ValeTxRing(name(), object, seat, switches));
    }

    /** Stays until it is deleted. */
    void persist() {
        persistent = true;
        hold();
    }

    /** Whether it was made by NEWIF. */
    boolean isPersistent() {
        return persistent;
    }

    @Override
    public Adapter adapter() {
        return this;
    }

    @Override
    public SwitchSeat seat() {
        return seat;
    }

    @Override
    public int queueCount() {
        return geometry.rxRings();
    }

    @Override
    public @Nullable SwitchQueue queue(final int ringId) {
        return queues[ringId];
    }

    @Override
    public void detach(final ValeSwitches switches) {
        if (isOwnedByKernel()) {
            throw NetmapErrnoException.of(
                    ValeSwitches.DETACH,
                    seat.name(),
                    Errno.EBUSY,
                    "It is in a second switch as well: detach it there first.");
        }
        if (isInterface()) {
            switches.disconnect(this);
            drop();
        }
    }

    private boolean isInterface() {
        return name().indexOf(':') < 0;
    }

    @Override
    int ringCount(final boolean rx) {
        return geometry.rings(rx);
    }

    @Override
    int slotCount(final boolean rx) {
        return geometry.slots(rx);
    }

    @Override
    boolean supportsOffsets() {
        return true;
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
    void registered(final Binding binding) {
        changeQueues();
    }

    @Override
    void dropIdleRings() {
        changeQueues();
        rings.dropIdle();
    }

    /** Shows the switch which rings are open: when this returns, nobody fills another. */
    private void changeQueues() {
        final ValeSwitch vale = seat.valeSwitch();
        if (vale == null) {
            showOpenRings();
        } else {
            vale.lock.write(this::showOpenRings);
        }
    }

    private void showOpenRings() {
        for (int i = 0; i < queues.length; i++) {
            queues[i] = rings.get(true, i) instanceof ValeRxRing ring && ring.isUsed() ? ring.queue() : null;
        }
    }

    @Override
    void releaseIfUnused() {
        if (isHeld() || freed) {
            return;
        }
        freed = true;
        whenFreed.accept(this);
        rings.dropIdle();
        free();
    }

    @Override
    void forEachBuffer(final IntConsumer consumer) {
        rings.forEachBuffer(consumer);
    }
}
