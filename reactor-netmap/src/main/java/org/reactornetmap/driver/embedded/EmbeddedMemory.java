package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.PoolLayout.Kind;
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
    private final MemoryKind kind;
    private final MemoryLayout layout;
    private final MemoryObjects objects;
    private final BufferPool pool;
    private final Region region;
    private final RingAllocator allocator;
    private final Consumer<EmbeddedMemory> whenFreed;
    private final Set<Adapter> adapters = new LinkedHashSet<>();
    private final Set<Binding> bindings = new LinkedHashSet<>();
    private int holders;
    private long reclaimed;

    EmbeddedMemory(
            final int id,
            final MemoryKind kind,
            final MemoryLayout layout,
            final Backing backing,
            final Consumer<EmbeddedMemory> whenFreed) {
        this.id = id;
        this.kind = kind;
        this.layout = layout;
        this.whenFreed = whenFreed;
        this.objects = new MemoryObjects(layout, backing);
        this.pool = new BufferPool(layout.bufs().usable());
        this.region = new Region(objects, id);
        this.allocator = new RingAllocator(objects, region, pool, bufSize());
    }

    /** {@code nr_mem_id}. */
    int id() {
        return id;
    }

    /** {@code NETMAP_MEM_PRIVATE}: any but the global one. */
    boolean isPrivate() {
        return kind != MemoryKind.GLOBAL;
    }

    /** Bytes of a buffer. */
    int bufSize() {
        return layout.bufs().size();
    }

    /** {@code netmap_mem_pools_info_get}. */
    PoolsInfo info() {
        return layout.info(id);
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

    /** It must stay, if only for the rest of a request: {@code netmap_mem_get}. */
    void hold() {
        holders++;
    }

    /** The counterpart of {@link #hold}. */
    void drop() {
        holders--;
        freeIfUnused();
    }

    private void freeIfUnused() {
        if (adapters.isEmpty() && bindings.isEmpty() && holders == 0) {
            whenFreed.accept(this);
        }
    }

    /** Allocates what is allocated late. */
    void prepare(final String port) {
        objects.ensureBuffers(port);
    }

    /** Refuses what a pool cannot give, before anything is taken. */
    void require(final String port, final MemoryNeeds needs) {
        requireSize(port, Kind.RING, objects.rings(), needs.ringBytes());
        requireFree(port, Kind.RING, objects.rings().total(), objects.rings().used(), needs.rings());
        requireFree(port, Kind.BUF, pool.total(), pool.total() - pool.freeCount(), needs.buffers());
        requireSize(port, Kind.IF, objects.interfaces(), needs.ifBytes());
        requireFree(
                port,
                Kind.IF,
                objects.interfaces().total(),
                objects.interfaces().used(),
                1);
    }

    private void requireSize(final String port, final Kind pool, final ObjectArea area, final int needed) {
        if (needed > area.objectBytes()) {
            throw refuse(
                    port,
                    kind.parameter(pool, true) + " is " + area.objectBytes() + " and an object of " + needed
                            + " bytes is needed: ask for fewer rings or slots, or "
                            + kind.remedy(pool, true, PoolLayout.roundUp(needed, PoolLayout.LINE)) + ".");
        }
    }

    private void requireFree(final String port, final Kind pool, final int total, final int used, final long needed) {
        if (needed > total - used) {
            throw refuse(
                    port,
                    kind.parameter(pool, false) + " is " + total + " and " + (total - used) + " are free, but " + needed
                            + " are needed: ask for fewer or smaller rings, close ports, or "
                            + kind.remedy(pool, false, used + needed) + ".");
        }
    }

    private NetmapErrnoException refuse(final String port, final String advice) {
        return NetmapErrnoException.of(EmbeddedWorld.REGISTER, port, Errno.ENOMEM, "Memory " + id + ": " + advice);
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
        return "memory " + id + " (" + layout + ")";
    }
}
