package org.reactornetmap.flow;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Completes, on the loop, once the interface of a descriptor has a link: looks again on the loop's timers. */
final class LinkMono extends Mono<Void> {
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final RingGroup group;

    LinkMono(final RingGroup group) {
        this.group = group;
    }

    @Override
    public void subscribe(final CoreSubscriber<? super Void> actual) {
        if (group.isRevoking()) {
            Operators.error(actual, new PortClosedException(group.port().name()));
            return;
        }
        final Wait wait = new Wait(actual, group);
        actual.onSubscribe(wait);
        group.loop().post((Runnable) wait::look);
    }

    /** One subscriber. Loop thread only, but for cancel. */
    static final class Wait implements Subscription {
        private final CoreSubscriber<? super Void> actual;
        private final RingGroup group;
        private final AtomicBoolean over = new AtomicBoolean();
        private LoopTimers.@Nullable Timer timer;

        Wait(final CoreSubscriber<? super Void> actual, final RingGroup group) {
            this.actual = actual;
            this.group = group;
        }

        private void look() {
            group.remove(this);
            timer = null;
            if (over.get()) {
                return;
            }
            final Throwable ending = group.ending();
            if (ending != null) {
                end(ending);
                return;
            }
            final boolean up;
            try {
                up = group.port().isLinkUp();
            } catch (RuntimeException e) {
                end(e);
                return;
            }
            if (up) {
                end(null);
            } else {
                group.add(this);
                timer = group.loop().timers().add(group.loop().nanoTime() + LOOK_AGAIN_NS, this::look);
            }
        }

        /** There is a link, or there will be none. */
        void end(final @Nullable Throwable error) {
            if (over.compareAndSet(false, true)) {
                stopLooking();
                if (error == null) {
                    actual.onComplete();
                } else {
                    actual.onError(error);
                }
            }
        }

        private void stopLooking() {
            group.remove(this);
            if (timer != null) {
                group.loop().timers().remove(timer);
                timer = null;
            }
        }

        @Override
        public void request(final long n) {
            Operators.validate(n); // it emits nothing
        }

        @Override
        public void cancel() {
            if (over.compareAndSet(false, true)) {
                group.loop().post((Runnable) this::stopLooking);
            }
        }
    }
}
