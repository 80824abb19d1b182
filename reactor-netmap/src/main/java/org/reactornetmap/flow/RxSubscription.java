package org.reactornetmap.flow;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * One subscriber of one or several rings of a group. Demand from the loop is plain field work; from elsewhere it goes
 * through a volatile counter that the loop takes in once a burst.
 */
final class RxSubscription implements Subscription, Scannable {
    private static final AtomicLongFieldUpdater<RxSubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(RxSubscription.class, "requested");
    private static final AtomicIntegerFieldUpdater<RxSubscription> CANCELLED =
            AtomicIntegerFieldUpdater.newUpdater(RxSubscription.class, "cancelled");

    private final CoreSubscriber<? super Packet> actual;
    private final Fuseable.@Nullable ConditionalSubscriber<? super Packet> conditional;
    private final @Nullable BurstListener burstListener;
    private final RingGroup group;
    private final RingReceiver[] rings;
    private final RxOptions options;

    private volatile long requested;
    private volatile int cancelled;
    private volatile boolean badRequest;

    // Loop only.
    private long demand;
    private boolean ended;
    private int firstRing;

    @SuppressWarnings("unchecked")
    RxSubscription(
            final CoreSubscriber<? super Packet> actual,
            final RingGroup group,
            final RingReceiver[] rings,
            final RxOptions options) {
        this.actual = actual;
        this.conditional = actual instanceof Fuseable.ConditionalSubscriber
                ? (Fuseable.ConditionalSubscriber<? super Packet>) actual
                : null;
        this.burstListener = BurstListener.of(actual.currentContext());
        this.group = group;
        this.rings = rings;
        this.options = options;
    }

    CoreSubscriber<? super Packet> actual() {
        return actual;
    }

    Fuseable.@Nullable ConditionalSubscriber<? super Packet> conditional() {
        return conditional;
    }

    RingReceiver[] rings() {
        return rings;
    }

    RxOptions options() {
        return options;
    }

    @Override
    public void request(final long n) {
        if (n <= 0) {
            badRequest = true;
            group.loop().signal();
        } else if (group.loop().inLoop()) {
            demand = Operators.addCap(demand, n);
        } else {
            Operators.addCap(REQUESTED, this, n);
            group.loop().signal();
        }
    }

    @Override
    public void cancel() {
        final boolean first = CANCELLED.compareAndSet(this, 0, 1);
        // The rings can be subscribed again at once, by whoever cancelled; the loop ends this one first.
        unclaim();
        if (first) {
            group.loop().signal();
        }
    }

    boolean isCancelled() {
        return cancelled != 0;
    }

    /** Any thread, once: claims all rings or none. */
    boolean claim() {
        for (int i = 0; i < rings.length; i++) {
            if (!rings[i].claim(this)) {
                while (--i >= 0) {
                    rings[i].unclaim(this);
                }
                return false;
            }
        }
        return true;
    }

    private void unclaim() {
        for (final RingReceiver ring : rings) {
            ring.unclaim(this);
        }
    }

    /** Loop only: takes in demand from other threads. */
    void takeDemand() {
        if (requested != 0) {
            demand = Operators.addCap(demand, REQUESTED.getAndSet(this, 0));
        }
    }

    boolean hasDemand() {
        return demand > 0 && cancelled == 0;
    }

    /** Loop only: before an emission. */
    void consume() {
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
    }

    /** Loop only: after an emission that was filtered away. */
    void unconsume() {
        if (demand != Long.MAX_VALUE) {
            demand++;
        }
    }

    boolean isBroken() {
        return badRequest;
    }

    /** Loop only: emits what demand and rings allow. */
    int emit() {
        int emitted = 0;
        int index = firstRing;
        for (int i = 0; i < rings.length; i++) {
            emitted += rings[index].emit(this);
            index = index + 1 == rings.length ? 0 : index + 1;
        }
        if (rings.length > 1 && emitted > 0) {
            firstRing = firstRing + 1 == rings.length ? 0 : firstRing + 1; // scarce demand goes round
        }
        if (emitted > 0 && burstListener != null) {
            try {
                burstListener.onBurstEnd(); // cancelled or not: what it gathered since is its to release
            } catch (Throwable t) {
                end(t);
                Exceptions.throwIfFatal(t);
            }
        }
        return emitted;
    }

    /** Loop only: the subscription is over; signals it unless it was cancelled. */
    void end(final @Nullable Throwable error) {
        if (ended) {
            return;
        }
        ended = true;
        for (final RingReceiver ring : rings) {
            ring.ended(this);
        }
        final boolean silent = !CANCELLED.compareAndSet(this, 0, 1);
        unclaim();
        if (!silent) {
            if (error == null) {
                actual.onComplete();
            } else {
                actual.onError(error);
            }
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable has it so
    public @Nullable Object scanUnsafe(final Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return cancelled != 0;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return Operators.addCap(demand, requested);
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return null;
    }
}
