package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapRingDescriptor;

/**
 * A pipe: two ends that exist together, and the lanes between them. A lane is made when either end first opens its ring
 * and stays until both ends are closed, so that what an end left in it is there for who opens that end next. Guarded by
 * the world's lock.
 */
final class Pipe {
    /** {@code NM_PIPE_MAXRINGS}. */
    static final int MAX_RINGS = 256;

    /** {@code NM_PIPE_MAXSLOTS}. */
    static final int MAX_SLOTS = 4_096;

    /** {@code NM_MAXPIPES}: pipes of one parent. */
    static final int MAX_PIPES = 64;

    private final PipeEnd master;
    private final PipeEnd slave;
    private final Geometry geometry;
    private final RingAllocator allocator;
    private final Adapter parent;
    private final String id;
    private final @Nullable PipeLane[] fromMaster;
    private final @Nullable PipeLane[] fromSlave;
    private final List<PipeLane> newLanes = new ArrayList<>();

    /**
     * Makes a pipe without lanes. It holds its parent, in whose memory it lives, until both ends are closed.
     *
     * @param parent the port whose pipe this is
     * @param id the pipe's identifier
     * @param geometry rings and slots as the master sees them
     */
    Pipe(final Adapter parent, final String id, final Geometry geometry) {
        this.parent = parent;
        this.id = id;
        this.geometry = geometry;
        this.allocator = parent.memory().allocator();
        this.fromMaster = new @Nullable PipeLane[geometry.txRings()];
        this.fromSlave = new @Nullable PipeLane[geometry.rxRings()];
        this.master = new PipeEnd(parent.name() + "{" + id, this, true, parent.memory());
        this.slave = new PipeEnd(parent.name() + "}" + id, this, false, parent.memory());
        parent.pipes().put(id, this);
        parent.hold();
    }

    PipeEnd end(final boolean ofMaster) {
        return ofMaster ? master : slave;
    }

    int laneCount(final boolean sentByMaster) {
        return lanes(sentByMaster).length;
    }

    int slotCount(final boolean sentByMaster) {
        return sentByMaster ? geometry.txSlots() : geometry.rxSlots();
    }

    @Nullable
    PipeLane lane(final boolean sentByMaster, final int ringId) {
        return lanes(sentByMaster)[ringId];
    }

    private @Nullable PipeLane[] lanes(final boolean sentByMaster) {
        return sentByMaster ? fromMaster : fromSlave;
    }

    PipeLane requireLane(final boolean sentByMaster, final int ringId) {
        final PipeLane existing = lanes(sentByMaster)[ringId];
        if (existing != null) {
            return existing;
        }
        final PipeLane made = newLane(sentByMaster, ringId);
        lanes(sentByMaster)[ringId] = made;
        newLanes.add(made);
        return made;
    }

    private PipeLane newLane(final boolean sentByMaster, final int ringId) {
        final String sender = end(sentByMaster).name();
        final String receiver = end(!sentByMaster).name();
        final int slots = slotCount(sentByMaster);
        final RingObject tx = allocator.newRing(sender, false, ringId, slots);
        final RingObject rx;
        try {
            rx = allocator.newRing(receiver, true, ringId, slots);
        } catch (final RuntimeException e) {
            allocator.freeRing(tx.offset());
            throw e;
        }
        allocator.fill(tx.ring());
        copySlots(tx.ring(), rx.ring());
        return new PipeLane(sender, tx, receiver, rx);
    }

    private static void copySlots(final NetmapRing from, final NetmapRing to) {
        for (int i = 0; i < from.numSlots(); i++) {
            to.slotWord(i, from.slotWord(i));
            to.slotPtr(i, from.slotPtr(i));
        }
    }

    /** Frees the lanes that an open made before it failed. */
    void dropNewLanes() {
        for (final PipeLane lane : newLanes) {
            free(lane);
            remove(fromMaster, lane);
            remove(fromSlave, lane);
        }
        newLanes.clear();
    }

    /**
     * The lanes made so far stay until both ends are closed. What the end that made them agreed on counts at the other
     * end too, as far as its user can see: netmap_pipe_reg_both.
     *
     * @param byMaster which end made them
     */
    void keepLanes(final boolean byMaster) {
        for (final PipeLane lane : newLanes) {
            final boolean sends = Arrays.asList(lanes(byMaster)).contains(lane);
            final KernelRing own = sends ? lane.tx : lane.rx;
            final KernelRing other = sends ? lane.rx : lane.tx;
            if (own.offsets().areUsed()) {
                copySlots(own.ring, other.ring);
                other.memory.putLong(
                        NetmapRingDescriptor.OFFSET_MASK_OFFSET, own.offsets().mask());
            }
        }
        newLanes.clear();
    }

    private static void remove(final @Nullable PipeLane[] lanes, final PipeLane lane) {
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i] == lane) {
                lanes[i] = null;
            }
        }
    }

    /** Frees everything if both ends are closed. */
    void releaseIfUnused() {
        if (master.isHeld() || slave.isHeld()) {
            return;
        }
        newLanes.clear();
        forEachLane(this::free);
        master.free();
        slave.free();
        parent.pipes().remove(id);
        parent.drop();
    }

    private void free(final PipeLane lane) {
        forEachBuffer(lane, bufIdx -> allocator.freeSlotBuffer(lane.tx.name, bufIdx));
        allocator.freeRing(lane.tx.offset);
        allocator.freeRing(lane.rx.offset);
    }

    void forEachBuffer(final IntConsumer consumer) {
        forEachLane(lane -> forEachBuffer(lane, consumer));
    }

    private static void forEachBuffer(final PipeLane lane, final IntConsumer consumer) {
        for (int i = 0; i < lane.tx.numSlots; i++) {
            consumer.accept(lane.ownedBuffer(i));
        }
    }

    private void forEachLane(final Consumer<PipeLane> consumer) {
        for (final boolean sentByMaster : new boolean[] {true, false}) {
            for (final PipeLane lane : lanes(sentByMaster)) {
                if (lane != null) {
                    consumer.accept(lane);
                }
            }
        }
    }
}
