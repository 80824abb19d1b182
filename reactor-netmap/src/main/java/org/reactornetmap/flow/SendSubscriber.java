package org.reactornetmap.flow;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One send: takes packets from its source, on whatever thread, hands each to the lane of its ring's loop and tells its
 * own subscriber how it went. What it requests and has not put into slots never exceeds a ring's slots.
 */
final class SendSubscriber implements CoreSubscriber<Packet>, Subscription, BurstListener, Scannable {
    private static final AtomicReferenceFieldUpdater<SendSubscriber, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(SendSubscriber.class, Subscription.class, "s");

    private static final int REQUESTED = 1;
    private static final int READY = 2;
    private static final int TERMINATED = 4;

    private final CoreSubscriber<? super TxReport> actual;
    private final TxLane[] lanes;
    private final @Nullable TxLane onlyLane;
    private final int window;
    private final Context ctx;
    private final AtomicInteger running;
    private final AtomicReference<TxReport> report = new AtomicReference<>(TxReport.EMPTY);
    private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    private final AtomicInteger state = new AtomicInteger();

    private volatile @Nullable Subscription s;
    private volatile boolean done;
    private volatile boolean cancelled;

    SendSubscriber(
            final CoreSubscriber<? super TxReport> actual,
            final RingGroup[] groups,
            final RingTransmitter[][] rings,
            final TxOptions options) {
        this.actual = actual;
        this.window = rings[0][0].numSlots() - 1;
        this.running = new AtomicInteger(groups.length);
        this.ctx = BurstListener.in(
                Operators.enableOnDiscard(actual.currentContext(), SendSubscriber::releaseDiscarded), this);
        this.lanes = new TxLane[groups.length];
        for (int i = 0; i < groups.length; i++) {
            lanes[i] = new TxLane(this, groups[i], rings[i], options, window, groups.length);
        }
        this.onlyLane = lanes.length == 1 ? lanes[0] : null;
    }

    private static void releaseDiscarded(final @Nullable Object discarded) {
        if (discarded instanceof Packet packet) {
            packet.release();
        }
    }

    /** The ring for a packet: its own number, or by flow. */
    int ringFor(final Packet packet, final int rings) {
        final int ring = packet.ring();
        return ring >= 0 ? ring % rings : TxFlow.ring(packet, rings);
    }

    // --- the source's side

    @Override
    public Context currentContext() {
        return ctx;
    }

    @Override
    @SuppressWarnings("NullAway") // as cancelUpstream()
    public void onSubscribe(final Subscription subscription) {
        if (Operators.setOnce(UPSTREAM, this, subscription)) {
            for (final TxLane lane : lanes) {
                lane.group().loop().post((Runnable) () -> lane.group().add(lane));
            }
            subscription.request(window);
        }
    }

    @Override
    public void onNext(final Packet packet) {
        if (done) {
            packet.release(); // and no onNextDropped: a hook that releases would release twice
            return;
        }
        final TxLane lane = onlyLane;
        (lane != null ? lane : lanes[ringFor(packet, lanes.length)]).accept(packet);
    }

    @Override
    public void onError(final Throwable t) {
        java.util.Objects.requireNonNull(t, "t");
        if (done) {
            Operators.onErrorDropped(t, ctx);
            return;
        }
        error.compareAndSet(null, t);
        onComplete();
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            for (final TxLane lane : lanes) {
                lane.group().loop().signal();
            }
        }
    }

    /** On the source's loop: a TX loop that is another one has been signalled by each packet; nothing waits for this. */
    @Override
    public void onBurstEnd() {
        for (final TxLane lane : lanes) {
            lane.group().loop().signal();
        }
    }

    // --- the lanes' side

    boolean isDone() {
        return done;
    }

    void requestMore(final int packets) {
        final Subscription upstream = s;
        if (upstream != null && !done) {
            upstream.request(packets);
        }
    }

    /** Any thread: the send fails; all lanes stop. */
    void fail(final Throwable t) {
        failed(t);
    }

    /** Any thread: remembers the error, ends the source, and stops the lanes from their own loops. */
    void failed(final Throwable t) {
        if (error.compareAndSet(null, t)) {
            done = true;
            cancelUpstream();
            stopLanes();
        }
    }

    /** Any thread: the port closes; what came so far is still sent, if there is time. */
    void closing(final Throwable t) {
        if (error.compareAndSet(null, t)) {
            cancelUpstream();
            done = true;
        }
    }

    @SuppressWarnings("NullAway") // javac 17 does not see Reactor's annotation of the updater's type, later ones do
    private void cancelUpstream() {
        Operators.terminate(UPSTREAM, this);
    }

    private void stopLanes() {
        for (final TxLane lane : lanes) {
            lane.group().loop().post((Runnable) lane::stop);
        }
    }

    /** A lane's loop: it has nothing more to do. The last one ends the send. */
    void finished(final TxReport part) {
        report.accumulateAndGet(part, TxReport::plus);
        if (running.decrementAndGet() == 0 && !cancelled) {
            final Throwable t = error.get();
            if (t != null) {
                t.addSuppressed(new SendFailedException(currentReport()));
                if ((state.getAndUpdate(now -> now | TERMINATED) & TERMINATED) == 0) {
                    actual.onError(t);
                }
            } else if ((state.getAndUpdate(now -> now | READY) & REQUESTED) != 0) {
                emit();
            }
        }
    }

    TxReport currentReport() {
        return java.util.Objects.requireNonNull(report.get());
    }

    // --- the subscriber's side

    @Override
    public void request(final long n) {
        if (Operators.validate(n)) {
            final int before = state.getAndUpdate(now -> now | REQUESTED);
            if ((before & (REQUESTED | READY)) == READY) {
                emit();
            }
        }
    }

    private void emit() {
        if ((state.getAndUpdate(now -> now | TERMINATED) & TERMINATED) == 0) {
            actual.onNext(currentReport());
            actual.onComplete();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        if ((state.getAndUpdate(now -> now | TERMINATED) & TERMINATED) == 0) {
            done = true;
            cancelUpstream();
            stopLanes();
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable has it so
    public @Nullable Object scanUnsafe(final Attr key) {
        if (key == Attr.PARENT) {
            return s;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.ERROR) {
            return error.get();
        }
        if (key == Attr.PREFETCH) {
            return window;
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return null;
    }
}
