package org.reactornetmap.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.NetmapRing;

/** The model of one end of a pipe. */
final class RefPipeEnd extends RefAdapter {
    private final RefPipe pipe;
    private final boolean master;

    RefPipeEnd(final String name, final RefPipe pipe, final boolean master) {
        super(name);
        this.pipe = pipe;
        this.master = master;
    }

    RefPipe pipe() {
        return pipe;
    }

    @Override
    int ringCount(final boolean rx) {
        return pipe.ringCount(master, rx);
    }

    @Override
    int slotCount(final boolean rx) {
        return pipe.slotCount(master, rx);
    }

    @Override
    @Nullable
    RefRing ring(final boolean rx, final int ringId) {
        final RefLane lane = pipe.lane(master, rx, ringId);
        return lane == null ? null : ringOf(lane, rx);
    }

    private static RefRing ringOf(final RefLane lane, final boolean rx) {
        return rx ? lane.rx : lane.tx;
    }

    @Override
    RefRing newRing(final boolean rx, final int ringId, final NetmapRing real) {
        final RefLane lane = pipe.newLane(master, rx, ringId, memory());
        fill(lane.tx, real);
        return ringOf(lane, rx);
    }

    /** The master counts for both. */
    @Override
    List<RefRing> rings() {
        return master ? pipe.rings() : List.of();
    }

    @Override
    void closed() {
        pipe.freeIfClosed();
    }

    @Override
    boolean isGone() {
        return pipe.isClosed();
    }
}
