package org.reactornetmap.operators;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.flow.BurstListener;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable.ConditionalSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * One output of a {@link FanOut}: a queue that the distributor fills and one thread at a time empties, whoever holds
 * {@code wip}.
 */
final class FanOutLane extends Flux<Packet> implements Subscription, Runnable, Scannable {

    private static final int MIN_QUEUE = 4; // JCTools'

    private final FanOutDistributor distributor;
    private final int index;
    private final SpscVarHandleArrayQueue<Packet> queue;
    private final @Nullable Scheduler scheduler;
    private final int checkMask;

    // Set by subscribe(), before the subscriber can ask and before the source is subscribed; the first three are
    // forgotten under wip when the lane is cancelled.
    private @Nullable CoreSubscriber<? super Packet> actual;
    private @Nullable ConditionalSubscriber<? super Packet> conditional;
    private @Nullable BurstListener listener;
    private Scheduler.@Nullable Worker worker;
    private boolean answersBurstEnd;
    private Context ctx = Context.empty();

    @SuppressWarnings("unused") // by SUBSCRIBED
    private volatile int subscribed;

    private static final AtomicIntegerFieldUpdater<FanOutLane> SUBSCRIBED =
            AtomicIntegerFieldUpdater.newUpdater(FanOutLane.class, "subscribed");

    private volatile int cancelled;
    private static final AtomicIntegerFieldUpdater<FanOutLane> CANCELLED =
            AtomicIntegerFieldUpdater.newUpdater(FanOutLane.class, "cancelled");

    private volatile long requested;
    private static final AtomicLongFieldUpdater<FanOutLane> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(FanOutLane.class, "requested");

    @SuppressWarnings("unused") // by WIP
    private volatile int wip;

    private static final AtomicIntegerFieldUpdater<FanOutLane> WIP =
            AtomicIntegerFieldUpdater.newUpdater(FanOutLane.class, "wip");

    // Written by the emitting thread.
    private volatile long refused;
    private static final AtomicLongFieldUpdater<FanOutLane> REFUSED =
            AtomicLongFieldUpdater.newUpdater(FanOutLane.class, "refused");

    // Whether the next pass ends a burst.
    private volatile boolean burstEnd;

    // Written under wip.
    private volatile long passed;
    private static final AtomicLongFieldUpdater<FanOutLane> PASSED =
            AtomicLongFieldUpdater.newUpdater(FanOutLane.class, "passed");

    private volatile long cleared;
    private static final AtomicLongFieldUpdater<FanOutLane> CLEARED =
            AtomicLongFieldUpdater.newUpdater(FanOutLane.class, "cleared");

    private boolean unsignalled;
    private boolean terminated;

    FanOutLane(FanOutDistributor distributor, int index, int prefetch, @Nullable Scheduler scheduler) {
        this.distributor = distributor;
        this.index = index;
        this.queue = new SpscVarHandleArrayQueue<>(Math.max(MIN_QUEUE, prefetch));
        this.scheduler = scheduler;
        this.checkMask = Math.max(1, Integer.highestOneBit(prefetch) / 4) - 1;
    }

    Flux<Packet> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Packet> subscriber) {
        if (!SUBSCRIBED.compareAndSet(this, 0, 1)) {
            Operators.error(
                    subscriber,
                    new IllegalStateException("lane " + index
                            + " of the fan-out has, or had, a subscriber: it takes one; fan out again for another"));
            return;
        }
        ctx = subscriber.currentContext();
        actual = subscriber;
        conditional = conditional(subscriber);
        listener = BurstListener.of(ctx);
        answersBurstEnd = listener != null && scheduler == null;
        if (scheduler == null || startWorker(scheduler, subscriber)) {
            subscriber.onSubscribe(this);
        }
        distributor.laneSubscribed();
    }

    private boolean startWorker(Scheduler workers, CoreSubscriber<? super Packet> subscriber) {
        try {
            worker = workers.createWorker();
            return true;
        } catch (Throwable e) {
            terminated = true;
            cancel();
            Operators.error(subscriber, Operators.onOperatorError(e, ctx));
            return false;
        }
    }

    @SuppressWarnings("unchecked") // a conditional subscriber of the same type
    private static @Nullable ConditionalSubscriber<? super Packet> conditional(
            CoreSubscriber<? super Packet> subscriber) {
        return subscriber instanceof ConditionalSubscriber ? (ConditionalSubscriber<? super Packet>) subscriber : null;
    }

    Context currentContext() {
        return ctx;
    }

    /** From the distributor: the packet is queued, or released if the lane is cancelled; false if there is no room. */
    boolean accept(Packet packet) {
        if (cancelled != 0) {
            packet.release();
            REFUSED.lazySet(this, refused + 1);
            return true;
        }
        if (!queue.offer(packet)) {
            packet.release();
            REFUSED.lazySet(this, refused + 1);
            return false;
        }
        drain();
        return true;
    }

    /** From the distributor: what it gave since the last time was a burst. A lane with a worker makes its own bursts. */
    void burstEnd() {
        if (answersBurstEnd) {
            burstEnd = true;
            drain();
        }
    }

    /** Packets put into the queue, ever. */
    long offered() {
        return queue.currentProducerIndex();
    }

    /** Packets taken out of the queue, ever. */
    long taken() {
        return queue.currentConsumerIndex();
    }

    boolean isCancelled() {
        return cancelled != 0;
    }

    LaneStatistics statistics() {
        long gone = passed;
        long discarded = refused + cleared;
        // Last: what leaves the queue meanwhile is counted once or not yet, but never twice.
        return new LaneStatistics(index, gone, queue.size(), discarded);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            burstEnd = true; // the burst that waited for this may be over
            drain();
        }
    }

    @Override
    public void cancel() {
        if (CANCELLED.compareAndSet(this, 0, 1)) {
            distributor.laneCancelled();
            drain();
        }
    }

    void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        Scheduler.Worker own = worker;
        // What is left to do after the end is to release, and any thread can do that.
        if (own == null || cancelled != 0 || terminated) {
            drainLoop();
            return;
        }
        try {
            own.schedule(this);
        } catch (RejectedExecutionException e) {
            reject(e);
        }
    }

    /** The worker's task. */
    @Override
    public void run() {
        drainLoop();
    }

    /** Under wip: the scheduler is gone. */
    private void reject(RejectedExecutionException e) {
        boolean first = !terminated && CANCELLED.compareAndSet(this, 0, 1);
        if (first) {
            terminated = true;
            distributor.laneCancelled();
        }
        CoreSubscriber<? super Packet> subscriber = actual;
        drainLoop();
        if (first && subscriber != null) {
            subscriber.onError(Operators.onRejectedExecution(e, ctx));
        }
    }

    private void drainLoop() {
        int missed = 1;
        do {
            // Taken before the packets: an end that comes during this pass belongs to the next.
            boolean endsBurst = scheduler != null || burstEnd;
            if (endsBurst) {
                burstEnd = false;
            }
            if (drainPass() && endsBurst) {
                signalBurstEnd();
            }
            missed = WIP.addAndGet(this, -missed); // a full fence between what was taken and the question below
            distributor.roomMade();
        } while (missed != 0);
    }

    /** Whether the lane goes on. */
    private boolean drainPass() {
        CoreSubscriber<? super Packet> subscriber = actual;
        long demand = requested;
        long emitted = 0;
        for (; ; ) {
            if (cancelled != 0 || terminated || subscriber == null) {
                clear();
                return false;
            }
            boolean done = distributor.isDone(); // before the queue is looked at: what came before it is in there
            if (emitted == demand) {
                if (done && queue.isEmpty()) {
                    terminate(subscriber);
                    return false;
                }
                break;
            }
            Packet packet = queue.poll();
            if (packet == null) {
                if (done) {
                    terminate(subscriber);
                    return false;
                }
                break;
            }
            if (pass(packet, subscriber)) {
                emitted++;
            }
        }
        if (emitted != 0 && demand != Long.MAX_VALUE) {
            Operators.produced(REQUESTED, this, emitted);
        }
        return true;
    }

    private boolean pass(Packet packet, CoreSubscriber<? super Packet> subscriber) {
        long count = passed + 1;
        PASSED.lazySet(this, count);
        unsignalled = true;
        if ((count & checkMask) == 0) {
            distributor.roomMade(); // a pass may be long
        }
        if (conditional != null) {
            return conditional.tryOnNext(packet);
        }
        subscriber.onNext(packet);
        return true;
    }

    private void signalBurstEnd() {
        BurstListener downstream = listener;
        if (unsignalled && downstream != null) {
            unsignalled = false;
            downstream.onBurstEnd();
        }
    }

    private void terminate(CoreSubscriber<? super Packet> subscriber) {
        terminated = true;
        disposeWorker();
        Throwable error = distributor.error();
        if (error != null) {
            subscriber.onError(error);
        } else {
            subscriber.onComplete();
        }
    }

    private void clear() {
        for (Packet packet = queue.poll(); packet != null; packet = queue.poll()) {
            packet.release();
            CLEARED.lazySet(this, cleared + 1);
        }
        disposeWorker();
        actual = null; // rule 3.13: nothing of ours refers to who cancelled
        conditional = null;
        listener = null;
    }

    private void disposeWorker() {
        Scheduler.Worker own = worker;
        if (own != null) {
            own.dispose();
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable's signature
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return distributor;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.BUFFERED) {
            return queue.size();
        }
        if (key == Attr.CAPACITY) {
            return queue.capacity();
        }
        if (key == Attr.CANCELLED) {
            return cancelled != 0;
        }
        if (key == Attr.TERMINATED) {
            return distributor.isDone() && queue.isEmpty();
        }
        if (key == Attr.ERROR) {
            return distributor.isDone() ? distributor.error() : null;
        }
        if (key == Attr.RUN_ON) {
            return scheduler;
        }
        if (key == Attr.RUN_STYLE) {
            return scheduler == null ? Attr.RunStyle.SYNC : Attr.RunStyle.ASYNC;
        }
        return null;
    }
}
