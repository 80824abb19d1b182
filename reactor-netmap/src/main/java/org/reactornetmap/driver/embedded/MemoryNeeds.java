package org.reactornetmap.driver.embedded;

import org.reactornetmap.ring.NetmapIfDescriptor;
import org.reactornetmap.ring.NetmapRingDescriptor;

/**
 * What a registration takes from a memory.
 *
 * @param ifBytes bytes of its {@code netmap_if}
 * @param rings ring objects to make
 * @param ringBytes bytes of the longest
 * @param buffers buffers for their slots
 */
record MemoryNeeds(int ifBytes, int rings, int ringBytes, long buffers) {
    /** The rings of a selection that are not there yet, and the netmap_if. */
    static MemoryNeeds of(final Adapter adapter, final Selection selection, final int ifEntries) {
        int rings = 0;
        int longest = 0;
        long slots = 0;
        for (final boolean rx : new boolean[] {true, false}) {
            for (int i = selection.first(rx); i < selection.last(rx); i++) {
                if (adapter.ring(rx, i) == null) {
                    rings += adapter.objectsPerRing();
                    longest = Math.max(longest, adapter.slotCount(rx));
                    slots += adapter.slotCount(rx);
                }
            }
        }
        return new MemoryNeeds(
                NetmapIfDescriptor.ifLength(ifEntries),
                rings,
                rings == 0 ? 0 : NetmapRingDescriptor.ringLength(longest),
                slots);
    }
}
