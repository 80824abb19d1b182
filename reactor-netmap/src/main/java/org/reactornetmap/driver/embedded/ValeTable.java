package org.reactornetmap.driver.embedded;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/**
 * The places of the switches. One without ports is as good as not there, and its place is the next to be given. Guarded
 * by the world's lock.
 */
final class ValeTable {
    /** {@code NM_BRIDGES}. */
    static final int MAX_SWITCHES = 8;

    private final @Nullable ValeSwitch[] switches = new @Nullable ValeSwitch[MAX_SWITCHES];

    /** The port of a name such as {@code vale0:a}. */
    @Nullable
    SwitchedPort find(final String name) {
        final int place = place(name, ValeName.PREFIX.length());
        return place < 0 ? null : at(place).find(name);
    }

    private ValeSwitch at(final int place) {
        return Objects.requireNonNull(switches[place]);
    }

    /** {@code nm_find_bridge}: the place of the switch that a name begins with, -1 if there is none. */
    private int place(final String name, final int prefixLength) {
        final int colon = ValeName.colon(name, prefixLength);
        if (colon < 0) {
            return -1;
        }
        final String wanted = name.substring(0, colon);
        for (int i = 0; i < MAX_SWITCHES; i++) {
            final ValeSwitch vale = switches[i];
            if (vale != null && vale.activePorts() > 0 && vale.name().equals(wanted)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The switch for a new port, made if need be. It lasts only if a port is connected.
     *
     * @throws NetmapErrnoException ENOMEM if no switch or port is left or the switch's name is no good
     */
    ValeSwitch require(final Registration request) {
        final int place = place(request.name, ValeName.PREFIX.length());
        if (place < 0) {
            return newSwitch(request);
        }
        final ValeSwitch vale = at(place);
        if (vale.isFull()) {
            throw request.refuse(
                    Errno.ENOMEM, vale.name() + " has " + vale.activePorts() + " ports: use another switch.");
        }
        return vale;
    }

    private ValeSwitch newSwitch(final Registration request) {
        final int colon = ValeName.colon(request.name, ValeName.PREFIX.length());
        if (colon < 0) {
            throw request.refuse(
                    Errno.ENOMEM,
                    "A port of a switch is named vale0:a: letters, digits and _ up to the colon, at most 15"
                            + " characters behind it.");
        }
        for (int i = 0; i < MAX_SWITCHES; i++) {
            final ValeSwitch old = switches[i];
            if (old == null || old.activePorts() == 0) {
                final ValeSwitch made = new ValeSwitch(request.name.substring(0, colon));
                switches[i] = made;
                return made;
            }
        }
        throw request.refuse(
                Errno.ENOMEM, "There are " + MAX_SWITCHES + " switches already: use one of them, or close its ports.");
    }

    /** Forgets a switch, and what it learned, when its last port has left. */
    void removeIfEmpty(final ValeSwitch vale) {
        for (int i = 0; i < MAX_SWITCHES; i++) {
            if (switches[i] == vale && vale.activePorts() == 0) {
                switches[i] = null;
            }
        }
    }

    /** What stands for an interface in a switch, null if it is in none or needs nothing to. */
    @Nullable
    BwrapAdapter wrapper(final Adapter wrapped) {
        for (final ValeSwitch vale : switches) {
            for (int i = 0; vale != null && i < vale.activePorts(); i++) {
                final SwitchedPort port = vale.port(vale.activePort(i));
                if (port != null && port.adapter() instanceof BwrapAdapter wrapper && wrapper.wraps(wrapped)) {
                    return wrapper;
                }
            }
        }
        return null;
    }

    /** Where the port of a name is; null if there is not even such a switch. */
    @Nullable
    ValeListing list(final String name) {
        final int place = place(name, 0);
        if (place < 0) {
            return null;
        }
        final SwitchedPort found = at(place).find(name);
        return new ValeListing(
                name, place, found == null ? ValeListing.NO_PORT : found.seat().port());
    }

    /** The first port at or behind a place; null if there is none. */
    @Nullable
    ValeListing list(final int bridge, final int port) {
        int place = port;
        for (int i = bridge; i < MAX_SWITCHES; i++) {
            final ValeSwitch vale = switches[i];
            for (; vale != null && place < ValeSwitch.MAX_PORTS; place++) {
                final SwitchedPort found = vale.port(place);
                if (found != null) {
                    return new ValeListing(found.seat().name(), i, place);
                }
            }
            place = 0;
        }
        return null;
    }
}
