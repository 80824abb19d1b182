package org.reactornetmap.driver.embedded;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** A null port: rings that move nothing. Each open makes a new one. */
final class NullAdapter extends Adapter {
    private final RingAllocator allocator;
    private final Geometry geometry;
    private final Consumer<NullAdapter> whenFreed;
    private final @Nullable NullRing[] txRings;
    private final @Nullable NullRing[] rxRings;

    NullAdapter(
            final String portName,
            final Geometry geometry,
            final RingAllocator allocator,
            final Consumer<NullAdapter> whenFreed) {
        super("null:" + portName);
        this.whenFreed = whenFreed;
        this.allocator = allocator;
        this.geometry = geometry;
        this.txRings = new @Nullable NullRing[geometry.txRings()];
        this.rxRings = new @Nullable NullRing[geometry.rxRings()];
    }

    @Override
    int ringCount(final boolean rx) {
        return rings(rx).length;
    }

    @Override
    int slotCount(final boolean rx) {
        return rx ? geometry.rxSlots() : geometry.txSlots();
    }

    private @Nullable NullRing[] rings(final boolean rx) {
        return rx ? rxRings : txRings;
    }

    @Override
    @Nullable
    KernelRing ring(final boolean rx, final int ringId) {
        return rings(rx)[ringId];
    }

    @Override
    KernelRing requireRing(final boolean rx, final int ringId) {
        final NullRing existing = rings(rx)[ringId];
        if (existing != null) {
            return existing;
        }
        final RingObject object = allocator.newRing(name(), rx, ringId, slotCount(rx));
        allocator.fill(object.ring());
        final NullRing made = new NullRing(name(), object);
        rings(rx)[ringId] = made;
        return made;
    }

    @Override
    void dropNewRings() {
        free(txRings);
        free(rxRings);
    }

    @Override
    void keepRings() {}

    @Override
    void releaseIfUnused() {
        if (!isOpen()) {
            dropNewRings();
            whenFreed.accept(this);
        }
    }

    private void free(final @Nullable NullRing[] rings) {
        for (int i = 0; i < rings.length; i++) {
            final NullRing ring = rings[i];
            if (ring != null) {
                forEachSlot(ring, bufIdx -> allocator.freeSlotBuffer(name(), bufIdx));
                allocator.freeRing(ring.offset);
                rings[i] = null;
            }
        }
    }

    /** Every buffer in the port's rings, for an audit. */
    void forEachBuffer(final IntConsumer consumer) {
        for (final boolean rx : new boolean[] {false, true}) {
            for (final NullRing ring : rings(rx)) {
                if (ring != null) {
                    forEachSlot(ring, consumer);
                }
            }
        }
    }

    private static void forEachSlot(final NullRing ring, final IntConsumer consumer) {
        for (int i = 0; i < ring.numSlots; i++) {
            consumer.accept(NetmapSlotDescriptor.bufIdx(ring.ring.slotWord(i)));
        }
    }
}
