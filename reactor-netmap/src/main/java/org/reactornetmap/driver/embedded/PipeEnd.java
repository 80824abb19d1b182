package org.reactornetmap.driver.embedded;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One end of a {@link Pipe}. Its TX rings are its own lanes' beginnings, its RX rings the ends of the peer's. */
final class PipeEnd extends Adapter {
    private final Pipe pipe;
    private final boolean master;

    PipeEnd(final String name, final Pipe pipe, final boolean master, final EmbeddedMemory memory) {
        super(name, memory);
        this.pipe = pipe;
        this.master = master;
    }

    /** Whether the master sends what moves through this end's RX or TX rings. */
    private boolean sentByMaster(final boolean rx) {
        return master != rx;
    }

    @Override
    int ringCount(final boolean rx) {
        return pipe.laneCount(sentByMaster(rx));
    }

    @Override
    int slotCount(final boolean rx) {
        return pipe.slotCount(sentByMaster(rx));
    }

    @Override
    @Nullable
    KernelRing ring(final boolean rx, final int ringId) {
        final PipeLane lane = pipe.lane(sentByMaster(rx), ringId);
        return lane == null ? null : ringOf(lane, rx);
    }

    @Override
    KernelRing requireRing(final boolean rx, final int ringId) {
        return ringOf(pipe.requireLane(sentByMaster(rx), ringId), rx);
    }

    private static KernelRing ringOf(final PipeLane lane, final boolean rx) {
        return rx ? lane.rx : lane.tx;
    }

    @Override
    int objectsPerRing() {
        return 2;
    }

    @Override
    void registered(final Binding binding) {
        pipe.keepLanes(sentByMaster(false));
    }

    @Override
    void dropIdleRings() {
        pipe.dropNewLanes();
    }

    @Override
    void releaseIfUnused() {
        pipe.releaseIfUnused();
    }

    /** The master counts for both ends, whose slots name the same buffers. */
    @Override
    void forEachBuffer(final IntConsumer consumer) {
        if (master) {
            pipe.forEachBuffer(consumer);
        }
    }
}
