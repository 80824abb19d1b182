package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.model.RefMemory.Place;
import org.reactornetmap.ring.NetmapRing;

/** The model of a port that descriptors open. */
abstract class RefAdapter {
    final String name;

    /** Where it is; null until the first open tells. */
    @Nullable
    RefMemory memory;

    final List<RefMonitor> monitors = new ArrayList<>();

    private int openDescriptors;

    RefAdapter(final String name) {
        this.name = name;
    }

    final RefMemory memory() {
        final RefMemory known = memory;
        if (known == null) {
            throw new IllegalStateException(name + " was never opened");
        }
        return known;
    }

    abstract int ringCount(boolean rx);

    abstract int slotCount(boolean rx);

    /** A ring, null if nobody needed it yet. */
    @Nullable
    abstract RefRing ring(boolean rx, int ringId);

    /** Makes a ring that an open needed; it has the buffers that it has in reality. */
    abstract RefRing newRing(boolean rx, int ringId, NetmapRing real);

    /** Every ring there is. */
    abstract List<RefRing> rings();

    /** Called when a descriptor is closed, with none of its rings in use by it. */
    abstract void closed();

    /** Whether nothing of it is left. */
    boolean isGone() {
        return openDescriptors == 0;
    }

    final void descriptorOpened() {
        openDescriptors++;
    }

    final void descriptorClosed() {
        openDescriptors--;
        if (openDescriptors == 0) {
            monitors.forEach(RefMonitor::parentLeft);
            monitors.clear();
        }
        closed();
    }

    final boolean isOpen() {
        return openDescriptors > 0;
    }

    final RefRing bind(final boolean rx, final int ringId, final NetmapRing real) {
        if (real.ringId() != ringId || real.isRx() != rx || real.numSlots() != slotCount(rx)) {
            throw new AssertionError("expected ring " + ringId + " of " + slotCount(rx) + " slots, found " + real);
        }
        final RefRing known = ring(rx, ringId);
        final RefRing ring = known == null ? newRing(rx, ringId, real) : known;
        ring.real = real;
        return ring;
    }

    /** Takes over the buffers that a new ring was given. */
    static void fill(final RefRing ring, final NetmapRing real) {
        for (int i = 0; i < real.numSlots(); i++) {
            final RefSlot slot = RefSlot.read(real, i);
            ring.memory.move(slot.buffer, Place.FREE, Place.RING);
            ring.slots.add(slot);
        }
    }

    static void free(final RefRing ring) {
        ring.slots.forEach(slot -> ring.memory.move(slot.buffer, Place.RING, Place.FREE));
        ring.slots.clear();
    }
}
