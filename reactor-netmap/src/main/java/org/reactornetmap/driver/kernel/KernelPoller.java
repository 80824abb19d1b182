package org.reactornetmap.driver.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.Poller;

/**
 * {@code ppoll} over the ports' descriptors and an eventfd, which is written only if the poll really sleeps. Threads as
 * {@link Poller} says.
 */
final class KernelPoller implements Poller {
    private static final int AWAKE = 0;
    private static final int SLEEPING = 1;
    private static final int SIGNALLED = 2;

    /**
     * netmap wakes nobody whose interface vanishes or whose monitored port is closed: a longer sleep is made of several, each
     * of which looks at every port.
     */
    private static final long LONGEST_SLEEP_NS = 1_000_000_000;

    private static final Watch[] NONE = {};

    private final AtomicInteger state = new AtomicInteger(AWAKE);

    /** What a wake-up adds to the eventfd's counter, and where the poll reads the counter to. */
    private final ByteBuffer words = ByteBuffer.allocateDirect(2 * Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(0, 1);

    private final long wordsAddress = Pointer.nativeValue(Native.getDirectBufferPointer(words));
    private final int eventfd;
    private Watch[] watches = NONE;
    private PollFds fds = new PollFds(0);
    private boolean closed;

    KernelPoller() {
        eventfd = Libc.eventfd();
        if (eventfd < 0) {
            throw KernelErrors.failed("eventfd", "", -eventfd);
        }
        watch(NONE);
    }

    @Override
    public void add(final DriverPort port, final int interest) {
        if ((interest & ~(IN | OUT)) != 0) {
            throw new IllegalArgumentException("interest is " + interest + ": expected IN, OUT, both or 0");
        }
        Watch watch = find(port);
        if (watch == null) {
            if (!(port instanceof KernelPort kernel)) {
                throw new IllegalArgumentException(
                        port.name() + " is not a port of the kernel: make the poller with the port's driver");
            }
            watch = new Watch(kernel);
            final Watch[] more = Arrays.copyOf(watches, watches.length + 1);
            more[watches.length] = watch;
            watch(more);
        }
        watch.interest = interest;
    }

    private @Nullable Watch find(final DriverPort port) {
        for (final Watch watch : watches) {
            if (watch.port == port) {
                return watch;
            }
        }
        return null;
    }

    @Override
    public void remove(final DriverPort port) {
        watch(Arrays.stream(watches).filter(watch -> watch.port != port).toArray(Watch[]::new));
    }

    private void watch(final Watch[] all) {
        watches = all;
        fds = new PollFds(all.length + 1);
        // Last: once a port is ready, the kernel no longer prepares to be woken by what follows.
        fds.set(all.length, eventfd, IN);
    }

    @Override
    public int poll(final long timeoutNs) {
        if (closed) {
            throw new IllegalStateException("the poller is closed");
        }
        final boolean failed = prepare();
        final boolean sleeps = timeoutNs != 0 && !failed && state.compareAndSet(AWAKE, SLEEPING);
        try {
            return sleeps ? sleep(timeoutNs) : look(0);
        } finally {
            // The caller looks for what was published before the wake-up only after this.
            state.set(AWAKE);
        }
    }

    /** True if a port is closed: it has no descriptor to poll. */
    private boolean prepare() {
        boolean failed = false;
        for (int i = 0; i < watches.length; i++) {
            final Watch watch = watches[i];
            final int fd = watch.port.fd();
            failed |= fd < 0;
            fds.set(i, fd, watch.interest);
        }
        return failed;
    }

    private int sleep(final long timeoutNs) {
        long leftNs = timeoutNs < 0 ? Long.MAX_VALUE : timeoutNs;
        int ready = look(Math.min(leftNs, LONGEST_SLEEP_NS));
        while (ready == 0 && leftNs > LONGEST_SLEEP_NS && state.get() == SLEEPING) {
            leftNs = timeoutNs < 0 ? leftNs : leftNs - LONGEST_SLEEP_NS; // an interrupted poll only makes it shorter
            ready = look(Math.min(leftNs, LONGEST_SLEEP_NS));
        }
        return ready;
    }

    private int look(final long timeoutNs) {
        final int result = fds.poll(timeoutNs);
        if (result < 0 && -result != Errno.EINTR.number()) {
            throw KernelErrors.failed("ppoll", "", -result);
        }
        if (result > 0 && fds.ready(watches.length) != 0) {
            Libc.read(eventfd, wordsAddress + Long.BYTES, Long.BYTES);
        }
        int ready = 0;
        for (int i = 0; i < watches.length; i++) {
            final Watch watch = watches[i];
            if (watch.port.fd() < 0) {
                watch.ready = ERR;
            } else {
                watch.ready = result > 0 ? fds.ready(i) : 0;
            }
            if (watch.ready != 0) {
                ready++;
            }
        }
        return ready;
    }

    @Override
    public int ready(final DriverPort port) {
        final Watch watch = find(port);
        return watch == null ? 0 : watch.ready;
    }

    @Override
    public void wakeup() {
        if (state.getAndSet(SIGNALLED) == SLEEPING) {
            writeEventfd();
        }
    }

    /** A wake-up may be late, its poller closed by now: it must not write to what has got the descriptor's number since. */
    private synchronized void writeEventfd() {
        if (!closed) {
            Libc.write(eventfd, wordsAddress, Long.BYTES);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            watches = NONE;
            Libc.close(eventfd);
        }
    }

    /** A port, what it is polled for, and what the last poll found. */
    private static final class Watch {
        private final KernelPort port;
        private int interest;
        private int ready;

        Watch(final KernelPort port) {
            this.port = port;
        }
    }
}
