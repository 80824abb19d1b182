package org.reactornetmap.benchmarks;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;

/** Emits packets of a pool when told to, on the calling thread, within the subscriber's demand. Not thread-safe. */
final class PacketSource implements Publisher<Packet>, Subscription {
    private final PacketPool pool;
    private final int bytes;
    private Subscriber<? super Packet> subscriber;
    private long demand;

    PacketSource(final PacketPool pool, final int bytes) {
        this.pool = pool;
        this.bytes = bytes;
    }

    @Override
    public void subscribe(final Subscriber<? super Packet> newSubscriber) {
        subscriber = newSubscriber;
        newSubscriber.onSubscribe(this);
    }

    @Override
    public void request(final long n) {
        demand += n;
    }

    @Override
    public void cancel() {
        demand = 0;
    }

    /** Emits up to {@code count} packets; returns how many. */
    int emit(final int count) {
        int emitted = 0;
        while (emitted < count && demand > 0) {
            demand--;
            emitted++;
            subscriber.onNext(pool.acquire(bytes));
        }
        return emitted;
    }
}
