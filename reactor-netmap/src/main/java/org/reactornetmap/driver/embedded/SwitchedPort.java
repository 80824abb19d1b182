package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;

/**
 * A port of a switch as the switch sees it: it sends by a {@link Forwarder} for each of its TX rings, and receives into
 * the queues of its RX rings. {@code netmap_vp_adapter}.
 */
interface SwitchedPort {
    /** Its place in the switch, or that it has none. */
    SwitchSeat seat();

    /** The port as it is opened. */
    Adapter adapter();

    /** Whether CPUs poll the NIC that it wraps; null if it wraps none. */
    default @Nullable PollingState polling() {
        return null;
    }

    /** {@code nm_bdg_ctl} for a VALE_DETACH: leaves the switch, or refuses to. World's lock held. */
    void detach(ValeSwitches switches);

    /** Number of RX rings as the switch counts them, whether they are open or not. */
    int queueCount();

    /** Where packets for an RX ring go; null while the port or the ring is not in netmap mode. Switch's lock held. */
    @Nullable
    SwitchQueue queue(int ringId);
}
