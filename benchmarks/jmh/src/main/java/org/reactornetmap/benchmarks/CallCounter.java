package org.reactornetmap.benchmarks;

import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.Region;

/**
 * A driver that counts the system calls of another's syncs and polls. Its counts are of the one thread that syncs and polls,
 * to be read when that is over.
 */
final class CallCounter implements NetmapDriver {
    private final NetmapDriver driver;
    private long calls;

    CallCounter(final NetmapDriver driver) {
        this.driver = driver;
    }

    long calls() {
        return calls;
    }

    @Override
    public String name() {
        return driver.name();
    }

    @Override
    public boolean isAvailable() {
        return driver.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return driver.unavailabilityCause();
    }

    @Override
    public DriverPort open(final OpenRequest request) {
        return new CountedPort(driver.open(request));
    }

    @Override
    public DriverDescriptor newDescriptor() {
        return driver.newDescriptor();
    }

    @Override
    public Poller newPoller() {
        return new CountedPoller(driver.newPoller());
    }

    private final class CountedPoller implements Poller {
        private final Poller poller;

        CountedPoller(final Poller poller) {
            this.poller = poller;
        }

        @Override
        public void add(final DriverPort port, final int interest) {
            poller.add(((CountedPort) port).port, interest);
        }

        @Override
        public void remove(final DriverPort port) {
            poller.remove(((CountedPort) port).port);
        }

        @Override
        public int poll(final long timeoutNs) {
            calls++;
            return poller.poll(timeoutNs);
        }

        @Override
        public int ready(final DriverPort port) {
            return poller.ready(((CountedPort) port).port);
        }

        @Override
        public void wakeup() {
            poller.wakeup();
        }

        @Override
        public void close() {
            poller.close();
        }
    }

    private final class CountedPort implements DriverPort {
        private final DriverPort port;

        CountedPort(final DriverPort port) {
            this.port = port;
        }

        @Override
        public NetmapDriver driver() {
            return CallCounter.this;
        }

        @Override
        public String name() {
            return port.name();
        }

        @Override
        public Region region() {
            return port.region();
        }

        @Override
        public NetmapIf netmapIf() {
            return port.netmapIf();
        }

        @Override
        public int extraBuffers() {
            return port.extraBuffers();
        }

        @Override
        public int portTxRings() {
            return port.portTxRings();
        }

        @Override
        public int portRxRings() {
            return port.portRxRings();
        }

        @Override
        public void txSync() {
            calls++;
            port.txSync();
        }

        @Override
        public void rxSync() {
            calls++;
            port.rxSync();
        }

        @Override
        public void close() {
            port.close();
        }
    }
}
