package org.reactornetmap.driver.embedded;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/**
 * A port of a switch behind which there are rings of a NIC, or of its host stack: what the NIC receives, the switch
 * receives from this port, and what the switch sends to this port, the NIC sends. Guarded by the world's lock.
 */
final class BwrapPort implements SwitchedPort {
    private final BwrapAdapter adapter;
    private final SwitchSeat seat;
    private final BwrapSource[] sources;
    private final BwrapQueue[] queues;
    private final int queueCount;
    private final PollingState polling = new PollingState();
    private boolean on;

    /**
     * Makes a port that does nothing before {@link #start}.
     *
     * @param name in the switch
     * @param adapter whose rings these are
     * @param received rings that the NIC receives into, those that the attach has
     * @param sent rings that it sends from, those that the attach has
     * @param queueCount rings that it sends from, all of this kind
     * @param switches where it is going to be
     */
    BwrapPort(
            final String name,
            final BwrapAdapter adapter,
            final KernelRing[] received,
            final KernelRing[] sent,
            final int queueCount,
            final ValeSwitches switches) {
        this.adapter = adapter;
        this.seat = new SwitchSeat(name, switches.counters(name));
        this.sources = Arrays.stream(received)
                .map(ring -> new BwrapSource(ring, new Forwarder(seat, ring, switches)))
                .toArray(BwrapSource[]::new);
        this.queues = Arrays.stream(sent).map(BwrapQueue::new).toArray(BwrapQueue[]::new);
        this.queueCount = queueCount;
    }

    /** In the switch: forwards from now on. */
    void start() {
        on = true;
        for (final BwrapSource source : sources) {
            source.start();
        }
    }

    /** Out of the switch: leaves the NIC's rings alone. */
    void stop() {
        for (final BwrapSource source : sources) {
            source.stop();
        }
        for (final BwrapQueue queue : queues) {
            queue.stop();
        }
    }

    @Override
    public Adapter adapter() {
        return adapter;
    }

    @Override
    public SwitchSeat seat() {
        return seat;
    }

    @Override
    public @Nullable PollingState polling() {
        return adapter.isNic(this) ? polling : null;
    }

    @Override
    public int queueCount() {
        return queueCount;
    }

    @Override
    public @Nullable SwitchQueue queue(final int ringId) {
        return on && ringId < queues.length ? queues[ringId] : null;
    }

    @Override
    public void detach(final ValeSwitches switches) {
        if (!adapter.isNic(this)) {
            throw NetmapErrnoException.of(
                    ValeSwitches.DETACH, seat.name(), Errno.EBUSY, "The host stack leaves the switch with its NIC.");
        }
        if (polling.isOn()) {
            throw NetmapErrnoException.of(
                    ValeSwitches.DETACH, seat.name(), Errno.EBUSY, "CPUs poll it: disable that first.");
        }
        adapter.detach(switches);
    }
}
