package org.reactornetmap.driver.embedded;

import java.util.SplittableRandom;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/** A fault that was armed by {@link FaultPlan}: its count, and the way to end it. Any thread. */
public final class Fault {
    private final EmbeddedFaults faults;
    private final String port;
    private final FaultRings rings;
    private final FaultKind kind;
    private final FaultSchedule schedule;
    private final SplittableRandom random;
    private final String description;

    // Guarded by faults.
    private boolean armed = true;
    private boolean cleared;
    private boolean pending;
    private long occasions;
    private long struck;
    private long firstAt;

    Fault(
            final EmbeddedFaults faults,
            final String port,
            final FaultRings rings,
            final FaultKind kind,
            final FaultSchedule schedule,
            final SplittableRandom random,
            final String description) {
        this.faults = faults;
        this.port = port;
        this.rings = rings;
        this.kind = kind;
        this.schedule = schedule;
        this.random = random;
        this.description = description;
    }

    /** Ends the fault: what it holds back comes at once. Idempotent. */
    public void clear() {
        faults.clear(this);
    }

    /**
     * How often it struck.
     *
     * @return a number that stays when the fault has ended
     */
    public long struck() {
        synchronized (faults) {
            return struck;
        }
    }

    /**
     * Whether it can still strike.
     *
     * @return false once it is cleared, or has struck as often or as long as it should
     */
    public boolean isArmed() {
        synchronized (faults) {
            return armed;
        }
    }

    /** What a sync throws that it struck. */
    NetmapErrnoException failure(final String call, final String portName) {
        final Errno errno = kind instanceof FaultKind.Fail fail ? fail.errno() : Errno.EIO;
        return NetmapErrnoException.of(call, portName, errno, "A fault that was asked for: " + description + ".");
    }

    FaultKind kind() {
        return kind;
    }

    boolean isOn(final String portName) {
        return port.equals(portName);
    }

    boolean isOn(final KernelRing ring) {
        return rings.has(ring.ring.isRx(), ring.ring.ringId());
    }

    /** Whether it is on one of these rings. */
    boolean isOnAnyOf(final KernelRing[] some) {
        for (final KernelRing ring : some) {
            if (isOn(ring)) {
                return true;
            }
        }
        return false;
    }

    /** Chance of its own for one stroke. */
    SplittableRandom dice() {
        synchronized (faults) {
            return random.split();
        }
    }

    /** An occasion to strike: whether it does. */
    boolean strikes() {
        synchronized (faults) {
            if (!isDue()) {
                return false;
            }
            pending = false;
            struck++;
            if (struck == schedule.times()) {
                faults.retire(this);
            }
            return true;
        }
    }

    /** An occasion to say that it will strike at the next one: once this is true, it does. */
    boolean isDue() {
        synchronized (faults) {
            if (!armed) {
                return false;
            }
            if (!pending) {
                pending = draw();
            }
            return pending;
        }
    }

    private boolean draw() {
        if (struck > 0 && schedule.durationNs() >= 0 && faults.now() - firstAt >= schedule.durationNs()) {
            faults.retire(this);
            return false;
        }
        if (++occasions <= schedule.after()) {
            return false;
        }
        if (schedule.probability() < 1 && random.nextDouble() >= schedule.probability()) {
            return false;
        }
        if (struck == 0) {
            firstAt = faults.now();
        }
        return true;
    }

    /** Ended by hand, so that what it did so far must end as well. */
    boolean isCleared() {
        synchronized (faults) {
            return cleared;
        }
    }

    /** With the lock of the faults held. */
    void markCleared() {
        cleared = true;
    }

    /** With the lock of the faults held. */
    void disarm() {
        armed = false;
        pending = false;
    }

    @Override
    public String toString() {
        return description + " on " + port + rings + ", " + schedule + ", struck " + struck() + " times"
                + (isArmed() ? "" : ", ended");
    }
}
