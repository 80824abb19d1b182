package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqValePollingDescriptor;

/**
 * Whether CPUs poll a NIC in a switch. Here a NIC's packets are forwarded by whoever brings them, at once, so that the
 * CPUs asked for are checked and remembered, and have nothing to do. Guarded by the world's lock.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_bdg.c#L830">get_polling_cfg,
 *     nm_bdg_ctl_polling_start, nm_bdg_ctl_polling_stop</a>
 */
final class PollingState {
    private boolean on;

    /** Whether the port must not be detached. */
    boolean isOn() {
        return on;
    }

    /**
     * VALE_POLLING_ENABLE.
     *
     * @param port its name in the switch
     * @param mode {@code nr_mode}
     * @param firstCpu {@code nr_first_cpu_id}, u32
     * @param cpus {@code nr_num_polling_cpus}, u32
     * @param rxRings of the NIC
     * @throws NetmapErrnoException EFAULT if it is polled already; EINVAL for a mode, CPU or ring that is not there
     */
    void start(final String port, final int mode, final long firstCpu, final long cpus, final int rxRings) {
        final String call = "NIOCCTRL(VALE_POLLING_ENABLE)";
        if (on) {
            throw NetmapErrnoException.of(call, port, Errno.EFAULT, "It is polled already: disable that first.");
        }
        final int available = Runtime.getRuntime().availableProcessors();
        if (cpus == 0 || cpus >= available) {
            throw NetmapErrnoException.of(
                    call,
                    port,
                    Errno.EINVAL,
                    cpus + " CPUs shall poll: expected at least 1 and fewer than the machine's " + available + ".");
        }
        switch (mode) {
            case NmreqValePollingDescriptor.SINGLE_CPU -> {
                if (cpus != 1) {
                    throw NetmapErrnoException.of(
                            call, port, Errno.EINVAL, "A single CPU shall poll, not " + cpus + ".");
                }
            }
            case NmreqValePollingDescriptor.MULTI_CPU -> {
                // The kernel adds them as u32.
                if ((firstCpu + cpus & 0xFFFF_FFFFL) > rxRings) {
                    throw NetmapErrnoException.of(
                            call,
                            port,
                            Errno.EINVAL,
                            "Each CPU polls the ring of its number, and there are " + rxRings + " RX rings.");
                }
            }
            default ->
                throw NetmapErrnoException.of(call, port, Errno.EINVAL, "There is no polling mode " + mode + ".");
        }
        on = true;
    }

    /**
     * VALE_POLLING_DISABLE.
     *
     * @throws NetmapErrnoException EFAULT if it is not polled
     */
    void stop(final String port) {
        if (!on) {
            throw NetmapErrnoException.of("NIOCCTRL(VALE_POLLING_DISABLE)", port, Errno.EFAULT, "It is not polled.");
        }
        on = false;
    }
}
