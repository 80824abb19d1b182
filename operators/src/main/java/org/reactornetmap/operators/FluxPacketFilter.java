package org.reactornetmap.operators;

import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable.ConditionalSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** {@link PacketFilter} at work. Its own operator, because it releases what it rejects before it asks for more. */
final class FluxPacketFilter extends FluxOperator<Packet, Packet> {

    private final Predicate<? super Packet> predicate;
    private final PacketFilter filter;

    private FluxPacketFilter(Flux<Packet> source, Predicate<? super Packet> predicate, PacketFilter filter) {
        super(source);
        this.predicate = predicate;
        this.filter = filter;
    }

    static Flux<Packet> of(Flux<Packet> source, Predicate<? super Packet> predicate, PacketFilter filter) {
        return onAssembly(new FluxPacketFilter(Objects.requireNonNull(source, "packets"), predicate, filter));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Packet> actual) {
        source.subscribe(new FilterSubscriber(actual, predicate, filter));
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable's signature
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    static final class FilterSubscriber implements ConditionalSubscriber<Packet>, Subscription, Scannable {

        private final CoreSubscriber<? super Packet> actual;
        private final @Nullable ConditionalSubscriber<? super Packet> conditional;
        private final Predicate<? super Packet> predicate;
        private final FilterCounters counters;
        private final Context ctx;

        private @Nullable Subscription s;
        private boolean done;

        @SuppressWarnings("unchecked") // a conditional subscriber of the same type
        FilterSubscriber(
                CoreSubscriber<? super Packet> actual, Predicate<? super Packet> predicate, PacketFilter filter) {
            this.actual = actual;
            this.conditional =
                    actual instanceof ConditionalSubscriber ? (ConditionalSubscriber<? super Packet>) actual : null;
            this.predicate = predicate;
            this.counters = filter.countersOf(this);
            this.ctx = actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription upstream) {
            if (Operators.validate(s, upstream)) {
                s = upstream;
                actual.onSubscribe(this);
            }
        }

        @Override
        public void onNext(Packet packet) {
            if (!tryOnNext(packet) && !done) {
                request(1); // after the release: it may re-enter and need that very slot
            }
        }

        @Override
        public boolean tryOnNext(Packet packet) {
            if (done) {
                packet.release();
                counters.drop();
                return false;
            }
            boolean matches;
            try {
                matches = predicate.test(packet);
            } catch (Throwable e) {
                packet.release();
                counters.drop();
                onError(Operators.onOperatorError(s, e, ctx));
                return false;
            }
            if (!matches) {
                packet.release();
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
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
