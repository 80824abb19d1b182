package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.embedded.BufferAudit;
import org.reactornetmap.model.RefMemory.Place;
import org.reactornetmap.ring.NetmapRing;

/** The model of a whole embedded netmap: what an open finds, makes and leaves. */
final class RefWorld {
    private static final int GLOBAL_MEMORY = 1;

    final RefMemory global;

    /** Buffers reclaimed in memories that are gone. */
    private long reclaimedByGone;

    private final Map<String, RefPipe> pipes = new LinkedHashMap<>();
    private final Map<Integer, RefPort> open = new LinkedHashMap<>();

    /** By the names of the parents that opens of pipes made. */
    private final Map<String, RefMemory> privateMemories = new LinkedHashMap<>();

    RefWorld(final int buffers) {
        this.global = new RefMemory(GLOBAL_MEMORY, buffers);
    }

    private List<RefMemory> memories() {
        final List<RefMemory> all = new ArrayList<>(privateMemories.values());
        all.add(global);
        return all;
    }

    /** Where all buffers are. */
    BufferAudit audit() {
        final List<RefMemory> all = memories();
        return new BufferAudit(
                all.stream().mapToInt(m -> m.total).sum(),
                count(all, Place.FREE),
                count(all, Place.RING),
                count(all, Place.EXTRA),
                all.stream()
                        .flatMap(m -> m.in(Place.POCKET).stream().boxed())
                        .sorted()
                        .toList(),
                List.of(),
                reclaimedByGone + all.stream().mapToLong(m -> m.reclaimed).sum());
    }

    private static int count(final List<RefMemory> memories, final Place place) {
        return memories.stream().mapToInt(m -> m.count(place)).sum();
    }

    @Nullable
    RefPort port(final int number) {
        return open.get(number);
    }

    List<RefPort> ports() {
        return new ArrayList<>(open.values());
    }

    /** Every ring that exists, whether or not a descriptor is bound to it. */
    List<RefRing> rings() {
        final List<RefRing> rings = new ArrayList<>();
        pipes.values().forEach(pipe -> rings.addAll(pipe.rings()));
        open.values().stream().filter(p -> isNull(p.candidate)).forEach(p -> rings.addAll(p.rings()));
        return rings;
    }

    private static boolean isNull(final Candidate candidate) {
        return candidate.spec().mode() == RegisterMode.NULL;
    }

    private static String key(final PortSpec spec) {
        return spec.pipeParent() + " " + spec.pipeId();
    }

    private RefPipe pipe(final Candidate candidate) {
        final PortSpec spec = candidate.spec();
        final RefPipe existing = pipes.get(key(spec));
        return existing != null ? existing : new RefPipe(spec.pipeParent(), spec.pipeId(), candidate.request());
    }

    private static int[] bound(final Candidate candidate, final RefPipe pipe, final boolean rx) {
        final boolean master = candidate.spec().isPipeMaster();
        return candidate.bound(rx, pipe.ringCount(master, rx), pipe.ringCount(master, !rx));
    }

    /** The error that an open must fail with, null if it must succeed. */
    @Nullable
    Errno refusal(final Candidate candidate) {
        if (isNull(candidate)) {
            return slotsOfNull(candidate) > global.count(Place.FREE) ? Errno.ENOMEM : null;
        }
        final RefPipe pipe = pipe(candidate);
        final boolean master = candidate.spec().isPipeMaster();
        if (candidate.spec().mode() == RegisterMode.ONE_NIC
                && candidate.spec().ringId() >= Math.max(pipe.ringCount(master, false), pipe.ringCount(master, true))) {
            return Errno.EINVAL;
        }
        int needed = 0;
        for (final boolean rx : new boolean[] {false, true}) {
            for (final int ringId : bound(candidate, pipe, rx)) {
                final RefLane lane = pipe.lane(master, rx, ringId);
                if (lane == null) {
                    needed += pipe.slotCount(master, rx);
                } else if (isBusy(candidate, rx ? lane.rx : lane.tx)) {
                    return Errno.EBUSY;
                }
            }
        }
        final RefMemory memory =
                isPrivate(candidate) ? privateMemories.get(candidate.spec().pipeParent()) : global;
        return memory != null && needed > memory.count(Place.FREE) ? Errno.ENOMEM : null;
    }

    private static boolean isBusy(final Candidate candidate, final RefRing ring) {
        return ring.exclusive || (candidate.isExclusive() && ring.users > 0);
    }

    private static int slotsOfNull(final Candidate candidate) {
        return candidate.request().txRings() * candidate.request().txSlots()
                + candidate.request().rxRings() * candidate.request().rxSlots();
    }

    /**
     * A parent that is made for a pipe has memory of its own, unless the spec names one. It is small, and the model does
     * not know how small: an open may find too little of it, if it then leaves no trace.
     */
    static boolean isPrivate(final Candidate candidate) {
        return candidate.spec().isPipe() && candidate.spec().memId() == 0;
    }

    private RefMemory memoryOf(final Candidate candidate, final DriverPort real) {
        final int id = real.region().memId();
        final RefMemory memory;
        if (isPrivate(candidate)) {
            memory = privateMemories.computeIfAbsent(
                    candidate.spec().pipeParent(), parent -> newPrivateMemory(id, anyRing(real)));
        } else {
            memory = global;
        }
        if (id != memory.id) {
            throw new AssertionError("the port has memory " + id + ", expected " + memory.id);
        }
        return memory;
    }

    private RefMemory newPrivateMemory(final int id, final NetmapRing ring) {
        if (memories().stream().anyMatch(m -> m.id == id)) {
            throw new AssertionError("memory " + id + " is not private: another port has it");
        }
        return new RefMemory(id, ring.buffers().total());
    }

    private static NetmapRing anyRing(final DriverPort real) {
        return real.netmapIf().txRings().isEmpty()
                ? real.netmapIf().rxRings().get(0)
                : real.netmapIf().txRings().get(0);
    }

    /** Takes an open that succeeded over. */
    RefPort opened(final Candidate candidate, final DriverPort real) {
        final RefMemory memory = memoryOf(candidate, real);
        final RefPort port = new RefPort(candidate, real, memory);
        memory.openPorts++;
        if (isNull(candidate)) {
            bindNull(port);
        } else {
            bindPipe(port);
        }
        final boolean exclusive = candidate.isExclusive();
        for (final RefRing ring : port.rings()) {
            ring.users++;
            ring.exclusive |= exclusive;
        }
        final int extra = Math.min(candidate.request().extraBuffers(), memory.count(Place.FREE));
        if (extra > 0) {
            port.adoptExtras(port.rings().get(0).ring().buffers(), extra);
        }
        open.put(candidate.number(), port);
        return port;
    }

    private void bindNull(final RefPort port) {
        for (final boolean rx : new boolean[] {false, true}) {
            final List<NetmapRing> rings = realRings(port, rx);
            for (int i = 0; i < rings.size(); i++) {
                final NetmapRing real = rings.get(i);
                final RefRing ring = new RefNullRing(port + (rx ? " RX" : " TX") + i, port.memory, real.numSlots(), rx);
                for (int slot = 0; slot < real.numSlots(); slot++) {
                    final RefSlot content = RefSlot.read(real, slot);
                    port.memory.move(content.buffer, Place.FREE, Place.RING);
                    ring.slots.add(content);
                }
                ring.real = real;
                port.rings(rx).add(ring);
            }
        }
        port.whenClosed = () -> port.rings().forEach(RefWorld::free);
    }

    private void bindPipe(final RefPort port) {
        final Candidate candidate = port.candidate;
        final boolean master = candidate.spec().isPipeMaster();
        final RefPipe pipe = pipe(candidate);
        pipes.put(key(candidate.spec()), pipe);
        for (final boolean rx : new boolean[] {false, true}) {
            final int[] ids = bound(candidate, pipe, rx);
            final List<NetmapRing> rings = realRings(port, rx);
            if (rings.size() != ids.length) {
                throw new AssertionError(
                        "bound to " + rings.size() + (rx ? " RX" : " TX") + " rings, expected " + ids.length);
            }
            for (int i = 0; i < ids.length; i++) {
                port.rings(rx).add(bindLane(port.memory, pipe, master, rx, ids[i], rings.get(i)));
            }
        }
        pipe.openEnds[master ? 1 : 0]++;
        port.whenClosed = () -> {
            pipe.openEnds[master ? 1 : 0]--;
            if (pipe.openEnds[0] + pipe.openEnds[1] == 0) {
                pipes.remove(key(candidate.spec()));
                pipe.rings().forEach(RefWorld::free);
            }
        };
    }

    private static RefRing bindLane(
            final RefMemory memory,
            final RefPipe pipe,
            final boolean master,
            final boolean rx,
            final int ringId,
            final NetmapRing real) {
        if (real.ringId() != ringId || real.isRx() != rx || real.numSlots() != pipe.slotCount(master, rx)) {
            throw new AssertionError(
                    "expected ring " + ringId + " of " + pipe.slotCount(master, rx) + " slots, found " + real);
        }
        RefLane lane = pipe.lane(master, rx, ringId);
        if (lane == null) {
            lane = pipe.newLane(master, rx, ringId, memory);
            lane.fill(real);
        }
        final RefRing ring = rx ? lane.rx : lane.tx;
        ring.real = real;
        return ring;
    }

    private static List<NetmapRing> realRings(final RefPort port, final boolean rx) {
        return rx ? port.real.netmapIf().rxRings() : port.real.netmapIf().txRings();
    }

    private static void free(final RefRing ring) {
        ring.slots.forEach(slot -> ring.memory.move(slot.buffer, Place.RING, Place.FREE));
        ring.slots.clear();
    }

    void closed(final RefPort port) {
        open.remove(port.candidate.number());
        port.freeExtras();
        final boolean exclusive = port.candidate.isExclusive();
        for (final RefRing ring : port.rings()) {
            ring.users--;
            ring.exclusive &= !exclusive;
        }
        port.whenClosed.run();
        if (--port.memory.openPorts == 0) {
            port.memory.lastPortClosed();
        }
        if (isPrivate(port.candidate)) {
            forgetParent(port.candidate.spec().pipeParent());
        }
    }

    private void forgetParent(final String parent) {
        if (pipes.values().stream().noneMatch(pipe -> pipe.parent.equals(parent))) {
            reclaimedByGone += privateMemories.remove(parent).reclaimed;
        }
    }
}
