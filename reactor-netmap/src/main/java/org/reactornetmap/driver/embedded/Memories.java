package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.PortOption;

/** The memories of an embedded netmap, by their ids. Guarded by the world's lock. */
final class Memories {
    private static final int MAX_ID = 65_535;

    /** Pipes that a VALE port's memory has room for: what netmap_vale_vp_create asks for. */
    private static final int VALE_PIPES = 2;

    private final TreeMap<Integer, EmbeddedMemory> byId = new TreeMap<>();
    private final Map<Object, EmbeddedMemory> byFile = new HashMap<>();
    private final MemorySizes leastPrivate;
    private int lastId = EmbeddedMemory.GLOBAL_ID;
    private long reclaimedByFreed;

    Memories(final EmbeddedConfig config) {
        this.leastPrivate = MemorySizes.leastPrivate(config);
        byId.put(
                lastId,
                new EmbeddedMemory(
                        lastId,
                        MemoryKind.GLOBAL,
                        MemoryLayout.of(MemorySizes.global(config), ""),
                        new DirectBacking(),
                        this::freed));
    }

    private EmbeddedMemory add(
            final String port, final MemoryKind kind, final MemoryLayout layout, final Backing backing) {
        final int id = nextId(port);
        final EmbeddedMemory made = new EmbeddedMemory(id, kind, layout, backing, this::freed);
        byId.put(id, made);
        lastId = id;
        return made;
    }

    /** nm_mem_assign_id_locked: the first id that is free after the one assigned last. */
    private int nextId(final String port) {
        int id = lastId;
        do {
            final int next = id == MAX_ID ? 1 : id + 1;
            if (!byId.containsKey(next)) {
                return next;
            }
            id = next;
        } while (id != lastId);
        throw NetmapErrnoException.of(
                EmbeddedWorld.REGISTER, port, Errno.ENOMEM, "All 65535 memory ids are in use: close ports.");
    }

    private void freed(final EmbeddedMemory memory) {
        final int id = memory.id();
        if (id == EmbeddedMemory.GLOBAL_ID || byId.remove(id) == null) {
            return;
        }
        byFile.values().remove(memory);
        if (id == lastId) {
            final Integer before = byId.lowerKey(id);
            lastId = before != null ? before : byId.lastKey();
        }
        reclaimedByFreed += memory.reclaimed();
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

    /** The memory that a request names: {@code netmap_mem_find}. */
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

    /** The memory that a request for a VALE port names, or a private one for it. */
    EmbeddedMemory namedOrPrivate(final Registration request, final Geometry geometry) {
        if (request.memId != 0) {
            return named(request);
        }
        final int extra = request.extraBuffers == Registration.EXTRA_FOR_EACH_RX_SLOT
                ? geometry.rxRings() * geometry.rxSlots()
                : request.extraBuffers;
        return newPrivate(request.text, geometry, extra, VALE_PIPES);
    }

    /** A private memory: {@code netmap_mem_private_new}. It goes when the last port that enters it is gone. */
    EmbeddedMemory newPrivate(final String port, final Geometry geometry, final int extraBuffers, final int pipes) {
        final MemorySizes sizes = leastPrivate.fitting(geometry, extraBuffers, pipes);
        return add(port, MemoryKind.PRIVATE, MemoryLayout.ofPrivate(sizes, port), new DirectBacking());
    }

    /**
     * The memory in a file: {@code netmap_mem_ext_create}. A file that is a memory already stays what it is.
     *
     * @return a memory that the caller must {@link EmbeddedMemory#hold} before it does anything else
     */
    EmbeddedMemory external(final String port, final PortOption.Extmem option) {
        final MappedBacking file = MappedBacking.of(option.file(), port);
        final EmbeddedMemory existing = byFile.get(file.key());
        if (existing != null) {
            return existing;
        }
        final MemoryLayout layout = MemoryLayout.inFile(leastPrivate.overriddenBy(option), file.bytes(), port);
        file.mapObjects(layout.bufsOffset(), port);
        final EmbeddedMemory made = add(port, MemoryKind.EXTERNAL, layout, file);
        byFile.put(file.key(), made);
        return made;
    }

    /**
     * The same for memory of the process.
     *
     * @param port who asks, for a message
     * @param option sizes; its file does not count
     * @param key the same for the same memory
     * @param bytes the memory
     * @return a memory that the caller must {@link EmbeddedMemory#hold} before it does anything else
     */
    EmbeddedMemory external(
            final String port, final PortOption.Extmem option, final Object key, final ByteBuffer bytes) {
        final EmbeddedMemory existing = byFile.get(key);
        if (existing != null) {
            return existing;
        }
        final MemoryLayout layout = MemoryLayout.inFile(leastPrivate.overriddenBy(option), bytes.capacity(), port);
        final EmbeddedMemory made = add(port, MemoryKind.EXTERNAL, layout, new UserBacking(bytes));
        byFile.put(key, made);
        return made;
    }
}
