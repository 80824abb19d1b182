package org.reactornetmap.driver.kernel;

import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;

/**
 * The kernel's netmap, {@code /dev/netmap}: NICs, host rings, VALE switches, pipes and monitors, shared with every other
 * program of this machine. Linux on x86-64 and aarch64. All drivers of this class are equal. Any thread.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/share/man/man4/netmap.4">netmap(4), 89607e14</a>
 */
public final class KernelDriver implements NetmapDriver {
    /** What {@link #name()} returns. */
    public static final String NAME = "kernel";

    /** Makes a driver; opens nothing yet. */
    public KernelDriver() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isAvailable() {
        return Probe.RESULT.cause == null;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return Probe.RESULT.cause;
    }

    @Override
    public DriverPort open(final OpenRequest request) {
        return new Opening(request).run(this);
    }

    @Override
    public DriverDescriptor newDescriptor() {
        return KernelDescriptor.open(this);
    }

    @Override
    public Poller newPoller() {
        return new KernelPoller();
    }

    @Override
    public boolean equals(final @Nullable Object other) {
        return other instanceof KernelDriver;
    }

    @Override
    public int hashCode() {
        return KernelDriver.class.hashCode();
    }

    @Override
    public String toString() {
        return "kernel netmap (" + KernelErrors.DEVICE + ")";
    }

    /** Made by the first question. */
    private static final class Probe {
        private static final Probe RESULT = new Probe();

        private final @Nullable Throwable cause;

        private Probe() {
            Throwable failure = null;
            try {
                KernelDescriptor.open(new KernelDriver()).close();
            } catch (final RuntimeException | LinkageError e) {
                failure = e;
            }
            cause = failure;
        }
    }
}
