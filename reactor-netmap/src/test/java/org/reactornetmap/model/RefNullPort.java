package org.reactornetmap.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.ring.NetmapRing;

/** The model of a null port: a new one for each open. */
final class RefNullPort extends RefAdapter {
    private final OpenRequest request;
    private final RefOwnRings rings = new RefOwnRings();

    RefNullPort(final String name, final OpenRequest request) {
        super(name);
        this.request = request;
    }

    @Override
    int ringCount(final boolean rx) {
        return rx ? request.rxRings() : request.txRings();
    }

    @Override
    int slotCount(final boolean rx) {
        return rx ? request.rxSlots() : request.txSlots();
    }

    @Override
    @Nullable
    RefRing ring(final boolean rx, final int ringId) {
        return rings.get(rx, ringId);
    }

    @Override
    RefRing newRing(final boolean rx, final int ringId, final NetmapRing real) {
        final RefRing ring = new Still(name + (rx ? " RX" : " TX") + ringId, memory(), real.numSlots(), rx);
        fill(ring, real);
        rings.put(rx, ringId, ring);
        return ring;
    }

    @Override
    List<RefRing> rings() {
        return rings.all();
    }

    @Override
    void closed() {
        rings.freeIdle();
    }

    /** A sync accepts what was filled and moves nothing, ever. */
    private static final class Still extends RefRing {
        Still(final String name, final RefMemory memory, final int n, final boolean rx) {
            super(name, memory, n);
            limit = rx ? 0 : n - 1;
        }

        @Override
        void move() {
            accepted = done;
        }
    }
}
