package org.reactornetmap.driver.embedded;

import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/** A descriptor of the embedded netmap: {@code netmap_priv_d}. Changed under the world's lock only. */
final class EmbeddedDescriptor implements DriverDescriptor {
    private final EmbeddedDriver driver;
    private final EmbeddedWorld world;
    private volatile @Nullable EmbeddedPort port;
    private volatile boolean closed;

    EmbeddedDescriptor(final EmbeddedDriver driver, final EmbeddedWorld world) {
        this.driver = driver;
        this.world = world;
    }

    EmbeddedDriver driver() {
        return driver;
    }

    @Override
    public void control(final ControlRequest request) {
        synchronized (world) {
            requireOpen(request.call());
            new ControlDispatch(this, world, request).run();
        }
    }

    /** World's lock held. */
    void registered(final EmbeddedPort made) {
        port = made;
    }

    @Override
    public void txSync() {
        registeredFor("NIOCTXSYNC").txSync();
    }

    @Override
    public void rxSync() {
        registeredFor("NIOCRXSYNC").rxSync();
    }

    private DriverPort registeredFor(final String call) {
        requireOpen(call);
        final EmbeddedPort present = port;
        if (present == null) {
            throw NetmapErrnoException.of(call, "", Errno.ENXIO, "The descriptor has no port: REGISTER first.");
        }
        return present;
    }

    private void requireOpen(final String call) {
        if (closed) {
            throw NetmapErrnoException.of(call, "", Errno.EBADF, "The descriptor was closed: make a new one.");
        }
    }

    @Override
    public @Nullable EmbeddedPort port() {
        return port;
    }

    @Override
    public void close() {
        synchronized (world) {
            closed = true;
            final EmbeddedPort present = port;
            if (present != null) {
                present.close();
            }
        }
    }

    @Override
    public String toString() {
        return "descriptor of " + (port == null ? "nothing" : port) + (closed ? " (closed)" : "");
    }
}
