package org.reactornetmap.driver.embedded;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/**
 * The rings of an adapter that shares them with no other: made when a descriptor first needs them, each slot with a
 * buffer of its own, and freed when nobody uses them. Guarded by the world's lock.
 */
final class OwnRings {
    /** Makes the kernel's side of a ring. */
    @FunctionalInterface
    interface Factory {
        KernelRing make(boolean rx, int ringId, RingObject object);
    }

    private final Adapter adapter;
    private final Factory factory;
    private final @Nullable KernelRing[] txRings;
    private final @Nullable KernelRing[] rxRings;

    OwnRings(final Adapter adapter, final int txRings, final int rxRings, final Factory factory) {
        this.adapter = adapter;
        this.factory = factory;
        this.txRings = new @Nullable KernelRing[txRings];
        this.rxRings = new @Nullable KernelRing[rxRings];
    }

    private @Nullable KernelRing[] rings(final boolean rx) {
        return rx ? rxRings : txRings;
    }

    @Nullable
    KernelRing get(final boolean rx, final int ringId) {
        return rings(rx)[ringId];
    }

    KernelRing require(final boolean rx, final int ringId) {
        final KernelRing existing = rings(rx)[ringId];
        if (existing != null) {
            return existing;
        }
        final RingAllocator allocator = adapter.memory().allocator();
        final RingObject object = allocator.newRing(adapter.name(), rx, ringId, adapter.slotCount(rx));
        allocator.fill(object.ring());
        final KernelRing made = factory.make(rx, ringId, object);
        rings(rx)[ringId] = made;
        return made;
    }

    /** Frees every ring that nobody uses, with the buffers in it. */
    void dropIdle() {
        for (final boolean rx : new boolean[] {false, true}) {
            final @Nullable KernelRing[] rings = rings(rx);
            for (int i = 0; i < rings.length; i++) {
                final KernelRing ring = rings[i];
                if (ring != null && !ring.isUsed()) {
                    final RingAllocator allocator = adapter.memory().allocator();
                    forEachSlot(ring, bufIdx -> allocator.freeSlotBuffer(adapter.name(), bufIdx));
                    allocator.freeRing(ring.offset);
                    rings[i] = null;
                }
            }
        }
    }

    void forEachBuffer(final IntConsumer consumer) {
        for (final boolean rx : new boolean[] {false, true}) {
            for (final KernelRing ring : rings(rx)) {
                if (ring != null) {
                    forEachSlot(ring, consumer);
                }
            }
        }
    }

    private static void forEachSlot(final KernelRing ring, final IntConsumer consumer) {
        for (int i = 0; i < ring.numSlots; i++) {
            consumer.accept(NetmapSlotDescriptor.bufIdx(ring.ring.slotWord(i)));
        }
    }
}
