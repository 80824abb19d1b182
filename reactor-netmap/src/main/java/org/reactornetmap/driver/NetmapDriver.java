package org.reactornetmap.driver;

import org.jspecify.annotations.Nullable;

/**
 * An implementation of netmap: the kernel's, or the embedded one. Found with {@link java.util.ServiceLoader}. All
 * methods may be called from any thread.
 */
public interface NetmapDriver {
    /**
     * The name that {@code PortOptions.driver(name)} takes.
     *
     * @return for example {@code kernel} or {@code embedded}
     */
    String name();

    /**
     * Whether ports can be opened here. Probed once.
     *
     * @return false if {@link #unavailabilityCause()} says why not
     */
    boolean isAvailable();

    /**
     * Why {@link #isAvailable()} is false.
     *
     * @return the cause, null if available
     */
    @Nullable
    Throwable unavailabilityCause();

    /**
     * Opens one descriptor and registers it. All or nothing: a failure leaves no trace.
     *
     * @param request what to register
     * @return the open port; the caller must close it
     * @throws NetmapException if the port can't be opened; the message says what to do
     */
    DriverPort open(OpenRequest request);

    /**
     * Opens a descriptor for control requests, without registering it.
     *
     * @return a descriptor; the caller must close it
     * @throws NetmapException if there is no netmap to open it on
     */
    DriverDescriptor newDescriptor();

    /**
     * Makes a poller for ports of this driver.
     *
     * @return a poller; the caller must close it
     */
    Poller newPoller();
}
