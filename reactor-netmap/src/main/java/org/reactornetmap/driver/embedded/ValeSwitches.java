package org.reactornetmap.driver.embedded;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/**
 * The VALE switches of an embedded netmap, and the requests that change them. A switch is there as long as it has ports.
 * Guarded by the world's lock, but for {@link #statistics}.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_bdg.c#L400">netmap_get_bdg_na,
 *     netmap_bdg_attach, netmap_bdg_detach_locked</a>
 */
final class ValeSwitches {
    /** What netmap_vale_vp_create bounds {@code nr_extra_bufs} to. */
    private static final int MAX_EXTRA_BUFFERS = 128 * ValePort.MAX_SLOTS;

    static final String DETACH = "NIOCCTRL(VALE_DETACH)";

    private static final String NEWIF = "NIOCCTRL(VALE_NEWIF)";
    private static final String DELIF = "NIOCCTRL(VALE_DELIF)";
    private static final String ATTACH = "NIOCCTRL(VALE_ATTACH)";
    private static final String LIST = "NIOCCTRL(VALE_LIST)";

    private final Map<String, Adapter> interfaces;
    private final Memories memories;
    private final EmbeddedConfig config;
    private final UserMemory userMemory = new UserMemory();
    private final ValeTable table = new ValeTable();
    private final SwitchAccounts accounts = new SwitchAccounts();

    ValeSwitches(final Map<String, Adapter> interfaces, final Memories memories, final EmbeddedConfig config) {
        this.interfaces = interfaces;
        this.memories = memories;
        this.config = config;
    }

    /** What indirect slots may point to. */
    UserMemory userMemory() {
        return userMemory;
    }

    /** Whether to flood as the kernel does: see {@link Forwarder}. */
    boolean isFaithful() {
        return config.strictness() == Strictness.FAITHFUL;
    }

    /** The counters of all ports of one name. */
    SwitchCounters counters(final String port) {
        return accounts.of(port);
    }

    /** What happened to the packets of every port. Any thread. */
    List<SwitchStatistics> statistics() {
        return accounts.statistics();
    }

    /**
     * {@code netmap_get_bdg_na} for a REGISTER: the port of a switch, made if it is not there.
     *
     * @param request named {@code vale0:a}; what netmap writes back is written back
     * @param create whether to make it
     * @return null if the name is not one for a switch
     * @throws NetmapErrnoException ENXIO if it is not there and not to be made, ENOMEM if no switch or port is left or
     *     the switch's name is no good, EINVAL if an interface has the port's name, or for an unknown memory
     */
    @Nullable
    Adapter port(final Registration request, final boolean create) {
        if (!ValeName.mayBeSwitched(request.name)) {
            return null;
        }
        final SwitchedPort existing = find(request.name);
        if (existing != null) {
            return existing.adapter();
        }
        if (!create) {
            throw request.refuse(Errno.ENXIO, "No switch has the port " + request.name + ": open or attach it first.");
        }
        final ValeSwitch vale = table.require(request);
        if (interfaces.containsKey(interfaceIn(request.name))) {
            throw request.refuse(
                    Errno.EINVAL,
                    interfaceIn(request.name) + " is an interface, which does not become a port of a switch by being"
                            + " opened: attach it first.");
        }
        final ValePort made = newPort(request, this::disconnect);
        connect(vale, made, request.name);
        return made;
    }

    private ValePort newPort(final Registration request, final Consumer<ValePort> whenFreed) {
        final Geometry geometry = request.geometry()
                .bounded(1, ValeSwitch.MAX_RINGS, config.defaultSlots(), config.defaultSlots(), ValePort.MAX_SLOTS);
        EmbeddedWorld.requireTwoSlots(request, 1, Math.min(geometry.txSlots(), geometry.rxSlots()));
        request.extraBuffers = Math.min(request.extraBuffers, MAX_EXTRA_BUFFERS);
        final EmbeddedMemory memory = memories.namedOrPrivate(request, geometry);
        final ValePort made = new ValePort(request.name, geometry, memory, this, whenFreed);
        writeBack(request, made);
        return made;
    }

    /** {@code nm_update_info}. */
    private static void writeBack(final Registration request, final Adapter adapter) {
        request.txRings = adapter.ringCount(false);
        request.rxRings = adapter.ringCount(true);
        request.txSlots = adapter.slotCount(false);
        request.rxSlots = adapter.slotCount(true);
        request.memId = adapter.memory().id();
    }

    /** Puts a port into a switch, under its name there. Not full. */
    void connect(final ValeSwitch vale, final SwitchedPort port, final String name) {
        vale.connect(port, name, counters(name));
    }

    /** Takes a port out of its switch; with the last port the switch goes. */
    void disconnect(final SwitchedPort port) {
        final ValeSwitch vale = port.seat().valeSwitch();
        if (vale == null) {
            return;
        }
        vale.disconnect(port);
        table.removeIfEmpty(vale);
    }

    private static String interfaceIn(final String name) {
        return name.substring(name.indexOf(':') + 1);
    }

    /** The port of a name such as {@code vale0:a}. */
    @Nullable
    SwitchedPort find(final String name) {
        return table.find(name);
    }

    /**
     * VALE_NEWIF: makes a persistent port.
     *
     * @param request its name and geometry; what netmap writes back is written back
     * @throws NetmapErrnoException EINVAL if the name begins with {@code vale}, is longer than 15 characters or no
     *     interface may have it, or for an unknown memory; EEXIST if there is such an interface, of which the numbers
     *     are written back
     */
    void newif(final Registration request) {
        newInterface(request).persist();
    }

    /**
     * The same, but the port goes when nothing holds it: the parent that a pipe gets.
     *
     * @param request its name and geometry
     * @return the port, held by nobody yet
     */
    ValePort newInterface(final Registration request) {
        if (!ValeName.isInterface(request.name)) {
            throw failure(
                    NEWIF,
                    request.text,
                    Errno.EINVAL,
                    "An interface's name has 1 to 15 characters and does not begin with vale.");
        }
        final Adapter existing = interfaces.get(request.name);
        if (existing != null) {
            writeBack(request, existing);
            throw failure(NEWIF, request.text, Errno.EEXIST, "There is an interface " + request.name + " already.");
        }
        final ValePort made = newPort(request, port -> interfaces.remove(port.name()));
        interfaces.put(request.name, made);
        return made;
    }

    /**
     * VALE_DELIF: deletes a persistent port.
     *
     * @param name of the port
     * @throws NetmapErrnoException ENXIO if there is no such interface; EINVAL if it was not made by NEWIF; EBUSY if it
     *     is open, attached, or has pipes
     */
    void delif(final String name) {
        final Adapter found = interfaces.get(name);
        if (found == null) {
            throw failure(DELIF, name, Errno.ENXIO, "There is no such interface.");
        }
        if (!(found instanceof ValePort port) || !port.isPersistent()) {
            throw failure(DELIF, name, Errno.EINVAL, "Only a port that was made by NEWIF can be deleted.");
        }
        if (isOwned(port) || port.holders() > 1) {
            throw failure(
                    DELIF, name, Errno.EBUSY, "It is in use: close it and its pipes, and detach it from its switch.");
        }
        port.drop();
    }

    /** {@code NETMAP_OWNED_BY_ANY}. */
    private static boolean isOwned(final Adapter adapter) {
        return adapter.isOpen() || adapter.isOwnedByKernel();
    }

    /**
     * VALE_ATTACH: makes an interface a port of a switch.
     *
     * @param request named {@code vale0:v1}, with what else the attached NIC's registration says
     * @return {@code port_index}: the port's place in the switch
     * @throws NetmapErrnoException EINVAL if the name is not one for a switch, there is no such interface, or for an
     *     unknown memory; EBUSY if it is attached to this switch, or open; ENOMEM if no switch or port is left or the
     *     switch's name is no good
     */
    int attach(final Registration request) {
        if (request.memId != 0) {
            memories.named(request);
        }
        if (find(request.name) != null) {
            throw failure(ATTACH, request.name, Errno.EBUSY, "The switch has this port already: detach it first.");
        }
        if (!ValeName.mayBeSwitched(request.name)) {
            throw failure(ATTACH, request.name, Errno.EINVAL, "A port of a switch is named vale0:v1.");
        }
        final ValeSwitch vale = table.require(request);
        final Adapter found = interfaces.get(interfaceIn(request.name));
        if (found == null) {
            throw failure(
                    ATTACH,
                    request.name,
                    Errno.EINVAL,
                    "There is no interface " + interfaceIn(request.name) + ": make it by NEWIF first.");
        }
        if (isOwned(found)) {
            throw failure(
                    ATTACH,
                    request.name,
                    Errno.EBUSY,
                    found.name() + " is open or attached: close it, or open it after it is attached.");
        }
        if (request.memId != 0) {
            found.borrowMemory(memories.named(request));
        }
        try {
            return attach(request, found, vale).seat().port();
        } finally {
            found.restoreMemory();
        }
    }

    /** A VALE port enters its first switch itself; everything else is wrapped. */
    private SwitchedPort attach(final Registration request, final Adapter found, final ValeSwitch vale) {
        if (found instanceof ValePort port && port.seat().valeSwitch() == null) {
            port.hold();
            connect(vale, port, request.name);
            return port;
        }
        return BwrapAdapter.attach(request, found, vale, this);
    }

    /** An interface vanishes: takes it out of the switch that wraps it, polled or not. */
    void abandon(final Adapter gone) {
        final BwrapAdapter wrapper = table.wrapper(gone);
        if (wrapper != null) {
            wrapper.detach(this);
        }
    }

    /**
     * VALE_DETACH: takes an interface out of its switch, open or not. Does nothing to an ephemeral port, as the kernel.
     *
     * @param name in the switch, such as {@code vale0:v1}
     * @return {@code port_index}: the place it had
     * @throws NetmapErrnoException ENXIO if no switch has the port, EINVAL if the name is not one for a switch, EBUSY if
     *     the port was attached to a second switch as well and is still there
     */
    int detach(final String name) {
        if (!ValeName.mayBeSwitched(name)) {
            throw failure(DETACH, name, Errno.EINVAL, "A port of a switch is named vale0:v1.");
        }
        final SwitchedPort port = find(name);
        if (port == null) {
            throw failure(DETACH, name, Errno.ENXIO, "No switch has this port.");
        }
        final int place = port.seat().port();
        port.detach(this);
        return place;
    }

    /**
     * VALE_LIST: a port by its name, or, without a name, the first at or behind a place.
     *
     * @param name such as {@code vale0:a}, or empty
     * @param bridge with no name, the switch's place to begin at
     * @param port with no name, the port's place to begin at
     * @return where it is; a name of a port that its switch doesn't have gives {@link ValeListing#NO_PORT}
     * @throws NetmapErrnoException EINVAL if the name does not begin with {@code vale}, ENOENT if no switch has the name
     *     or there are no more ports
     */
    ValeListing list(final String name, final int bridge, final int port) {
        if (name.isEmpty()) {
            final ValeListing found = table.list(bridge, port);
            if (found == null) {
                throw failure(LIST, name, Errno.ENOENT, "There are no more ports.");
            }
            return found;
        }
        if (!name.startsWith(ValeName.PREFIX)) {
            throw failure(LIST, name, Errno.EINVAL, "The name of a switch begins with vale.");
        }
        final ValeListing found = table.list(name);
        if (found == null) {
            throw failure(LIST, name, Errno.ENOENT, "There is no such switch.");
        }
        return found;
    }

    private static NetmapErrnoException failure(
            final String call, final String name, final Errno errno, final String advice) {
        return NetmapErrnoException.of(call, name, errno, advice);
    }
}
