package org.reactornetmap.flow;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One stream of several rings that have loops of their own: a bounded queue for each ring, one emitter at a time, on
 * whichever loop has something. What waits in the queues is released on cancel; {@code Flux.merge} would lose some.
 */
final class RingMerge extends Flux<Packet> implements Scannable {
    private static final int QUEUE = 256;

    private final RingFlux[] sources;

    RingMerge(final RingFlux[] sources) {
        this.sources = sources;
    }

    @Override
    public void subscribe(final CoreSubscriber<? super Packet> actual) {
        final Merger merger = new Merger(actual, sources.length);
        actual.onSubscribe(merger);
        for (int i = 0; i < sources.length; i++) {
            sources[i].subscribe(merger.inners[i]);
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable has it so
    public @Nullable Object scanUnsafe(final Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    /** The one emitter. */
    private static final class Merger implements Subscription, Scannable {
        private static final AtomicIntegerFieldUpdater<Merger> WIP =
                AtomicIntegerFieldUpdater.newUpdater(Merger.class, "wip");
        private static final AtomicLongFieldUpdater<Merger> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Merger.class, "requested");

        private final CoreSubscriber<? super Packet> actual;
        private final @Nullable BurstListener burstListener;
        private final Context context;
        private final Inner[] inners;
        private final AtomicInteger active;
        private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

        @SuppressWarnings("UnusedVariable") // by WIP
        private volatile int wip;

        private volatile long requested;
        private volatile boolean cancelled;

        // Emitter only.
        private int first;
        private boolean terminated;

        Merger(final CoreSubscriber<? super Packet> actual, final int count) {
            this.actual = actual;
            this.burstListener = BurstListener.of(actual.currentContext());
            this.context = actual.currentContext();
            this.active = new AtomicInteger(count);
            this.inners = new Inner[count];
            for (int i = 0; i < count; i++) {
                inners[i] = new Inner(this);
            }
        }

        @Override
        public void request(final long n) {
            if (n <= 0) {
                fail(new IllegalArgumentException(
                        "request(n) with n <= 0: rule 3.9 asks for a positive number of packets"));
            } else {
                Operators.addCap(REQUESTED, this, n);
                drain();
            }
        }

        @Override
        public void cancel() {
            // All of it for each caller: whoever cancelled may subscribe again, even if another thread was faster.
            cancelled = true;
            cancelInners();
            drain();
        }

        private void cancelInners() {
            for (final Inner inner : inners) {
                inner.cancel();
            }
        }

        void fail(final Throwable t) {
            failed(t);
            drain();
        }

        void completed() {
            active.decrementAndGet();
            drain();
        }

        void drain() {
            if (WIP.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                if (!terminated && !cancelled) {
                    emit();
                }
                if (terminated || cancelled) {
                    discard();
                }
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void emit() {
            final boolean ended = active.get() == 0; // before the queues: what came before the end is seen in them
            final long demand = requested;
            long emitted = 0;
            boolean more = true;
            while (more && emitted < demand) {
                more = false;
                for (int i = 0; i < inners.length && emitted < demand; i++) {
                    if (cancelled || error.get() != null) {
                        break;
                    }
                    final Inner inner = inners[first];
                    first = first + 1 == inners.length ? 0 : first + 1;
                    final Packet packet = inner.queue.poll();
                    if (packet != null) {
                        more = true;
                        emitted++;
                        inner.taken();
                        pass(packet);
                    }
                }
            }
            if (emitted > 0) {
                if (demand != Long.MAX_VALUE) {
                    REQUESTED.addAndGet(this, -emitted);
                }
                tellBurstEnd();
            }
            if (cancelled) {
                return;
            }
            final Throwable t = error.get();
            if (t != null) {
                terminated = true;
                actual.onError(t);
            } else if (ended && isEmpty()) {
                terminated = true;
                actual.onComplete();
            }
        }

        private void pass(final Packet packet) {
            try {
                actual.onNext(packet);
            } catch (Throwable t) { // let out, it would end the work of whatever loop or thread drains
                packet.release();
                failed(t);
            }
        }

        private void tellBurstEnd() {
            if (burstListener != null) {
                try {
                    burstListener.onBurstEnd();
                } catch (Throwable t) {
                    failed(t);
                }
            }
        }

        private void failed(final Throwable t) {
            if (error.compareAndSet(null, t)) {
                cancelInners();
            }
        }

        private boolean isEmpty() {
            for (final Inner inner : inners) {
                if (!inner.queue.isEmpty()) {
                    return false;
                }
            }
            return true;
        }

        private void discard() {
            for (final Inner inner : inners) {
                for (Packet packet = inner.queue.poll(); packet != null; packet = inner.queue.poll()) {
                    packet.release();
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
                return cancelled;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested;
            }
            if (key == Attr.RUN_STYLE) {
                return Attr.RunStyle.ASYNC;
            }
            return null;
        }
    }

    /** One ring's queue; it is told of the burst's end instead of draining for each packet. */
    private static final class Inner implements CoreSubscriber<Packet>, BurstListener {
        private static final AtomicReferenceFieldUpdater<Inner, Subscription> S =
                AtomicReferenceFieldUpdater.newUpdater(Inner.class, Subscription.class, "s");

        private final Merger merger;
        private final Context context;
        private final SpscVarHandleArrayQueue<Packet> queue = new SpscVarHandleArrayQueue<>(QUEUE);
        private volatile @Nullable Subscription s;
        private int taken; // emitter only

        Inner(final Merger merger) {
            this.merger = merger;
            this.context = BurstListener.in(merger.context, this);
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        @SuppressWarnings("NullAway") // javac 17 does not see Reactor's annotation of the updater's type, later ones do
        public void onSubscribe(final Subscription subscription) {
            if (Operators.setOnce(S, this, subscription)) {
                subscription.request(QUEUE);
            }
        }

        @Override
        public void onNext(final Packet packet) {
            queue.offer(packet); // never full: no more than QUEUE are requested and not taken
            if (merger.cancelled) {
                merger.drain();
            }
        }

        @Override
        public void onBurstEnd() {
            merger.drain();
        }

        @Override
        public void onError(final Throwable t) {
            merger.fail(t);
        }

        @Override
        public void onComplete() {
            merger.completed();
        }

        void taken() {
            if (++taken == QUEUE / 4) {
                taken = 0;
                final Subscription upstream = s;
                if (upstream != null) {
                    upstream.request(QUEUE / 4);
                }
            }
        }

        @SuppressWarnings("NullAway") // as onSubscribe()
        void cancel() {
            final Subscription upstream = s;
            if (upstream != null) {
                upstream.cancel(); // before anybody can see that it is done
            }
            Operators.terminate(S, this);
        }
    }
}
