package org.reactornetmap.flow;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;

/** Keeps or releases what it gets, and counts what must not be: signals that overlap, and signals after the end. */
final class RaceSubscriber implements CoreSubscriber<Packet> {
    private final boolean holds;
    private final AtomicInteger inside = new AtomicInteger();
    private final @Nullable Packet[] packets = new Packet[4 * RaceWorld.SLOTS];
    private @Nullable Subscription s;
    private int held;
    private int received;
    private int ends;
    private volatile int wrong;

    RaceSubscriber(final boolean holds) {
        this.holds = holds;
    }

    @Override
    public void onSubscribe(final Subscription subscription) {
        s = subscription;
    }

    @Override
    public void onNext(final Packet packet) {
        enter();
        received++;
        if (ends > 0) {
            wrong = 1;
        }
        if (holds) {
            packets[held++] = packet;
        } else {
            packet.release();
        }
        leave();
    }

    @Override
    public void onError(final Throwable t) {
        onComplete();
    }

    @Override
    public void onComplete() {
        enter();
        if (ends++ > 0) {
            wrong = 1;
        }
        leave();
    }

    private void enter() {
        if (inside.getAndIncrement() != 0) {
            wrong = 1;
        }
    }

    private void leave() {
        inside.decrementAndGet();
    }

    void request(final long n) {
        Objects.requireNonNull(s).request(n);
    }

    void cancel() {
        Objects.requireNonNull(s).cancel();
    }

    Packet packet(final int index) {
        return Objects.requireNonNull(packets[index]);
    }

    int received() {
        return received;
    }

    int ends() {
        return ends;
    }

    /** 1 if signals overlapped or one came after the end. */
    int wrong() {
        return wrong;
    }

    void releaseAll() {
        for (int i = 0; i < held; i++) {
            packet(i).release();
        }
        held = 0;
    }

    void forget() {
        received = 0;
    }

    /** Whether no two of the held packets are the same view or show the same buffer. */
    boolean isEachItsOwn() {
        final Set<Packet> views = new HashSet<>();
        final Set<Integer> buffers = new HashSet<>();
        for (int i = 0; i < held; i++) {
            views.add(packet(i));
            buffers.add(RaceWorld.buffer(packet(i)));
        }
        return views.size() == held && buffers.size() == held;
    }
}
