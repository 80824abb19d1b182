package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortOption;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/**
 * One embedded netmap: its memories and the ports in it. Its monitor is the one lock, {@code NMG_LOCK}, taken to open,
 * close, watch and audit, never to sync. Any thread.
 */
final class EmbeddedWorld {
    private static final String ADD_INTERFACE = "addInterface";

    static final String REGISTER = "NIOCCTRL(REGISTER)";

    final EmbeddedConfig config;
    final EmbeddedFaults faults;

    private final Memories memories;
    private final Map<String, Adapter> interfaces = new HashMap<>();
    private final ValeSwitches switches;
    private final Set<EmbeddedPort> ports = new HashSet<>();

    EmbeddedWorld(final EmbeddedConfig config) {
        this.config = config;
        this.faults = new EmbeddedFaults(config.clock(), this::wakePollers);
        this.memories = new Memories(config);
        this.switches = new ValeSwitches(interfaces, memories, config);
    }

    /** The switches; world's lock to be held, but for what says that any thread may call it. */
    ValeSwitches switches() {
        return switches;
    }

    EmbeddedPort open(final EmbeddedDriver driver, final OpenRequest openRequest) {
        return open(driver, Registration.of(openRequest));
    }

    /** The same for what a control request asks; what netmap writes back is written back. */
    EmbeddedPort open(final EmbeddedDriver driver, final Registration request) {
        faults.checkOpen(request);
        synchronized (this) {
            shareMemory(request);
            final EmbeddedMemory named = namedMemory(request);
            named.hold();
            try {
                return register(driver, request);
            } finally {
                named.drop();
            }
        }
    }

    /**
     * Asks a port something and lets go of it: netmap_get_na and netmap_unget_na. World's lock held.
     *
     * @param request which port
     * @param create whether to make it for the question if it is not there
     */
    <T> T ask(final Registration request, final boolean create, final Function<Adapter, T> question) {
        final EmbeddedMemory named = namedMemory(request);
        named.hold();
        try {
            final Adapter adapter = lookup(request, create);
            try {
                return question.apply(adapter);
            } finally {
                adapter.restoreMemory();
                adapter.releaseIfUnused();
            }
        } finally {
            named.drop();
        }
    }

    /** The memories. World's lock held. */
    Memories memories() {
        return memories;
    }

    private EmbeddedPort register(final EmbeddedDriver driver, final Registration request) {
        final Adapter adapter = lookup(request, true);
        try {
            final EmbeddedPort port = new EmbeddedPort(
                    this,
                    driver,
                    request.name,
                    Binding.register(request, adapter),
                    !request.has(RegisterFlag.NO_TX_POLL));
            ports.add(port);
            return port;
        } finally {
            adapter.restoreMemory();
            adapter.releaseIfUnused();
        }
    }

    /** What libnetmap makes of {@code @share}: the memory id that PORT_INFO_GET tells of the other port. */
    private void shareMemory(final Registration request) {
        final PortOption.Share share = request.option(PortOption.Share.class).orElse(null);
        if (share == null) {
            return;
        }
        final Adapter other = lookup(request.infoOn(share.portName()), true);
        final int memId = other.memory().id();
        other.releaseIfUnused();
        if (request.memId != 0 && request.memId != memId) {
            throw request.refuse(
                    Errno.EINVAL,
                    share.portName() + " is in memory " + memId + " and @" + request.memId
                            + " asks for another: leave out one of both.");
        }
        request.memId = memId;
    }

    /** The memory that a request names, which stays for as long as the request takes; the global one if it names none. */
    private EmbeddedMemory namedMemory(final Registration request) {
        final PortOption.Extmem extmem = request.option(PortOption.Extmem.class).orElse(null);
        if (extmem != null) {
            final EmbeddedMemory external = memories.external(request.text, extmem);
            request.memId = external.id();
            return external;
        }
        return request.memId == 0 ? memories.global() : memories.named(request);
    }

    /**
     * {@code netmap_get_na}: the port that a request means. Each kind of port is asked in the kernel's order.
     *
     * @param request whose name, mode and flags say which
     * @param create whether to make it if it is not there
     * @return the port; the caller calls {@link Adapter#releaseIfUnused} in the end
     */
    Adapter lookup(final Registration request, final boolean create) {
        if (request.mode == RegisterMode.NULL) {
            return nullPort(request, create);
        }
        if (request.isMonitor()) {
            return monitor(request, create);
        }
        if (PipeName.isPipe(request.name)) {
            return pipeEnd(request, create);
        }
        final Adapter switched = switches.port(request, create);
        return switched != null ? switched : interfaceNamed(request);
    }

    private NullAdapter nullPort(final Registration request, final boolean create) {
        if (!create) {
            throw request.refuse(Errno.EINVAL, "A null port cannot be opened twice: give the second one its own name.");
        }
        final Geometry geometry = request.geometry();
        requireTwoSlots(request, geometry.txRings(), geometry.txSlots());
        requireTwoSlots(request, geometry.rxRings(), geometry.rxSlots());
        if (request.memId == 0) {
            throw request.refuse(Errno.EINVAL, "A null port has no memory of its own: name one, such as @1.");
        }
        return new NullAdapter(request.name, geometry, memories.named(request));
    }

    private MonitorAdapter monitor(final Registration request, final boolean create) {
        final Adapter parent = lookup(MonitorAdapter.ofParent(request), create);
        try {
            return MonitorAdapter.of(request, parent, memories);
        } finally {
            parent.restoreMemory();
            parent.releaseIfUnused();
        }
    }

    private PipeEnd pipeEnd(final Registration request, final boolean create) {
        if (request.mode != RegisterMode.ALL_NIC && request.mode != RegisterMode.ONE_NIC) {
            throw request.refuse(
                    Errno.EINVAL, "A pipe has no host rings: leave out ^ and *, or name one ring pair by -NN.");
        }
        final PipeName name = PipeName.of(request);
        final Adapter parent = pipeParent(request.forName(name.parent()), create);
        try {
            final Pipe existing = parent.pipes().get(name.id());
            if (existing != null) {
                return existing.end(name.master());
            }
            if (!create) {
                throw request.refuse(Errno.ENODEV, name.parent() + " has no pipe " + name.id() + ": open it first.");
            }
            return newPipe(request, parent, name.id()).end(name.master());
        } finally {
            parent.releaseIfUnused();
        }
    }

    private Adapter pipeParent(final Registration request, final boolean create) {
        try {
            return lookup(request, create);
        } catch (final NetmapErrnoException e) {
            if (e.errno() != Errno.ENXIO || !create) {
                throw e;
            }
        }
        if (!ValeName.isInterface(request.name)) {
            throw request.refuse(
                    Errno.ENXIO,
                    "There is no interface " + request.name + ", and none can be made: a name has 1 to 15 characters.");
        }
        return switches.newInterface(request);
    }

    private Pipe newPipe(final Registration request, final Adapter parent, final String id) {
        if (parent.isOwnedByKernel()) {
            throw request.refuse(
                    Errno.EBUSY, parent.name() + " is attached to a switch: detach it, or use another parent.");
        }
        if (parent.pipes().size() >= Pipe.MAX_PIPES) {
            throw request.refuse(
                    Errno.EINVAL,
                    parent.name() + " has " + Pipe.MAX_PIPES + " pipes, as many as a port can have: use another"
                            + " parent.");
        }
        // As in the kernel, whichever end opens first, the numbers asked for are the master's.
        final Geometry geometry = request.geometry()
                .bounded(
                        config.defaultRings(),
                        Pipe.MAX_RINGS,
                        parent.slotCount(false),
                        parent.slotCount(true),
                        Pipe.MAX_SLOTS);
        requireTwoSlots(request, 1, Math.min(geometry.txSlots(), geometry.rxSlots()));
        return new Pipe(parent, id, geometry);
    }

    /** What {@code ifunit} finds. */
    private Adapter interfaceNamed(final Registration request) {
        final Adapter found = interfaces.get(request.name);
        if (found == null) {
            throw request.refuse(
                    Errno.ENXIO,
                    "The embedded netmap has no interface " + request.name
                            + ": it makes pipes (netmap:x{1 and netmap:x}1), ports of switches (vale0:a) and null ports"
                            + " (null:x), and simulates interfaces added by addInterface. An interface of this machine"
                            + " needs the kernel driver.");
        }
        if (request.memId != 0) {
            found.borrowMemory(memories.named(request));
        }
        if (found instanceof NicAdapter nic) {
            nic.wantHostRings(request.hostTxRings, request.hostRxRings);
        }
        return found;
    }

    synchronized EmbeddedInterface addInterface(final String name, final InterfaceConfig wanted) {
        if (!ValeName.isInterface(name) || PipeName.isPipe(name)) {
            throw NetmapErrnoException.of(
                    ADD_INTERFACE,
                    name,
                    Errno.EINVAL,
                    "An interface's name has 1 to 15 characters, does not begin with vale, and has no brace, slash, colon"
                            + " or space in it.");
        }
        if (interfaces.containsKey(name)) {
            throw NetmapErrnoException.of(
                    ADD_INTERFACE, name, Errno.EEXIST, "There is such an interface: remove it, or use another name.");
        }
        final NicAdapter made = new NicAdapter(name, new Nic(wanted), memories.global());
        interfaces.put(name, made);
        return new EmbeddedInterface(this, made);
    }

    /** Idempotent. */
    synchronized void removeInterface(final NicAdapter adapter) {
        if (interfaces.remove(adapter.name(), adapter)) {
            switches.abandon(adapter);
            adapter.remove();
            wakePollers();
        }
    }

    static void requireTwoSlots(final Registration request, final int rings, final int slots) {
        if (rings > 0 && slots < 2) {
            throw request.refuse(
                    Errno.EINVAL,
                    "A ring of " + slots + " slots can hold nothing, since one slot always stays empty: ask for 2 or"
                            + " more.");
        }
    }

    synchronized void close(final EmbeddedPort port, final Binding binding) {
        if (ports.remove(port)) {
            binding.release();
        }
    }

    private synchronized void wakePollers() {
        ports.forEach(EmbeddedPort::wakePollers);
    }

    synchronized void watch(final Watch watch) {
        watch.port.addWatch(watch);
    }

    synchronized void unwatch(final Watch watch) {
        watch.port.removeWatch(watch);
    }

    /** Free buffers of the global memory. */
    synchronized int freeBuffers() {
        return memories.global().pool().freeCount();
    }

    /** Finds every buffer of every memory. */
    synchronized BufferAudit audit() {
        final List<BufferAudit> audits = new ArrayList<>();
        memories.all().forEach(memory -> audits.add(memory.audit()));
        return BufferAudit.sum(audits, memories.reclaimedByFreed());
    }

    /** The world that every driver made by {@link java.util.ServiceLoader} belongs to. */
    static EmbeddedWorld shared() {
        return Shared.WORLD;
    }

    private static final class Shared {
        static final EmbeddedWorld WORLD = new EmbeddedWorld(EmbeddedConfig.defaults());
    }
}
