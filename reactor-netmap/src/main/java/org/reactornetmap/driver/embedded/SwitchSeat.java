package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;

/** A port's place in a switch. Written under the world's lock and the switch's. */
final class SwitchSeat {
    /** {@code last_smac}: the last address learned from this port. A lost update costs a second learning, no more. */
    long lastSource = -1;

    private volatile @Nullable ValeSwitch valeSwitch;
    private volatile SwitchCounters counters;
    private String name;
    private int port;

    /**
     * Makes a seat for a port that is in no switch yet.
     *
     * @param name the port's own name
     * @param counters for as long as it is in no switch
     */
    SwitchSeat(final String name, final SwitchCounters counters) {
        this.name = name;
        this.counters = counters;
    }

    /** The switch; null if the port is in none. Any thread, but it stays only under the switch's lock. */
    @Nullable
    ValeSwitch valeSwitch() {
        return valeSwitch;
    }

    /** The port's name in the switch, such as {@code vale0:a}. */
    String name() {
        return name;
    }

    /** {@code bdg_port}. */
    int port() {
        return port;
    }

    /** What happens to the port's packets is counted by its name. */
    SwitchCounters counters() {
        return counters;
    }

    void take(final ValeSwitch in, final String portName, final int place, final SwitchCounters portCounters) {
        name = portName;
        port = place;
        counters = portCounters;
        portCounters.inSwitch(true);
        valeSwitch = in;
    }

    void leave() {
        counters.inSwitch(false);
        valeSwitch = null;
    }
}
