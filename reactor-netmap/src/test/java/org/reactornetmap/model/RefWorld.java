package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.embedded.BufferAudit;
import org.reactornetmap.driver.embedded.SwitchStatistics;
import org.reactornetmap.model.RefMemory.Place;
import org.reactornetmap.ring.NetmapRing;

/** The model of a whole embedded netmap: what an open finds, makes and leaves. */
final class RefWorld {
    private static final int GLOBAL_MEMORY = 1;

    final RefMemory global;

    private final boolean faithful;
    private final Map<Integer, RefPort> open = new LinkedHashMap<>();
    private final Map<String, RefPipe> pipes = new LinkedHashMap<>();
    private final Map<String, RefSwitch> switches = new LinkedHashMap<>();
    private final Map<String, RefCounters> counters = new LinkedHashMap<>();

    /** Persistent ports, open or not. */
    private final Map<String, RefValePort> interfaces = new LinkedHashMap<>();

    /** Ports that are open, once each. */
    private final Set<RefAdapter> adapters = new LinkedHashSet<>();

    private final List<RefRing> rings = new ArrayList<>();

    /** By the ports that have them, which are not pipes. */
    private final Map<String, RefMemory> privateMemories = new LinkedHashMap<>();

    /** Buffers reclaimed in memories that are gone. */
    private long reclaimedByGone;

    RefWorld(final int buffers, final int bufSize, final boolean faithful) {
        this.global = new RefMemory(GLOBAL_MEMORY, buffers, bufSize);
        this.faithful = faithful;
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

    /** What a name's statistics must be. */
    SwitchStatistics statistics(final String port) {
        return counters(port).of(port);
    }

    private RefCounters counters(final String port) {
        return counters.computeIfAbsent(port, name -> new RefCounters());
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
        return rings;
    }

    /** After a port came or went. */
    private void findRings() {
        rings.clear();
        pipes.values().forEach(pipe -> rings.addAll(pipe.rings()));
        for (final RefAdapter adapter : adapters) {
            if (!(adapter instanceof RefPipeEnd)) {
                rings.addAll(adapter.rings());
            }
        }
    }

    /** The port that a candidate means, made if it is not there, but not yet part of this world. */
    private RefAdapter lookup(final Candidate candidate) {
        final RefAdapter port = lookupPort(candidate);
        return candidate.isMonitor() ? new RefMonitor(candidate, port) : port;
    }

    private RefAdapter lookupPort(final Candidate candidate) {
        final PortSpec spec = candidate.spec();
        if (spec.mode() == RegisterMode.NULL) {
            return new RefNullPort("null:" + candidate.number(), candidate.request());
        }
        if (spec.isPipe()) {
            final RefPipe known = pipes.get(pipeKey(spec));
            final RefPipe pipe =
                    known != null ? known : new RefPipe(spec.pipeParent(), spec.pipeId(), candidate.request());
            return pipe.end(spec.isPipeMaster());
        }
        final RefValePort named = spec.isVale() ? inSwitch(candidate) : interfaces.get(spec.portName());
        return named != null
                ? named
                : new RefValePort(spec.portName(), candidate.request(), counters(spec.portName()), faithful, false);
    }

    /** The port of a switch that has a candidate's name there. */
    private @Nullable RefValePort inSwitch(final Candidate candidate) {
        final RefSwitch vale = switches.get(candidate.switchName());
        if (vale == null) {
            return null;
        }
        return vale.ports.values().stream()
                .filter(port -> port.name.equals(
                        port.persistent
                                ? candidate.interfaceName()
                                : candidate.spec().portName()))
                .findFirst()
                .orElse(null);
    }

    /**
     * VALE_NEWIF of the interface that a candidate opens.
     *
     * @return the error, null if the port is made
     */
    @Nullable
    Errno newif(final Candidate candidate) {
        final String name = candidate.interfaceName();
        if (interfaces.containsKey(name)) {
            return Errno.EEXIST;
        }
        final RefValePort made = new RefValePort(name, candidate.request(), counters(name), faithful, true);
        made.memory = global;
        interfaces.put(name, made);
        return null;
    }

    @Nullable
    Errno delif(final Candidate candidate) {
        final RefValePort found = interfaces.get(candidate.interfaceName());
        if (found == null) {
            return Errno.ENXIO;
        }
        if (found.isOpen() || found.vale != null) {
            return Errno.EBUSY;
        }
        interfaces.remove(found.name);
        return null;
    }

    /** Whether an attach would be to a second switch, which makes a wrapper that this model does not know. */
    boolean isInAnotherSwitch(final Candidate candidate) {
        final RefValePort port = interfaces.get(candidate.interfaceName());
        return port != null && port.vale != null && inSwitch(candidate) == null;
    }

    @Nullable
    Errno attach(final Candidate candidate) {
        final RefValePort port = interfaces.get(candidate.interfaceName());
        if (inSwitch(candidate) != null) {
            return Errno.EBUSY;
        }
        if (port == null) {
            return Errno.EINVAL;
        }
        if (port.isOpen()) {
            return Errno.EBUSY;
        }
        connect(port, candidate.spec().portName());
        return null;
    }

    /** Does nothing to an ephemeral port. */
    @Nullable
    Errno detach(final Candidate candidate) {
        final RefValePort port = inSwitch(candidate);
        if (port == null) {
            return Errno.ENXIO;
        }
        final RefSwitch vale = port.vale;
        if (port.persistent && vale != null) {
            vale.disconnect(port);
            forgetSwitches();
        }
        return null;
    }

    private void connect(final RefValePort port, final String name) {
        switches.computeIfAbsent(name.substring(0, name.indexOf(':')), vale -> new RefSwitch())
                .connect(port, counters(name));
    }

    /** A switch goes with its last port, and with it what it learned. */
    private void forgetSwitches() {
        switches.values().removeIf(vale -> vale.ports.isEmpty());
    }

    private static String pipeKey(final PortSpec spec) {
        return spec.pipeParent() + " " + spec.pipeId();
    }

    /** The error that an open must fail with, null if it must succeed. */
    @Nullable
    Errno refusal(final Candidate candidate) {
        if (candidate.isInterface() && !interfaces.containsKey(candidate.interfaceName())) {
            return Errno.ENXIO;
        }
        if (candidate.spec().isVale()
                && inSwitch(candidate) == null
                && interfaces.containsKey(candidate.interfaceName())) {
            return Errno.EINVAL;
        }
        if (candidate.isMonitor() && !lookupPort(candidate).isOpen()) {
            return Errno.EINVAL;
        }
        final RefAdapter adapter = lookup(candidate);
        if (candidate.spec().mode() == RegisterMode.ONE_NIC
                && candidate.spec().ringId() >= Math.max(adapter.ringCount(false), adapter.ringCount(true))) {
            return Errno.EINVAL;
        }
        int needed = 0;
        for (final boolean rx : new boolean[] {false, true}) {
            for (final int ringId : bound(candidate, adapter, rx)) {
                final RefRing ring = adapter.ring(rx, ringId);
                if (ring == null) {
                    needed += adapter.slotCount(rx);
                } else if (isBusy(candidate, ring)) {
                    return Errno.EBUSY;
                }
            }
        }
        return !isPrivate(candidate) && needed > global.count(Place.FREE) ? Errno.ENOMEM : null;
    }

    private static int[] bound(final Candidate candidate, final RefAdapter adapter, final boolean rx) {
        return candidate.bound(rx, adapter.ringCount(rx), adapter.ringCount(!rx));
    }

    private static boolean isBusy(final Candidate candidate, final RefRing ring) {
        return ring.exclusive || (candidate.isExclusive() && ring.users > 0);
    }

    /**
     * A port of a switch, and a parent that is made for a pipe, have memory of their own, unless the spec names one. It
     * is small, and the model does not know how small: an open may find too little of it, if it then leaves no trace.
     */
    static boolean isPrivate(final Candidate candidate) {
        return candidate.isMonitor()
                || (candidate.spec().mode() != RegisterMode.NULL
                        && candidate.spec().memId() == 0);
    }

    private static String memoryKey(final Candidate candidate) {
        final PortSpec spec = candidate.spec();
        if (candidate.isMonitor()) {
            return "monitor " + candidate.number();
        }
        return spec.isPipe() ? spec.pipeParent() : spec.portName();
    }

    private RefMemory memoryOf(final Candidate candidate, final DriverPort real) {
        final int id = real.region().memId();
        final RefMemory memory = isPrivate(candidate)
                ? privateMemories.computeIfAbsent(memoryKey(candidate), key -> newPrivateMemory(id, anyRing(real)))
                : global;
        if (id != memory.id) {
            throw new AssertionError("the port has memory " + id + ", expected " + memory.id);
        }
        return memory;
    }

    private RefMemory newPrivateMemory(final int id, final NetmapRing ring) {
        if (memories().stream().anyMatch(m -> m.id == id)) {
            throw new AssertionError("memory " + id + " is not private: another port has it");
        }
        return new RefMemory(id, ring.buffers().total(), ring.buffers().bufSize());
    }

    private static NetmapRing anyRing(final DriverPort real) {
        return real.netmapIf().txRings().isEmpty()
                ? real.netmapIf().rxRings().get(0)
                : real.netmapIf().txRings().get(0);
    }

    /** Takes an open that succeeded over. */
    void opened(final Candidate candidate, final DriverPort real) {
        final RefMemory memory = memoryOf(candidate, real);
        final RefAdapter adapter = lookup(candidate);
        enter(candidate, adapter);
        adapter.memory = memory;
        adapter.descriptorOpened();
        memory.openPorts++;
        final RefPort port = new RefPort(candidate, real, adapter);
        for (final boolean rx : new boolean[] {false, true}) {
            bind(port, rx);
        }
        final int extra = Math.min(candidate.request().extraBuffers(), memory.count(Place.FREE));
        if (extra > 0) {
            port.adoptExtras(anyRing(real).buffers(), extra);
        }
        open.put(candidate.number(), port);
        if (adapter instanceof RefMonitor monitor) {
            monitor.enter();
        }
        adapter.monitors.forEach(RefMonitor::watchRings);
        findRings();
    }

    private void enter(final Candidate candidate, final RefAdapter adapter) {
        final PortSpec spec = candidate.spec();
        if (spec.isPipe() && !candidate.isMonitor()) {
            pipes.computeIfAbsent(pipeKey(spec), key -> ((RefPipeEnd) adapter).pipe());
        }
        if (adapters.add(adapter) && adapter instanceof RefValePort port && !port.persistent) {
            connect(port, port.name);
        }
    }

    private static void bind(final RefPort port, final boolean rx) {
        final int[] ids = bound(port.candidate, port.adapter, rx);
        final List<NetmapRing> rings =
                rx ? port.real.netmapIf().rxRings() : port.real.netmapIf().txRings();
        if (rings.size() != ids.length) {
            throw new AssertionError(
                    "bound to " + rings.size() + (rx ? " RX" : " TX") + " rings, expected " + ids.length);
        }
        for (int i = 0; i < ids.length; i++) {
            final RefRing ring = port.adapter.bind(rx, ids[i], rings.get(i));
            ring.users++;
            ring.exclusive |= port.candidate.isExclusive();
            port.rings(rx).add(ring);
        }
    }

    void closed(final RefPort port) {
        open.remove(port.candidate.number());
        port.freeExtras();
        for (final RefRing ring : port.rings()) {
            ring.users--;
            ring.exclusive &= !port.candidate.isExclusive();
        }
        port.adapter.descriptorClosed();
        if (--port.memory.openPorts == 0) {
            port.memory.lastPortClosed();
        }
        leave(port.candidate, port.adapter, port.memory);
        findRings();
    }

    private void leave(final Candidate candidate, final RefAdapter adapter, final RefMemory memory) {
        final PortSpec spec = candidate.spec();
        if (!adapter.isOpen()) {
            adapters.remove(adapter);
        }
        if (adapter.isGone() && spec.isPipe() && !candidate.isMonitor()) {
            pipes.remove(pipeKey(spec));
        }
        forgetSwitches();
        if (isPrivate(candidate) && memory.openPorts == 0) {
            reclaimedByGone += privateMemories.remove(memoryKey(candidate)).reclaimed;
        }
    }
}
