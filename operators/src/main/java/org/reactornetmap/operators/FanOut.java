package org.reactornetmap.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Spreads a stream over lanes; by flow, so that a flow always keeps its lane and its order:
 *
 * <pre>{@code
 * FanOut lanes = in.packets().as(FanOut.byFlow(4).runOn(Schedulers.parallel()));
 * Flux.fromIterable(lanes.lanes()).flatMap(lane -> lane.transform(work).as(out::send)).subscribe();
 * }</pre>
 *
 * <p><b>Start.</b> The source is subscribed, once, when every lane has its subscriber. A lane takes one subscriber, once.
 *
 * <p><b>Backpressure.</b> Lossless: each lane has a bounded queue, and the source is never asked for more than the
 * fullest queue could take if every packet went there. So a lane that asks for nothing stops the others once its queue
 * is full; nobody can know where the next packet belongs.
 *
 * <p><b>End.</b> A lane that is cancelled releases its packets from then on, and the others go on; when all are
 * cancelled, so is the source. Completion and errors reach each lane after its queue. If the lane function throws, the
 * packet is released, the source cancelled, and all lanes fail.
 *
 * <p><b>Threads.</b> Without {@link Plan#runOn} packets pass on the thread that emits them, or that asks a lane for more.
 * With it, each lane has a worker of the scheduler, which is woken once for all packets that it finds. The listener of
 * {@link org.reactornetmap.flow.BurstListener} in a lane's context is called after each burst that passed.
 */
public final class FanOut {

    private static final int MAX_LANES = 256;

    private final FanOutDistributor distributor;
    private final List<Flux<Packet>> lanes;

    private FanOut(Flux<Packet> source, Plan plan) {
        distributor = new FanOutDistributor(source, plan);
        List<Flux<Packet>> assembled = new ArrayList<>(plan.lanes);
        for (int i = 0; i < plan.lanes; i++) {
            assembled.add(distributor.lane(i).assembled());
        }
        lanes = List.copyOf(assembled);
    }

    /**
     * By {@link FlowHash#symmetric()}: both directions of a flow take the same lane.
     *
     * @param lanes 1..256
     * @return a plan for {@link Flux#as}
     * @throws IllegalArgumentException if the number is out of range
     */
    public static Plan byFlow(int lanes) {
        return by(lanes, FlowHash.symmetric());
    }

    /**
     * By any number.
     *
     * @param lanes 1..256
     * @param number called once for each packet, on the thread that emits it; the packet takes the lane {@code
     *     floorMod(number, lanes)}. Must not block, keep or release the packet
     * @return a plan for {@link Flux#as}
     * @throws IllegalArgumentException if the number of lanes is out of range
     */
    public static Plan by(int lanes, ToIntFunction<? super Packet> number) {
        if (lanes < 1 || lanes > MAX_LANES) {
            throw new IllegalArgumentException("lanes is " + lanes + ": expected 1.." + MAX_LANES);
        }
        return new Plan(lanes, Objects.requireNonNull(number, "number"), null, Plan.DEFAULT_PREFETCH);
    }

    /**
     * One lane.
     *
     * @param index 0-based
     * @return a stream that takes one subscriber
     * @throws IndexOutOfBoundsException if there is no such lane
     */
    public Flux<Packet> lane(int index) {
        return lanes.get(index);
    }

    /**
     * All lanes. Who subscribes to them one after the other must not wait for one before the next: see "Start".
     *
     * @return an unmodifiable list, by number
     */
    public List<Flux<Packet>> lanes() {
        return lanes;
    }

    /**
     * What each lane did so far. Any thread; the numbers are exact once the stream is quiet.
     *
     * @return an unmodifiable list, by number
     */
    public List<LaneStatistics> statistics() {
        return distributor.statistics();
    }

    /** How to fan out. Immutable: each method makes a new plan. A plan may be used for any number of streams. */
    public static final class Plan implements Function<Flux<Packet>, FanOut> {

        private static final int DEFAULT_PREFETCH = 256;
        private static final int MAX_PREFETCH = 1 << 16;

        final int lanes;
        final ToIntFunction<? super Packet> number;
        final @Nullable Scheduler scheduler;
        final int prefetch;

        private Plan(int lanes, ToIntFunction<? super Packet> number, @Nullable Scheduler scheduler, int prefetch) {
            this.lanes = lanes;
            this.number = number;
            this.scheduler = scheduler;
            this.prefetch = prefetch;
        }

        /**
         * Gives each lane a worker of its own.
         *
         * @param workers where lanes run; if it is disposed of, their packets in queues are reclaimed only by garbage
         *     collection, so dispose of it last
         * @return a plan
         */
        public Plan runOn(Scheduler workers) {
            return new Plan(lanes, number, Objects.requireNonNull(workers, "workers"), prefetch);
        }

        /**
         * Sets the length of each lane's queue, which is also the most that is ever asked of the source at once.
         *
         * @param packets 1..65536; default 256
         * @return a plan
         * @throws IllegalArgumentException if the number is out of range
         */
        public Plan prefetch(int packets) {
            if (packets < 1 || packets > MAX_PREFETCH) {
                throw new IllegalArgumentException("prefetch is " + packets + ": expected 1.." + MAX_PREFETCH);
            }
            return new Plan(lanes, number, scheduler, packets);
        }

        /**
         * Makes the lanes; nothing is subscribed yet.
         *
         * @param packets the stream to spread
         * @return its lanes
         */
        @Override
        public FanOut apply(Flux<Packet> packets) {
            return new FanOut(Objects.requireNonNull(packets, "packets"), this);
        }
    }
}
