package org.reactornetmap.driver.embedded;

import java.util.Collection;
import java.util.TreeMap;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.ring.NetmapIfDescriptor;
import org.reactornetmap.ring.NetmapRingDescriptor;

/** The memories of an embedded netmap, by their ids. Guarded by the world's lock. */
final class Memories {
    private static final int PAGE = 4_096;

    /** Room for the ring offsets of the widest pipe: 256 + 1 rings each way. */
    private static final int IF_BYTES = 8_192;

    /** netmap_min_priv_params: what a private memory has at least. */
    private static final MemorySizes LEAST_PRIVATE = new MemorySizes(2, IF_BYTES, 4, 5 * PAGE, 4_098, 2_048);

    /** As many pipes as netmap makes room for. */
    private static final int PIPES = 2;

    private final TreeMap<Integer, EmbeddedMemory> byId = new TreeMap<>();
    private final int bufSize;
    private long reclaimedByFreed;

    Memories(final EmbeddedConfig config) {
        this.bufSize = config.bufSize();
        add(
                EmbeddedMemory.GLOBAL_ID,
                new MemorySizes(
                        config.interfaces(),
                        IF_BYTES,
                        config.rings(),
                        pages(NetmapRingDescriptor.ringLength(Pipe.MAX_SLOTS)),
                        config.buffers(),
                        bufSize));
    }

    private EmbeddedMemory add(final int id, final MemorySizes sizes) {
        final EmbeddedMemory made = new EmbeddedMemory(id, sizes, this::freed);
        byId.put(id, made);
        return made;
    }

    private void freed(final EmbeddedMemory memory) {
        if (memory.id() != EmbeddedMemory.GLOBAL_ID) {
            byId.remove(memory.id());
            reclaimedByFreed += memory.reclaimed();
        }
    }

    EmbeddedMemory global() {
        return byId.firstEntry().getValue();
    }

    /** Buffers that were lost when the last port of a memory closed, of memories that are gone. */
    long reclaimedByFreed() {
        return reclaimedByFreed;
    }

    Collection<EmbeddedMemory> all() {
        return byId.values();
    }

    /** The memory that a request names. */
    EmbeddedMemory named(final Registration request) {
        final EmbeddedMemory found = byId.get(request.memId);
        if (found == null) {
            throw request.refuse(
                    Errno.EINVAL,
                    "There is no memory " + request.memId + ": there are " + byId.keySet()
                            + ", and 1 is the global one.");
        }
        return found;
    }

    /** The memory that a request names, or a private one for it: {@code netmap_mem_private_new}. */
    EmbeddedMemory namedOrPrivate(final Registration request, final Geometry geometry) {
        if (request.memId != 0) {
            return named(request);
        }
        final int tx = geometry.txRings() + 1; // and a host ring
        final int rx = geometry.rxRings() + 1;
        final int longest = Math.max(geometry.txSlots(), geometry.rxSlots());
        final int buffers = (4 * PIPES + rx) * geometry.rxSlots()
                + (4 * PIPES + tx) * geometry.txSlots()
                + BufferPool.FIRST
                + Math.max(0, extra(request, geometry));
        final MemorySizes least = LEAST_PRIVATE;
        return add(
                byId.lastKey() + 1,
                new MemorySizes(
                        Math.max(least.ifNum(), 2 + 4 * PIPES),
                        Math.max(least.ifSize(), NetmapIfDescriptor.ifLength(tx + rx)),
                        Math.max(least.ringNum(), tx + rx + 8 * PIPES),
                        Math.max(least.ringSize(), pages(NetmapRingDescriptor.ringLength(longest))),
                        Math.max(least.bufNum(), buffers),
                        bufSize));
    }

    private static int extra(final Registration request, final Geometry geometry) {
        return request.extraBuffers == Registration.EXTRA_FOR_EACH_RX_SLOT
                ? geometry.rxRings() * geometry.rxSlots()
                : request.extraBuffers;
    }

    private static int pages(final int bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }
}
