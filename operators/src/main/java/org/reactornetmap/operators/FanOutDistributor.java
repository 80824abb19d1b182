package org.reactornetmap.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.reactornetmap.flow.BurstListener;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The upstream end of a {@link FanOut}: gives each packet to its lane and keeps the credit. Signals come from one thread
 * at a time; {@link #refill()} may be called by any.
 */
final class FanOutDistributor implements CoreSubscriber<Packet>, BurstListener, Scannable {

    private final Flux<Packet> source;
    private final ToIntFunction<? super Packet> number;
    private final FanOutLane[] lanes;
    private final int mask;
    private final int prefetch;
    private final int batch;

    // Set by connect(), before the source is subscribed.
    private Context ctx = Context.empty();

    private volatile @Nullable Subscription s;
    private static final AtomicReferenceFieldUpdater<FanOutDistributor, Subscription> S =
            AtomicReferenceFieldUpdater.newUpdater(FanOutDistributor.class, Subscription.class, "s");

    @SuppressWarnings("unused") // by SUBSCRIBED_LANES
    private volatile int subscribedLanes;

    private static final AtomicIntegerFieldUpdater<FanOutDistributor> SUBSCRIBED_LANES =
            AtomicIntegerFieldUpdater.newUpdater(FanOutDistributor.class, "subscribedLanes");

    private volatile int cancelledLanes;
    private static final AtomicIntegerFieldUpdater<FanOutDistributor> CANCELLED_LANES =
            AtomicIntegerFieldUpdater.newUpdater(FanOutDistributor.class, "cancelledLanes");

    @SuppressWarnings("unused") // by REFILLING
    private volatile int refilling;

    private static final AtomicIntegerFieldUpdater<FanOutDistributor> REFILLING =
            AtomicIntegerFieldUpdater.newUpdater(FanOutDistributor.class, "refilling");

    // Written by the emitting thread.
    private volatile long received;
    private static final AtomicLongFieldUpdater<FanOutDistributor> RECEIVED =
            AtomicLongFieldUpdater.newUpdater(FanOutDistributor.class, "received");

    private volatile boolean done;
    private @Nullable Throwable error; // written before done, read after it

    // Written by who is refilling.
    private long requested;
    private volatile long lowWater;
    private volatile boolean starving;

    FanOutDistributor(Flux<Packet> source, FanOut.Plan plan) {
        this.source = source;
        this.number = plan.number;
        this.prefetch = plan.prefetch;
        this.batch = Math.max(1, prefetch / 4);
        this.mask = Integer.bitCount(plan.lanes) == 1 ? plan.lanes - 1 : -1;
        this.lanes = new FanOutLane[plan.lanes];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new FanOutLane(this, i, prefetch, plan.scheduler);
        }
    }

    FanOutLane lane(int index) {
        return lanes[index];
    }

    List<LaneStatistics> statistics() {
        List<LaneStatistics> all = new ArrayList<>(lanes.length);
        for (FanOutLane lane : lanes) {
            all.add(lane.statistics());
        }
        return List.copyOf(all);
    }

    void laneSubscribed() {
        if (SUBSCRIBED_LANES.incrementAndGet(this) == lanes.length && cancelledLanes < lanes.length) {
            connect();
        }
    }

    @SuppressWarnings("NullAway") // javac 17 does not see Reactor's annotation of the updater's type, later ones do
    void laneCancelled() {
        if (CANCELLED_LANES.incrementAndGet(this) == lanes.length) {
            Operators.terminate(S, this);
        }
    }

    /** Of two lanes that say something else under one key, the lower is heard. The burst end is ours. */
    private void connect() {
        Context merged = Context.empty();
        for (int i = lanes.length - 1; i >= 0; i--) {
            merged = merged.putAll(lanes[i].currentContext().readOnly());
        }
        ctx = BurstListener.in(merged, this);
        source.subscribe(this);
    }

    @Override
    public Context currentContext() {
        return ctx;
    }

    @Override
    @SuppressWarnings("NullAway") // as laneCancelled()
    public void onSubscribe(Subscription upstream) {
        if (Operators.setOnce(S, this, upstream)) {
            refill();
        }
    }

    @Override
    public void onNext(Packet packet) {
        if (done) {
            packet.release();
            return;
        }
        int index;
        try {
            int value = number.applyAsInt(packet);
            index = mask >= 0 ? value & mask : Math.floorMod(value, lanes.length);
        } catch (Throwable e) {
            packet.release();
            onError(Operators.onOperatorError(s, e, ctx));
            return;
        }
        if (!lanes[index].accept(packet)) {
            onError(Operators.onOperatorError(s, Exceptions.failWithOverflow("more packets than were asked for"), ctx));
            return;
        }
        long count = received + 1;
        RECEIVED.lazySet(this, count); // release: who sees it sees what the lane was given
        if (count >= lowWater) {
            refill();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (done) {
            Operators.onErrorDropped(failure, ctx);
            return;
        }
        error = failure;
        terminate();
    }

    @Override
    public void onComplete() {
        if (!done) {
            terminate();
        }
    }

    private void terminate() {
        done = true;
        for (FanOutLane lane : lanes) {
            lane.drain();
        }
    }

    @Override
    public void onBurstEnd() {
        for (FanOutLane lane : lanes) {
            lane.burstEnd();
        }
    }

    boolean isDone() {
        return done;
    }

    @Nullable
    Throwable error() {
        return error;
    }

    /** A lane has taken packets from its queue: perhaps the source waits for that. */
    void roomMade() {
        if (starving) {
            refill();
        }
    }

    /**
     * Asks the source for as many packets as the fullest queue has room for, less those asked for before. Lane i has
     * room for {@code prefetch - (offered - taken)} packets. What is outstanding may all go there, so
     *
     * <pre>
     * requested - received &lt;= prefetch - (offered - taken)
     * requested            &lt;= prefetch + taken + (received - offered)
     * </pre>
     *
     * <p>{@code taken} only grows, and so does {@code received - offered}, the packets of all other lanes. To read an
     * old value of either is safe. {@code received} is read before {@code offered} and written after it, so that a
     * packet to this lane is never taken for one of another.
     */
    private void refill() {
        if (REFILLING.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            boolean enough = requestRoom();
            if (!enough && !starving) {
                // From here on lanes tell us. One may have taken packets just before it could see that: look again.
                starving = true;
                enough = requestRoom();
            }
            if (enough) {
                starving = false;
            }
            missed = REFILLING.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** False if the source may soon have to wait for us. */
    private boolean requestRoom() {
        Subscription upstream = s;
        if (upstream == null || done) {
            return true;
        }
        long count = received;
        long limit = Long.MAX_VALUE;
        for (FanOutLane lane : lanes) {
            if (!lane.isCancelled()) {
                limit = Math.min(limit, lane.taken() + (count - lane.offered()));
            }
        }
        if (limit == Long.MAX_VALUE) {
            return true; // all cancelled, and so is the source
        }
        long more = limit + prefetch - requested;
        boolean asks = more >= batch || (more > 0 && requested == count);
        if (asks) {
            requested += more;
        }
        long outstanding = requested - count;
        lowWater = requested - outstanding / 2;
        if (asks) {
            upstream.request(more);
        }
        return outstanding >= batch;
    }

    @Override
    public Stream<? extends Scannable> inners() {
        return Stream.of(lanes);
    }

    @Override
    @SuppressWarnings("rawtypes") // Scannable's signature
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return s;
        }
        if (key == Attr.PREFETCH) {
            return prefetch;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.CANCELLED) {
            return s == Operators.cancelledSubscription();
        }
        if (key == Attr.ERROR) {
            return done ? error : null;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
