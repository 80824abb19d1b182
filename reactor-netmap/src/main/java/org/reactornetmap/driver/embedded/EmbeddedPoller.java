package org.reactornetmap.driver.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Poller;

/**
 * Waits for rings without polling them: it syncs them, says that it sleeps, syncs them once more, and parks until a sync
 * at a pipe's other end, a close or a wake-up ends the sleep. What happens while it does not sleep costs the others one
 * volatile read.
 */
final class EmbeddedPoller implements Poller {
    private static final int AWAKE = 0;
    private static final int SLEEPING = 1;
    private static final long LOOK_AGAIN_NS = 1_000_000;
    private static final Watch[] NONE = {};
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(EmbeddedPoller.class, "state", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EmbeddedWorld world;
    private Watch[] watches = NONE;
    private @Nullable Thread sleeper;
    private @Nullable Runnable wake;
    private boolean closed;
    private long polls;

    /** A fault holds something back, which will come without a signal. */
    private boolean lookAgain;

    private boolean comeBackEarly;
    private volatile int state = AWAKE;
    private volatile boolean wakeup;

    EmbeddedPoller(final EmbeddedWorld world) {
        this.world = world;
    }

    @Override
    public void add(final DriverPort port, final int interest) {
        if ((interest & ~(IN | OUT)) != 0) {
            throw new IllegalArgumentException("interest is " + interest + ": expected IN, OUT, both or 0");
        }
        final Watch known = find(port);
        if (known != null) {
            known.interest = interest;
            return;
        }
        if (!(port instanceof EmbeddedPort embedded) || embedded.world() != world) {
            throw new IllegalArgumentException(
                    port.name() + " is not a port of this poller's netmap: make the poller with the port's driver");
        }
        final Watch watch = new Watch(this, embedded, interest);
        world.watch(watch);
        watches = Arrays.copyOf(watches, watches.length + 1);
        watches[watches.length - 1] = watch;
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
        final Watch watch = find(port);
        if (watch != null) {
            world.unwatch(watch);
            watches = Arrays.stream(watches).filter(w -> w != watch).toArray(Watch[]::new);
        }
    }

    @Override
    public int ready(final DriverPort port) {
        final Watch watch = find(port);
        return watch == null ? 0 : watch.ready;
    }

    @Override
    public int poll(final long timeoutNs) {
        if (closed) {
            throw new IllegalStateException("the poller is closed");
        }
        polls++;
        if (wake != null) {
            wake = null;
            state = AWAKE;
        }
        int ready = scan();
        if (ready == 0 && timeoutNs != 0 && !wakeup && !Thread.currentThread().isInterrupted()) {
            ready = sleep(timeoutNs);
        }
        takeWakeup();
        return ready;
    }

    private int sleep(final long timeoutNs) {
        final long deadline = timeoutNs < 0 ? 0 : System.nanoTime() + timeoutNs;
        sleeper = Thread.currentThread();
        try {
            while (true) {
                state = SLEEPING;
                VarHandle.fullFence();
                final int ready = scan();
                if (ready > 0 || wakeup) {
                    return ready;
                }
                if (!(lookAgain ? parkAWhile(timeoutNs < 0, deadline) : parkUntilSignalled(timeoutNs < 0, deadline))) {
                    // Time is over, or the thread is interrupted; both leave the flags as they are.
                    return scan();
                }
                if (comeBackEarly && timeoutNs < 0) {
                    return 0;
                }
            }
        } finally {
            state = AWAKE;
        }
    }

    /** False if the sleep ended without a signal. */
    private boolean parkUntilSignalled(final boolean forEver, final long deadline) {
        while (state == SLEEPING) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (forEver) {
                LockSupport.park(this);
            } else {
                final long leftNs = deadline - System.nanoTime();
                if (leftNs <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, leftNs);
            }
        }
        return true;
    }

    /** As {@link #parkUntilSignalled}, but not for long. */
    private boolean parkAWhile(final boolean forEver, final long deadline) {
        final long leftNs = forEver ? LOOK_AGAIN_NS : deadline - System.nanoTime();
        if (leftNs <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        LockSupport.parkNanos(this, Math.min(leftNs, LOOK_AGAIN_NS));
        return true;
    }

    private int scan() {
        int count = 0;
        lookAgain = false;
        comeBackEarly = false;
        for (final Watch watch : watches) {
            watch.ready = delayed(watch, scan(watch.port, watch.interest));
            lookAgain |= watch.port.isHeldBack(watch.interest);
            if (watch.ready != 0) {
                count++;
            }
        }
        return count;
    }

    private static int scan(final EmbeddedPort port, final int interest) {
        if (port.isClosed() || port.isGone()) {
            return ERR;
        }
        int ready = 0;
        if ((interest & OUT) != 0 || port.isTxPoll()) {
            ready |= port.pollTx((interest & OUT) != 0);
        }
        if ((interest & IN) != 0) {
            ready |= port.pollRx();
        }
        return ready;
    }

    /** What the poll is told of this: nothing, while a fault delays it. */
    private int delayed(final Watch watch, final int ready) {
        if (ready == 0 || (ready & ERR) != 0) {
            watch.delay = null;
            return ready;
        }
        WakeUpDelay delay = watch.delay;
        if (delay == null) {
            delay = watch.port.delay(polls);
            if (delay == null) {
                return ready;
            }
            watch.delay = delay;
        }
        if (delay.isOver(polls)) {
            watch.delay = null;
            return ready;
        }
        lookAgain = true;
        comeBackEarly |= delay.isInPolls();
        return 0;
    }

    /** Any thread, behind a full fence. */
    boolean isSleeping() {
        return state == SLEEPING;
    }

    /** Ends a sleep, if there is one; one of several callers pays for it. Any thread. */
    void wakeSleeper() {
        if (state == SLEEPING && STATE.compareAndSet(this, SLEEPING, AWAKE)) {
            final Runnable call = wake;
            if (call != null) {
                call.run();
            } else {
                LockSupport.unpark(sleeper);
            }
        }
    }

    @Override
    public boolean callBack(final Runnable call) {
        wake = call;
        state = SLEEPING;
        VarHandle.fullFence();
        boolean sure = true;
        for (final Watch watch : watches) {
            sure &= !watch.port.isHeldBack(watch.interest);
        }
        return sure;
    }

    @Override
    public void wakeup() {
        // What the caller published before must not move behind this read: if it is true, the poll that takes it is to
        // come, and its caller looks for what was published after it.
        VarHandle.fullFence();
        if (!wakeup) {
            wakeup = true;
            wakeSleeper();
        }
    }

    private void takeWakeup() {
        if (wakeup) {
            wakeup = false;
            // The caller's look for work must not move before this write.
            VarHandle.fullFence();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (final Watch watch : watches) {
            world.unwatch(watch);
        }
        watches = NONE;
    }
}
