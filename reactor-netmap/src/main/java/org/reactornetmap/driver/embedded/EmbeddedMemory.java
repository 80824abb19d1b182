package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.Region;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * One memory of the embedded netmap: what {@code netmap_mem_d} is to the kernel. Ports of one memory can swap buffers,
 * ports of two must copy. The global memory is there from the start; a private one goes with its last user. Guarded by
 * the world's lock.
 */
final class EmbeddedMemory {
    /** The id of netmap's global memory. */
    static final int GLOBAL_ID = 1;

    private static final Logger LOG = Loggers.getLogger(EmbeddedMemory.class);

    private final int id;
    private final MemorySizes sizes;
    private final MemoryObjects objects;
    private final BufferPool pool;
    private final Region region;
    private final RingAllocator allocator;
    private final Consumer<EmbeddedMemory> whenFreed;
    private final Set<Adapter> adapters = new LinkedHashSet<>();
    private final Set<Binding> bindings = new LinkedHashSet<>();
    private long reclaimed;

    EmbeddedMemory(final int id, final MemorySizes sizes, final Consumer<EmbeddedMemory> whenFreed) {
        this.id = id;
        this.sizes = sizes;
        this.whenFreed = whenFreed;
        this.objects = new MemoryObjects(sizes);
        this.pool = new BufferPool(sizes.bufNum());
        this.region = new Region(objects, id);
        this.allocator = new RingAllocator(objects, region, pool, sizes.bufSize());
    }

    /** {@code nr_mem_id}. */
    int id() {
        return id;
    }

    MemorySizes sizes() {
        return sizes;
    }

    Region region() {
        return region;
    }

    BufferPool pool() {
        return pool;
    }

    RingAllocator allocator() {
        return allocator;
    }

    /** A port lives in this memory from now on. */
    void enter(final Adapter adapter) {
        adapters.add(adapter);
    }

    /** A port is gone. */
    void leave(final Adapter adapter) {
        adapters.remove(adapter);
        freeIfUnused();
    }

    private void freeIfUnused() {
        if (adapters.isEmpty() && bindings.isEmpty()) {
            whenFreed.accept(this);
        }
    }

    /** Allocates what is allocated late. */
    void prepare(final String port) {
        objects.ensureBuffers(port);
    }

    /** A descriptor is bound. */
    void bound(final Binding binding) {
        bindings.add(binding);
    }

    /** A descriptor is gone; with the last one everything is free again, as in the kernel. */
    void unbound(final Binding binding) {
        bindings.remove(binding);
        final int missing = pool.total() - BufferPool.FIRST - pool.freeCount();
        if (bindings.isEmpty() && missing > 0) {
            LOG.warn(
                    "memory {}: {} buffers were in no ring and in no extra list when the last port closed; they are free"
                            + " again",
                    id,
                    missing);
            reclaimed += missing;
            pool.reset();
        }
        freeIfUnused();
    }

    long allocateIf(final int ringCount, final String port) {
        return objects.allocateIf(ringCount, port);
    }

    void freeIf(final long offset) {
        objects.freeIf(offset);
    }

    int allocateExtra(final NetmapIf netmapIf, final int wanted) {
        return ExtraBuffers.allocate(pool, netmapIf, objects, wanted);
    }

    void freeExtra(final NetmapIf netmapIf, final String port) {
        ExtraBuffers.free(pool, netmapIf, objects, port);
    }

    /** Buffers that were lost whenever the last descriptor closed. */
    long reclaimed() {
        return reclaimed;
    }

    /** Finds every buffer. */
    BufferAudit audit() {
        final int[] places = new int[pool.total()];
        final Tally inRings = new Tally(places);
        adapters.forEach(adapter -> adapter.forEachBuffer(inRings::count));
        final Tally extra = new Tally(places);
        bindings.forEach(binding -> ExtraBuffers.forEach(pool, binding.netmapIf(), objects, extra::count));
        final List<Integer> lost = new ArrayList<>();
        final List<Integer> duplicated = new ArrayList<>();
        for (int i = BufferPool.FIRST; i < places.length; i++) {
            final int found = places[i] + (pool.isFree(i) ? 1 : 0);
            if (found == 0) {
                lost.add(i);
            } else if (found > 1) {
                duplicated.add(i);
            }
        }
        return new BufferAudit(
                pool.total(), pool.freeCount(), inRings.counted, extra.counted, lost, duplicated, reclaimed);
    }

    private final class Tally {
        private final int[] places;
        private int counted;

        Tally(final int[] places) {
            this.places = places;
        }

        void count(final int bufIdx) {
            if (pool.isValid(bufIdx)) {
                places[bufIdx]++;
                counted++;
            }
        }
    }

    @Override
    public String toString() {
        return "memory " + id + " (" + sizes + ")";
    }
}
