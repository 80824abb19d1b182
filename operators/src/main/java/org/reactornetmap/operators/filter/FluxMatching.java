package org.reactornetmap.operators.filter;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable.ConditionalSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A filter at work. Its own operator, because it counts, because it releases what it rejects before it asks for more, and
 * because its rule may change between two packets.
 */
final class FluxMatching<T> extends FluxOperator<T, T> {

    private final CurrentRule<T> current;
    private final Consumer<? super T> release;

    private FluxMatching(Flux<T> source, CurrentRule<T> current, Consumer<? super T> release) {
        super(source);
        this.current = current;
        this.release = release;
    }

    static <T> Flux<T> of(Flux<T> source, CurrentRule<T> current, Consumer<? super T> release) {
        return onAssembly(new FluxMatching<>(Objects.requireNonNull(source, "source"), current, release));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new MatchingSubscriber<>(actual, current, release));
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable's signature
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    static final class MatchingSubscriber<T> implements ConditionalSubscriber<T>, Subscription, Scannable {

        private final CoreSubscriber<? super T> actual;
        private final @Nullable ConditionalSubscriber<? super T> conditional;
        private final CurrentRule<T> current;
        private final Consumer<? super T> release;
        private final Context ctx;

        private @Nullable Subscription s;
        private Rule<T> rule;
        private FilterCounters counters;
        private boolean done;
        private volatile boolean cancelled;

        @SuppressWarnings("unchecked") // a conditional subscriber of the same type
        MatchingSubscriber(CoreSubscriber<? super T> actual, CurrentRule<T> current, Consumer<? super T> release) {
            this.actual = actual;
            this.conditional =
                    actual instanceof ConditionalSubscriber ? (ConditionalSubscriber<? super T>) actual : null;
            this.current = current;
            this.release = release;
            this.ctx = actual.currentContext();
            this.rule = current.get();
            this.counters = rule.account().open(this);
        }

        @Override
        public void onSubscribe(Subscription upstream) {
            if (Operators.validate(s, upstream)) {
                s = upstream;
                actual.onSubscribe(this);
            }
        }

        @Override
        public void onNext(T packet) {
            if (!tryOnNext(packet) && !done) {
                request(1); // after the release: it may re-enter and need that very slot
            }
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // another rule, even if it says the same
        public boolean tryOnNext(T packet) {
            Rule<T> now = current.get();
            if (now != rule) {
                changeTo(now);
            }
            if (done) {
                release.accept(packet);
                counters.drop();
                return false;
            }
            boolean matches;
            try {
                matches = now.predicate().test(packet);
            } catch (Throwable e) {
                release.accept(packet);
                counters.drop();
                onError(Operators.onOperatorError(s, e, ctx));
                return false;
            }
            if (!matches) {
                release.accept(packet);
                counters.reject();
                return false;
            }
            counters.match();
            if (conditional != null) {
                return conditional.tryOnNext(packet);
            }
            actual.onNext(packet);
            return true;
        }

        /** The old rule's numbers from here are final: whoever goes back and forth leaves nothing behind. */
        private void changeTo(Rule<T> next) {
            rule.account().close(counters);
            rule = next;
            counters = next.account().open(this);
        }

        @Override
        public void onError(Throwable error) {
            if (done) {
                Operators.onErrorDropped(error, ctx);
                return;
            }
            done = true;
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            if (!done) {
                done = true;
                actual.onComplete();
            }
        }

        @Override
        public void request(long n) {
            Subscription upstream = s;
            if (upstream != null) { // set before the subscriber could know us
                upstream.request(n);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            Subscription upstream = s;
            if (upstream != null) {
                upstream.cancel();
            }
        }

        @Override
        public Context currentContext() {
            return ctx;
        }

        @Override
        @SuppressWarnings("rawtypes") // Scannable's signature
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) {
                return s;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.TERMINATED) {
                return done;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
