package org.reactornetmap;

import java.util.concurrent.Flow;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactornetmap.flow.PortEngine;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;

/**
 * One RX ring: a publisher of packets for one subscriber at a time. {@code request(n)} is ring ownership: without demand
 * the ring fills. Signals come on the loop. Any thread.
 */
public final class RxRing implements Publisher<Packet> {
    private final PortEngine engine;
    private final int index;
    private final Publisher<Packet> publisher;

    RxRing(final PortEngine engine, final int index) {
        this.engine = engine;
        this.index = index;
        this.publisher = engine.publisher(index);
    }

    /**
     * The ring's number.
     *
     * @return 0-based
     */
    public int index() {
        return index;
    }

    /**
     * Slots of the ring.
     *
     * @return at least 2; one always stays empty
     */
    public int numSlots() {
        return engine.rxSlots(index);
    }

    /**
     * The ring's packets; the subscriber owns what it receives and must release it.
     *
     * @return a stream for one subscriber at a time: a second one gets {@link IllegalStateException}
     */
    public Flux<Packet> packets() {
        return packets(engine.rxDefaults());
    }

    /**
     * The ring's packets.
     *
     * @param options how packets are held
     * @return as {@link #packets()}
     */
    public Flux<Packet> packets(final RxOptions options) {
        return engine.packets(index, options);
    }

    /** Subscribes without Reactor; as {@link #packets()} otherwise. */
    @Override
    public void subscribe(final Subscriber<? super Packet> subscriber) {
        publisher.subscribe(subscriber);
    }

    /**
     * The ring as a publisher of {@link java.util.concurrent.Flow}.
     *
     * @return as {@link #packets()} otherwise
     */
    public Flow.Publisher<Packet> flowPublisher() {
        return FlowAdapters.toFlowPublisher(publisher);
    }

    /**
     * Counters, as published after the last burst.
     *
     * @return a snapshot
     */
    public RxStatistics statistics() {
        return engine.rxStatistics(index);
    }

    @Override
    public String toString() {
        return "RxRing(" + index + ")";
    }
}
