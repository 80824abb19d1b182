package org.reactornetmap.driver.embedded;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A null port: rings that move nothing. Each open makes a new one. */
final class NullAdapter extends Adapter {
    private final Geometry geometry;
    private final OwnRings rings;

    NullAdapter(final String portName, final Geometry geometry, final EmbeddedMemory memory) {
        super("null:" + portName, memory);
        this.geometry = geometry;
        this.rings = new OwnRings(
                this, geometry.txRings(), geometry.rxRings(), (rx, ringId, object) -> new NullRing(name(), object));
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
