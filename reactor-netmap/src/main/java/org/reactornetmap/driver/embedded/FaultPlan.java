package org.reactornetmap.driver.embedded;

import java.time.Duration;

/**
 * When a fault strikes. An occasion is what the fault's own method says, else a sync of its rings.
 * {@link #after} and {@link #withProbability} narrow it; {@link #once}, {@link #times}, {@link #during} or
 * {@link #always} arms it. Immutable; any thread.
 */
public final class FaultPlan {
    private final EmbeddedFaults faults;
    private final String port;
    private final FaultRings rings;
    private final FaultKind kind;
    private final String description;
    private final FaultSchedule schedule;

    FaultPlan(
            final EmbeddedFaults faults,
            final String port,
            final FaultRings rings,
            final FaultKind kind,
            final String description) {
        this(faults, port, rings, kind, description, FaultSchedule.ALWAYS);
    }

    private FaultPlan(
            final EmbeddedFaults faults,
            final String port,
            final FaultRings rings,
            final FaultKind kind,
            final String description,
            final FaultSchedule schedule) {
        this.faults = faults;
        this.port = port;
        this.rings = rings;
        this.kind = kind;
        this.description = description;
        this.schedule = schedule;
    }

    private FaultPlan with(final FaultSchedule other) {
        return new FaultPlan(faults, port, rings, kind, description, other);
    }

    /**
     * Lets the first occasions pass.
     *
     * @param occasions 0 or more
     * @return a plan
     */
    public FaultPlan after(final int occasions) {
        if (occasions < 0) {
            throw new IllegalArgumentException("occasions is " + occasions + ": expected 0 or more");
        }
        return with(schedule.withAfter(occasions));
    }

    /**
     * Strikes by chance, from the seed of {@link EmbeddedFaults}.
     *
     * @param probability at each occasion, more than 0 and at most 1
     * @return a plan
     */
    public FaultPlan withProbability(final double probability) {
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + ": expected more than 0, at most 1");
        }
        return with(schedule.withProbability(probability));
    }

    /**
     * Arms the fault for one stroke.
     *
     * @return its handle
     */
    public Fault once() {
        return times(1);
    }

    /**
     * Arms the fault for some strokes.
     *
     * @param strokes 1 or more
     * @return its handle
     */
    public Fault times(final int strokes) {
        if (strokes < 1) {
            throw new IllegalArgumentException("strokes is " + strokes + ": expected 1 or more");
        }
        return arm(schedule.withTimes(strokes));
    }

    /**
     * Arms the fault until some time after its first stroke.
     *
     * @param time by the netmap's clock, {@link EmbeddedConfig#clock()}; more than 0
     * @return its handle
     */
    public Fault during(final Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time is " + time + ": expected more than 0");
        }
        return arm(schedule.withDuration(time.toNanos()));
    }

    /**
     * Arms the fault until it is cleared.
     *
     * @return its handle
     */
    public Fault always() {
        return arm(schedule);
    }

    private Fault arm(final FaultSchedule when) {
        return faults.arm(port, rings, kind, when, description);
    }
}
