package org.reactornetmap.driver.embedded;

import java.time.Duration;
import java.util.Objects;
import org.reactornetmap.driver.Errno;

/**
 * Where a fault shall strike: a port, all its rings or some, and what the fault is. Immutable; nothing is armed until the
 * {@link FaultPlan} that the methods return is told when. Any thread.
 */
public final class FaultPoint {
    private final EmbeddedFaults faults;
    private final String port;
    private final FaultRings rings;

    FaultPoint(final EmbeddedFaults faults, final String port, final FaultRings rings) {
        this.faults = faults;
        this.port = port;
        this.rings = rings;
    }

    /**
     * All TX rings.
     *
     * @return the same port's TX rings
     */
    public FaultPoint tx() {
        return new FaultPoint(faults, port, new FaultRings(true, false, -1));
    }

    /**
     * One TX ring.
     *
     * @param ring 0-based; host rings come behind the others
     * @return the same port's ring
     */
    public FaultPoint tx(final int ring) {
        return new FaultPoint(faults, port, new FaultRings(true, false, checked(ring)));
    }

    /**
     * All RX rings.
     *
     * @return the same port's RX rings
     */
    public FaultPoint rx() {
        return new FaultPoint(faults, port, new FaultRings(false, true, -1));
    }

    /**
     * One RX ring.
     *
     * @param ring 0-based; host rings come behind the others
     * @return the same port's ring
     */
    public FaultPoint rx(final int ring) {
        return new FaultPoint(faults, port, new FaultRings(false, true, checked(ring)));
    }

    private static int checked(final int ring) {
        if (ring < 0) {
            throw new IllegalArgumentException("ring is " + ring + ": expected 0 or more");
        }
        return ring;
    }

    /**
     * A sync of these rings fails and leaves them as they are; the port's other rings are synced. A poll that would sync
     * them says {@code ERR}, and the next sync then throws.
     *
     * @param errno what it fails with, such as {@link Errno#EIO}
     * @return when
     */
    public FaultPlan failSync(final Errno errno) {
        return plan(new FaultKind.Fail(Objects.requireNonNull(errno, "errno")), "failing sync (" + errno + ")");
    }

    /**
     * The interface is gone: every sync fails with {@code EIO}, each poll says {@code ERR}, whatever it asked for, and
     * opening it fails with {@code ENXIO}.
     *
     * @return when
     * @throws IllegalStateException if only some rings were named
     */
    public FaultPlan interfaceGone() {
        if (!rings.equals(FaultRings.ALL)) {
            throw new IllegalStateException("an interface is gone with all its rings: leave out" + rings);
        }
        return plan(new FaultKind.Gone(), "interface gone");
    }

    /**
     * The TX rings fill up: what is handed over leaves as ever, but a sync does not show the room that came, until the
     * fault ends.
     *
     * @return when; a sync counts if there was something to hold back
     * @throws IllegalStateException if RX rings were named
     */
    public FaultPlan ringFull() {
        if (!rings.tx()) {
            throw new IllegalStateException("a TX ring can be full, not" + rings);
        }
        return new FaultPlan(
                faults, port, new FaultRings(true, false, rings.ring()), new FaultKind.Hold(), "ring full");
    }

    /**
     * Nobody is at the other end any more, as far as this port can see: nothing arrives, and what it sends is accepted
     * until the TX ring is full. What came meanwhile is there when the fault ends.
     *
     * @return when; a sync counts if there was something to hold back
     */
    public FaultPlan peerGone() {
        return plan(new FaultKind.Hold(), "peer gone");
    }

    /**
     * The last frame that a sync shows in an RX ring, or takes from a TX ring, has no end: its last slot says
     * {@code NS_MOREFRAG}, so that what comes next looks like its rest.
     *
     * @return when; a sync counts if there was a new frame
     */
    public FaultPlan tornFrame() {
        return plan(new FaultKind.Torn(), "torn frame");
    }

    /**
     * Another process writes into the ring, anything anywhere: {@link #scribblePointers()} or {@link #scribbleSlots()},
     * as chance has it.
     *
     * @return when
     */
    public FaultPlan scribble() {
        return plan(new FaultKind.Scribble(true, true), "scribbled ring");
    }

    /**
     * Another process writes head or cur, just before the sync reads them, or tail, just after it wrote it: a slot of the
     * ring or far outside.
     *
     * @return when
     */
    public FaultPlan scribblePointers() {
        return plan(new FaultKind.Scribble(true, false), "scribbled pointers");
    }

    /**
     * Another process writes buffer index, length or flags of a slot: in a TX ring of one that a sync is about to take,
     * in an RX ring of one that it shows. A buffer whose index is overwritten is lost until the port is closed.
     *
     * @return when; a sync counts if there was such a slot
     */
    public FaultPlan scribbleSlots() {
        return plan(new FaultKind.Scribble(false, true), "scribbled slots");
    }

    /**
     * A poll learns late that the port is ready: so much later by the netmap's clock. Nothing is lost, and a sync shows
     * what there is.
     *
     * @param delay how late; more than 0
     * @return when; each time that the port becomes ready in a poll counts
     */
    public FaultPlan delayWakeUps(final Duration delay) {
        if (delay.isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("delay is " + delay + ": expected more than 0");
        }
        return plan(new FaultKind.Delay(0, delay.toNanos()), "wake-ups late by " + delay);
    }

    /**
     * A poll learns late that the port is ready: this many polls find nothing, one without a timeout comes back early.
     *
     * @param polls 1 or more
     * @return when; each time that the port becomes ready in a poll counts
     */
    public FaultPlan delayWakeUps(final int polls) {
        if (polls < 1) {
            throw new IllegalArgumentException("polls is " + polls + ": expected 1 or more");
        }
        return plan(new FaultKind.Delay(polls, 0), "wake-ups late by " + polls + " polls");
    }

    private FaultPlan plan(final FaultKind kind, final String description) {
        return new FaultPlan(faults, port, rings, kind, description);
    }
}
