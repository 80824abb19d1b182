package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.Region;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * One embedded netmap: its region and the ports in it. Its monitor is the one lock, taken to open, close, watch and
 * audit, never to sync. Any thread.
 */
final class EmbeddedWorld {
    /** The only region's id, that of netmap's global allocator. */
    static final int MEM_ID = 1;

    static final String REGISTER = "NIOCCTRL(REGISTER)";

    private static final Logger LOG = Loggers.getLogger(EmbeddedWorld.class);

    final EmbeddedConfig config;
    final BufferPool pool;

    private final WorldMemory memory;
    private final Region region;
    private final RingAllocator allocator;
    private final Map<PipeKey, Pipe> pipes = new LinkedHashMap<>();
    private final Set<NullAdapter> nullPorts = new HashSet<>();
    private final Set<EmbeddedPort> ports = new HashSet<>();
    private long reclaimed;

    EmbeddedWorld(final EmbeddedConfig config) {
        this.config = config;
        this.pool = new BufferPool(config.buffers());
        this.memory = new WorldMemory(config);
        this.region = new Region(memory, MEM_ID);
        this.allocator = new RingAllocator(memory, region, pool, config.bufSize());
    }

    Region region() {
        return region;
    }

    EmbeddedPort open(final EmbeddedDriver driver, final OpenRequest request) {
        Supported.check(request);
        synchronized (this) {
            memory.ensureBuffers(request.spec().text());
            final Adapter adapter = request.spec().mode() == RegisterMode.NULL ? nullPort(request) : pipeEnd(request);
            try {
                final Binding binding = Binding.register(request, adapter, allocator, memory, region);
                final int granted =
                        ExtraBuffers.allocate(pool, binding.netmapIf(), memory, extraBuffers(request, binding));
                final EmbeddedPort port =
                        new EmbeddedPort(this, driver, request.spec().portName(), binding, granted);
                ports.add(port);
                return port;
            } finally {
                adapter.releaseIfUnused();
            }
        }
    }

    private static int extraBuffers(final OpenRequest request, final Binding binding) {
        return request.extraBuffers() >= 0
                ? request.extraBuffers()
                : Arrays.stream(binding.rings(true))
                        .mapToInt(ring -> ring.numSlots)
                        .sum();
    }

    private NullAdapter nullPort(final OpenRequest request) {
        final Geometry geometry = Geometry.requested(request);
        requireTwoSlots(request, geometry.txRings(), geometry.txSlots());
        requireTwoSlots(request, geometry.rxRings(), geometry.rxSlots());
        final NullAdapter made = new NullAdapter(request.spec().portName(), geometry, allocator, nullPorts::remove);
        nullPorts.add(made);
        return made;
    }

    private PipeEnd pipeEnd(final OpenRequest request) {
        final PortSpec spec = request.spec();
        final PipeKey key = new PipeKey(spec.pipeParent(), spec.pipeId());
        final Pipe existing = pipes.get(key);
        if (existing != null) {
            return existing.end(spec.isPipeMaster());
        }
        if (pipes.keySet().stream().filter(k -> k.parent().equals(key.parent())).count() >= Pipe.MAX_PIPES) {
            throw NetmapErrnoException.of(
                    REGISTER,
                    spec.text(),
                    Errno.EINVAL,
                    key.parent() + " has " + Pipe.MAX_PIPES + " pipes, as many as a port can have: use another"
                            + " parent.");
        }
        // As in the kernel, whichever end opens first, the numbers asked for are the master's.
        final Geometry geometry = Geometry.requested(request)
                .bounded(config.defaultRings(), Pipe.MAX_RINGS, config.defaultSlots(), Pipe.MAX_SLOTS);
        requireTwoSlots(request, 1, Math.min(geometry.txSlots(), geometry.rxSlots()));
        final Pipe made = new Pipe(key.parent(), key.id(), geometry, allocator, () -> pipes.remove(key));
        pipes.put(key, made);
        return made.end(spec.isPipeMaster());
    }

    private static void requireTwoSlots(final OpenRequest request, final int rings, final int slots) {
        if (rings > 0 && slots < 2) {
            throw NetmapErrnoException.of(
                    REGISTER,
                    request.spec().text(),
                    Errno.EINVAL,
                    "A ring of " + slots + " slots can hold nothing, since one slot always stays empty: ask for 2 or"
                            + " more.");
        }
    }

    synchronized void close(final EmbeddedPort port, final Binding binding) {
        if (!ports.remove(port)) {
            return;
        }
        ExtraBuffers.free(pool, binding.netmapIf(), memory, port.name());
        binding.release(memory);
        if (ports.isEmpty()) {
            reclaim();
        }
    }

    /** What the kernel does when a region's last user is gone. */
    private void reclaim() {
        final int missing = pool.total() - BufferPool.FIRST - pool.freeCount();
        if (missing > 0) {
            LOG.warn(
                    "{} buffers were in no ring and in no extra list when the last port closed; they are free again",
                    missing);
            reclaimed += missing;
            pool.reset();
        }
    }

    synchronized void watch(final Watch watch) {
        watch.port.addWatch(watch);
    }

    synchronized void unwatch(final Watch watch) {
        watch.port.removeWatch(watch);
    }

    synchronized int freeBuffers() {
        return pool.freeCount();
    }

    synchronized BufferAudit audit() {
        final int[] places = new int[pool.total()];
        final Tally inRings = new Tally(places);
        pipes.values().forEach(pipe -> pipe.forEachBuffer(inRings::count));
        nullPorts.forEach(port -> port.forEachBuffer(inRings::count));
        final Tally extra = new Tally(places);
        for (final EmbeddedPort port : ports) {
            ExtraBuffers.forEach(pool, port.netmapIf(), memory, extra::count);
        }
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

    /** The world that every driver made by {@link java.util.ServiceLoader} belongs to. */
    static EmbeddedWorld shared() {
        return Shared.WORLD;
    }

    private static final class Shared {
        static final EmbeddedWorld WORLD = new EmbeddedWorld(EmbeddedConfig.defaults());
    }

    private record PipeKey(String parent, String id) {}

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
}
