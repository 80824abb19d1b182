package org.reactornetmap.examples;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.flow.BurstListener;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Emits frames over and over, as fast as they are asked for or at a rate, until it is stopped. All emission is done by
 * one loop: demand and the stop reach it as tasks. Each frame is one packet for good; every emission adds an owner.
 */
final class TrafficSource extends Flux<Packet> implements Subscription {

    /** After so many packets the loop gets to its other work. */
    private static final int PASS = 1024;

    private static final long PAUSE_NANOS = 500_000;

    private final NetmapLoop loop;
    private final Packet[] frames;
    private final boolean once;
    private final long packetsPerSecond;
    private final AtomicLong generated = new AtomicLong();

    private @Nullable CoreSubscriber<? super Packet> actual;
    private @Nullable BurstListener listener;
    private volatile boolean stopping;
    private volatile boolean cancelled;

    // Loop only.
    private long demand;
    private int next;
    private boolean emitting;
    private boolean resumes;
    private boolean ended;
    private long startNanos;

    /**
     * A source for one subscriber.
     *
     * @param loop emits
     * @param frames one or more; not copied
     * @param once ends after the last frame
     * @param packetsPerSecond 0: as many as are asked for
     */
    TrafficSource(NetmapLoop loop, List<ByteBuffer> frames, boolean once, long packetsPerSecond) {
        this.loop = loop;
        this.frames = frames.stream().map(PacketPool::wrap).toArray(Packet[]::new);
        this.once = once;
        this.packetsPerSecond = packetsPerSecond;
    }

    /** Packets emitted so far. Any thread. */
    long generated() {
        return generated.get();
    }

    /** Ends the stream after what was emitted. Any thread. */
    void stop() {
        stopping = true;
        loop.execute(this::emit);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Packet> subscriber) {
        actual = subscriber;
        listener = BurstListener.of(subscriber.currentContext());
        startNanos = System.nanoTime();
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        if (loop.inLoop()) {
            more(n);
        } else {
            loop.execute(() -> more(n));
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    private void more(long n) {
        demand = Operators.addCap(demand, n);
        emit();
    }

    private void emit() {
        CoreSubscriber<? super Packet> subscriber = actual;
        if (emitting || ended || subscriber == null) {
            return; // emitting: a request from within onNext; the loop below sees it
        }
        emitting = true;
        int left = (int) Math.min(PASS, allowance());
        int emitted = 0;
        while (emitted < left && demand > 0 && !stopping && !cancelled && hasNext()) {
            demand--;
            emitted++;
            Packet packet = frames[next++].retain();
            if (next == frames.length && !once) {
                next = 0;
            }
            generated.lazySet(generated.getPlain() + 1);
            subscriber.onNext(packet);
        }
        if (emitted > 0 && listener != null) {
            listener.onBurstEnd();
        }
        emitting = false;
        if (stopping || cancelled || !hasNext()) {
            end(subscriber);
        } else if (demand > 0 && !resumes) {
            resumes = true;
            resume(emitted == PASS);
        }
    }

    private boolean hasNext() {
        return next < frames.length;
    }

    /** What the rate allows now. */
    private long allowance() {
        if (packetsPerSecond == 0) {
            return Long.MAX_VALUE;
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return Math.max(0, (long) (seconds * packetsPerSecond) - generated.getPlain());
    }

    private void resume(boolean now) {
        Runnable task = () -> {
            resumes = false;
            emit();
        };
        // By a timer even if at once: tasks that post themselves again would all run before the loop's other work.
        loop.scheduler().schedule(task, now ? 1 : PAUSE_NANOS, TimeUnit.NANOSECONDS);
    }

    private void end(CoreSubscriber<? super Packet> subscriber) {
        ended = true;
        for (Packet frame : frames) {
            frame.release();
        }
        if (!cancelled) {
            subscriber.onComplete();
        }
    }
}
