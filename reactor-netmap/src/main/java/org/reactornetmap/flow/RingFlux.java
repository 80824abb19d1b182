package org.reactornetmap.flow;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The publisher of some RX rings of one group. One subscriber at a time. */
final class RingFlux extends Flux<Packet> implements Scannable {
    private final RingGroup group;
    private final RingReceiver[] rings;
    private final RxOptions options;

    RingFlux(final RingGroup group, final RingReceiver[] rings, final RxOptions options) {
        this.group = group;
        this.rings = rings;
        this.options = options;
    }

    @Override
    public void subscribe(final CoreSubscriber<? super Packet> actual) {
        final RxSubscription subscription = new RxSubscription(actual, group, rings, options);
        if (group.isRevoking()) {
            Operators.error(actual, new PortClosedException(group.port().name()));
        } else if (!subscription.claim()) {
            Operators.error(
                    actual,
                    new IllegalStateException("an RX ring of " + group.port().name()
                            + " has a subscriber already: one at a time; share() or fan out the one stream instead"));
        } else {
            actual.onSubscribe(subscription);
            group.loop().post((Runnable) () -> group.add(subscription));
        }
    }

    /**
     * The same for subscribers that are not Reactor's. Not by {@link Flux#subscribe(Subscriber)}, whose
     * {@code StrictSubscriber} loses packets after a bad request.
     */
    Publisher<Packet> raw() {
        return subscriber -> {
            Objects.requireNonNull(subscriber, "subscriber");
            if (subscriber instanceof CoreSubscriber) {
                subscribe((CoreSubscriber<? super Packet>) subscriber);
            } else {
                subscribe(new RawSubscriber(subscriber));
            }
        };
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable has it so
    public @Nullable Object scanUnsafe(final Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    /** Passes signals on as they are: the ring keeps the rules of the specification itself. */
    private static final class RawSubscriber implements CoreSubscriber<Packet> {
        private final Subscriber<? super Packet> actual;

        RawSubscriber(final Subscriber<? super Packet> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(final org.reactivestreams.Subscription s) {
            actual.onSubscribe(s);
        }

        @Override
        public void onNext(final Packet packet) {
            actual.onNext(packet);
        }

        @Override
        public void onError(final Throwable t) {
            actual.onError(t);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }
}
