package org.reactornetmap.driver.embedded;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;

/**
 * Faults on demand: what a driver, another process or a broken cable could do to a port, when a test wants it.
 *
 * <pre>{@code
 * Fault full = netmap.faults().on("x{1").ringFull().always();
 * Fault flaky = netmap.faults().seed(7).on("x}1").rx(2).failSync(Errno.EIO).withProbability(0.01).once();
 * ...
 * full.clear();
 * assertThat(flaky.struck()).isOne();
 * }</pre>
 *
 * <p>A fault is on a port's name, whether or not the port is open. All chance comes from the seed, for each fault from a
 * part of its own, so that the faults of one do not change another's. Nothing but a null check in each sync and poll
 * remains while nothing is armed. Any thread.
 */
public final class EmbeddedFaults {
    private static final String PREFIX = "netmap:";

    private final LongSupplier clock;
    private final Runnable wakePollers;

    /** Null: nothing is armed. Replaced as a whole, with the lock held. */
    private volatile @Nullable ArmedFaults armed;

    // Guarded by this.
    private long seed;
    private SplittableRandom random = new SplittableRandom(0);

    EmbeddedFaults(final LongSupplier clock, final Runnable wakePollers) {
        this.clock = clock;
        this.wakePollers = wakePollers;
    }

    /**
     * Says where the chance of the faults armed from now on comes from.
     *
     * @param value any; 0 if it is never said
     * @return this
     */
    public synchronized EmbeddedFaults seed(final long value) {
        seed = value;
        random = new SplittableRandom(value);
        return this;
    }

    /**
     * The seed, for a failing test to print.
     *
     * @return as set
     */
    public synchronized long seed() {
        return seed;
    }

    /**
     * Names a port.
     *
     * @param port its {@code nr_name}, such as <code>x{1</code>; {@code netmap:} before it does no harm
     * @return all rings of the port
     */
    public FaultPoint on(final String port) {
        Objects.requireNonNull(port, "port");
        return new FaultPoint(this, port.startsWith(PREFIX) ? port.substring(PREFIX.length()) : port, FaultRings.ALL);
    }

    /**
     * The faults that can still strike.
     *
     * @return an unmodifiable list, in the order of arming
     */
    public List<Fault> armed() {
        final ArmedFaults now = armed;
        return now == null ? List.of() : now.list();
    }

    /** Clears every fault. */
    public void clearAll() {
        armed().forEach(Fault::clear);
    }

    Fault arm(
            final String port,
            final FaultRings rings,
            final FaultKind kind,
            final FaultSchedule schedule,
            final String description) {
        final Fault fault;
        synchronized (this) {
            fault = new Fault(this, port, rings, kind, schedule, random.split(), description);
            final ArmedFaults before = armed;
            armed = before == null ? new ArmedFaults(fault) : before.with(fault);
        }
        wakePollers.run(); // who sleeps may have a fault to see
        return fault;
    }

    void clear(final Fault fault) {
        synchronized (this) {
            fault.markCleared();
            retire(fault);
        }
        wakePollers.run();
    }

    /** With the lock held, in a sync too: what was held back is seen by the poll that looks again. */
    void retire(final Fault fault) {
        fault.disarm();
        final ArmedFaults before = armed;
        armed = before == null ? null : before.without(fault);
    }

    long now() {
        return clock.getAsLong();
    }

    /** What must be asked in a sync or a poll; null: nothing. */
    @Nullable
    ArmedFaults inForce() {
        return armed;
    }

    /** Throws if the interface is gone. */
    void checkOpen(final Registration request) {
        final ArmedFaults now = armed;
        if (now != null && now.isGone(request.name)) {
            throw request.refuse(Errno.ENXIO, "A fault is armed, interface gone: clear it first.");
        }
    }

    @Override
    public String toString() {
        return "faults from seed " + seed() + ": " + armed();
    }
}
