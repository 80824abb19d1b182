package org.reactornetmap.driver.embedded;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A VALE switch: its ports and what it learned. The ports change under the world's lock and this one's; who forwards
 * shares the latter.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_bdg.h#L95">nm_bridge</a>
 */
final class ValeSwitch {
    /** {@code NM_BDG_MAXPORTS}. */
    static final int MAX_PORTS = 254;

    /** {@code NM_BDG_MAXRINGS}. */
    static final int MAX_RINGS = 16;

    /** {@code bdg_lock}. */
    final SwitchLock lock = new SwitchLock();

    final MacTable table = new MacTable();

    private final String name;
    private final @Nullable SwitchedPort[] ports = new @Nullable SwitchedPort[MAX_PORTS];

    /** {@code bdg_port_index}: the places of the active ports, then the free ones. */
    private final int[] order = new int[MAX_PORTS];

    private int activePorts;

    ValeSwitch(final String name) {
        this.name = name;
        for (int i = 0; i < MAX_PORTS; i++) {
            order[i] = i;
        }
    }

    /** Such as {@code vale0}. */
    String name() {
        return name;
    }

    int activePorts() {
        return activePorts;
    }

    /** The place of an active port. */
    int activePort(final int index) {
        return order[index];
    }

    /** The port at a place. */
    @Nullable
    SwitchedPort port(final int place) {
        return ports[place];
    }

    /** The port of a name such as {@code vale0:a}. World's lock held. */
    @Nullable
    SwitchedPort find(final String portName) {
        for (int i = 0; i < activePorts; i++) {
            final SwitchedPort port = Objects.requireNonNull(ports[order[i]]);
            if (port.seat().name().equals(portName)) {
                return port;
            }
        }
        return null;
    }

    /** Whether the kernel would refuse another port: it wants room for a NIC and its host rings. */
    boolean isFull() {
        return activePorts + 2 >= MAX_PORTS;
    }

    /**
     * Gives a port the next place. World's lock held; not full.
     *
     * @param port in no switch
     * @param portName its name here
     * @param counters by that name
     */
    void connect(final SwitchedPort port, final String portName, final SwitchCounters counters) {
        lock.write(() -> {
            final int place = order[activePorts++];
            ports[place] = port;
            port.seat().take(this, portName, place, counters);
        });
    }

    /**
     * Takes a port out; when this returns nobody forwards from it or to it. Its place is the next to be given, and the
     * last port comes to where it was in the order. What was learned stays. World's lock held.
     */
    void disconnect(final SwitchedPort port) {
        final int place = port.seat().port();
        lock.write(() -> {
            int i = 0;
            while (order[i] != place) {
                i++;
            }
            activePorts--;
            order[i] = order[activePorts];
            order[activePorts] = place;
            ports[place] = null;
            port.seat().leave();
        });
    }

    @Override
    public String toString() {
        return name + " (" + activePorts + " ports)";
    }
}
