package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A port of the embedded netmap, which any number of descriptors may have open: what {@code netmap_adapter} is to the
 * kernel. Guarded by the world's lock.
 */
abstract class Adapter {
    private final String name;
    private int openDescriptors;

    Adapter(final String name) {
        this.name = name;
    }

    /** As {@code ni_name} has it, before it is cut. */
    final String name() {
        return name;
    }

    final boolean isOpen() {
        return openDescriptors > 0;
    }

    final void descriptorOpened() {
        openDescriptors++;
    }

    final void descriptorClosed() {
        openDescriptors--;
    }

    /** Number of RX or TX rings. */
    abstract int ringCount(boolean rx);

    /** Number of slots of each RX or TX ring. */
    abstract int slotCount(boolean rx);

    /** A ring, null if nobody needed it yet. */
    abstract @Nullable KernelRing ring(boolean rx, int ringId);

    /** A ring, made if need be; the caller made sure that there are buffers for it. */
    abstract KernelRing requireRing(boolean rx, int ringId);

    /** Forgets and frees every ring that {@link #requireRing} made since the last call of {@link #keepRings}. */
    abstract void dropNewRings();

    /** The rings made so far stay until the port goes. */
    abstract void keepRings();

    /** Frees the port if nothing holds it any more. */
    abstract void releaseIfUnused();
}
