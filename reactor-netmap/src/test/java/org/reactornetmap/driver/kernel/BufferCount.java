package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;

/**
 * Counts netmap's global memory's free buffers before a test and after it. Its own null port keeps that memory in use
 * meanwhile, since netmap forgets what leaked there when its last user goes.
 */
public final class BufferCount implements AutoCloseable {
    private static final int GLOBAL_MEMORY = 1;

    private final DriverPort holder = open(0);
    private final int before = free();

    /** A port in the global memory, without rings. */
    private static DriverPort open(final int extraBuffers) {
        return new KernelDriver()
                .open(new OpenRequest(
                        PortSpec.parse("null:count@1@conf:rings=1,slots=4"), -1, 0, 0, 0, 0, extraBuffers));
    }

    /** How many are free now. */
    public int free() {
        return FreeBuffers.of(GLOBAL_MEMORY);
    }

    /** Leaves only so many free, until it is closed. */
    public DriverPort leave(final int buffers) {
        return open(free() - buffers);
    }

    /** As many are free as at first, whoever had them. */
    @Override
    public void close() {
        try (holder) {
            assertThat(free()).as("free buffers of memory 1").isEqualTo(before).isPositive();
        }
    }
}
