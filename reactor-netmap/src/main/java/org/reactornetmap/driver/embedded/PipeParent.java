package org.reactornetmap.driver.embedded;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The port that opening a pipe of an unknown parent makes; it goes with its last pipe. */
final class PipeParent extends Adapter {
    private final Geometry geometry;
    private final Consumer<PipeParent> whenFreed;

    PipeParent(
            final String name,
            final Geometry geometry,
            final EmbeddedMemory memory,
            final Consumer<PipeParent> whenFreed) {
        super(name, memory);
        this.geometry = geometry;
        this.whenFreed = whenFreed;
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
        return null;
    }

    @Override
    KernelRing requireRing(final boolean rx, final int ringId) {
        throw new IllegalStateException(name() + " is only a parent of pipes");
    }

    @Override
    void dropIdleRings() {}

    @Override
    void releaseIfUnused() {
        if (!isHeld()) {
            whenFreed.accept(this);
            free();
        }
    }

    @Override
    void forEachBuffer(final IntConsumer consumer) {}
}
