package org.reactornetmap.driver.kernel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.RequestType;
import reactor.util.Logger;
import reactor.util.Loggers;

/** An open {@code /dev/netmap}. Threads as {@link DriverDescriptor} says. */
final class KernelDescriptor implements DriverDescriptor {
    private static final Logger LOG = Loggers.getLogger(KernelDescriptor.class);
    private static final int CLOSED = -1;
    private static final long KLOOP_STOPS_MS = 10;

    private final KernelDriver driver;

    /** Requests share it, for SYNC_KLOOP_STOP must get past SYNC_KLOOP_START; close has it alone. */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    /** For a monitor's syncs. */
    private final PollFds monitored = new PollFds(1);

    private volatile int fd;
    private volatile @Nullable KernelMapping mapping;
    private volatile @Nullable KernelPort port;

    private KernelDescriptor(final KernelDriver driver, final int fd) {
        this.driver = driver;
        this.fd = fd;
    }

    /** Opens the device and, the first time, checks that the module and we mean the same structs. */
    static KernelDescriptor open(final KernelDriver driver) {
        final int fd = Libc.open(KernelErrors.DEVICE);
        if (fd < 0) {
            throw KernelErrors.noDevice(-fd);
        }
        final KernelDescriptor made = new KernelDescriptor(driver, fd);
        try {
            AbiCheck.once(made);
        } catch (final RuntimeException | Error e) {
            made.close();
            throw e;
        }
        return made;
    }

    KernelDriver driver() {
        return driver;
    }

    /** -1 once it is closed. */
    int fd() {
        return fd;
    }

    @Override
    public void control(final ControlRequest request) {
        final int result = send(request, true);
        if (result < 0) {
            throw KernelErrors.refused(request, -result);
        }
    }

    /** For questions whose refusal is an answer, too; maps nothing. */
    boolean answers(final ControlRequest question) {
        return send(question, false) >= 0;
    }

    private int send(final ControlRequest request, final boolean mapping) {
        inUse.readLock().lock();
        try (NativeRequest struct = new NativeRequest(request)) {
            final int result = struct.send(requireOpen(request.call()));
            if (result >= 0 && mapping && request.type() == RequestType.REGISTER.code()) {
                map(request);
            }
            return result;
        } finally {
            inUse.readLock().unlock();
        }
    }

    private void map(final ControlRequest registered) {
        try {
            final long length = registered.body().getLong(NmreqRegisterDescriptor.MEMSIZE_OFFSET);
            final KernelMapping mapped = KernelMapping.of(fd, length, registered.name());
            mapping = mapped;
            port = new KernelPort(this, registered, mapped);
        } catch (final RuntimeException | Error e) {
            // It is registered, and can't be of use: only closing it takes that back.
            closeDescriptor();
            throw e;
        }
    }

    @Override
    public void txSync() {
        final KernelPort registered = port;
        if (registered != null && registered.isMonitor()) {
            requireOpen("NIOCTXSYNC");
            throw NetmapErrnoException.of("NIOCTXSYNC", registered.name(), Errno.EIO, "A monitor cannot send.");
        }
        sync("NIOCTXSYNC", LibcConstants.CURRENT.txSync());
    }

    @Override
    public void rxSync() {
        final KernelPort registered = port;
        if (registered != null && registered.isMonitor()) {
            syncMonitor(registered);
        } else {
            sync("NIOCRXSYNC", LibcConstants.CURRENT.rxSync());
        }
    }

    private void sync(final String call, final long request) {
        final int result = Libc.ioctl(requireOpen(call), request, 0);
        if (result < 0) {
            final KernelPort registered = port;
            throw KernelErrors.syncFailed(call, registered == null ? "" : registered.name(), -result);
        }
    }

    /**
     * {@code NIOCRXSYNC} does not say that a monitor's sync failed, a poll, which syncs the same, does. A first error may be
     * that of a ring that was scribbled on, which the kernel has repaired; a second one is that of a monitored port that is
     * closed.
     */
    private void syncMonitor(final KernelPort monitor) {
        final int open = requireOpen("NIOCRXSYNC");
        monitored.set(0, open, Poller.IN);
        if (!pollFails()) {
            return;
        }
        if (pollFails()) {
            throw NetmapErrnoException.of(
                    "NIOCRXSYNC", monitor.name(), Errno.EIO, "The monitored port was closed: nothing is to come.");
        }
    }

    private boolean pollFails() {
        return monitored.poll(0) > 0 && (monitored.ready(0) & Poller.ERR) != 0;
    }

    private int requireOpen(final String call) {
        final int open = fd;
        if (open == CLOSED) {
            throw NetmapErrnoException.of(call, "", Errno.EBADF, "The descriptor was closed: make a new one.");
        }
        return open;
    }

    @Override
    public @Nullable KernelPort port() {
        return port;
    }

    @Override
    public void close() {
        boolean locked = false;
        boolean interrupted = false;
        while (!locked) {
            try {
                locked = inUse.writeLock().tryLock(KLOOP_STOPS_MS, TimeUnit.MILLISECONDS);
            } catch (final InterruptedException e) {
                interrupted = true;
                locked = inUse.writeLock().tryLock();
            }
            if (!locked) {
                // What takes that long is a loop in the kernel, which runs on this descriptor until it is told to stop.
                stopKernelLoop();
            }
        }
        try {
            closeDescriptor();
        } finally {
            inUse.writeLock().unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stopKernelLoop() {
        try {
            answers(ControlRequest.of(RequestType.SYNC_KLOOP_STOP, ""));
        } catch (final NetmapException e) {
            // Another thread closed the descriptor meanwhile: nothing runs on it.
        }
    }

    private void closeDescriptor() {
        final int open = fd;
        if (open == CLOSED) {
            return;
        }
        fd = CLOSED;
        final KernelMapping mapped = mapping;
        if (mapped != null) {
            try {
                mapped.unshare();
            } catch (final NetmapException e) {
                LOG.warn("{} stays registered until its views are unreachable", this, e);
            }
        }
        Libc.close(open);
    }

    @Override
    public String toString() {
        return "descriptor of " + (port == null ? "nothing" : port) + (fd == CLOSED ? " (closed)" : "");
    }
}
