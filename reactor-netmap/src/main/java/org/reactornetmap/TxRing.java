package org.reactornetmap;

import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactornetmap.flow.PortEngine;
import org.reactornetmap.flow.TxClaim;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.flow.TxStatistics;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * One TX ring. Any number of senders share it; each keeps its order and gets its own report. Any thread, but for
 * {@link #claim(int)}.
 */
public final class TxRing {
    private static final Logger LOG = Loggers.getLogger(TxRing.class);

    private final PortEngine engine;
    private final int index;

    TxRing(final PortEngine engine, final int index) {
        this.engine = engine;
        this.index = index;
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
        return engine.txSlots(index);
    }

    /**
     * Sends packets through this ring.
     *
     * @param packets the source; the send releases what it takes
     * @return sends when subscribed to; completes when the kernel has accepted every packet
     */
    public Mono<TxReport> send(final Publisher<? extends Packet> packets) {
        return send(packets, TxOptions.defaults());
    }

    /**
     * Sends packets through this ring.
     *
     * @param packets the source; the send releases what it takes
     * @param options how to batch, reject and end
     * @return as {@link #send(Publisher)}
     */
    public Mono<TxReport> send(final Publisher<? extends Packet> packets, final TxOptions options) {
        return engine.send(index, packets, options);
    }

    /**
     * A subscriber that sends what one source emits. An error of the source or the ring is logged; use
     * {@link #send(Publisher)} to be told.
     *
     * @return a new subscriber, for one source
     */
    public Subscriber<Packet> subscriber() {
        final CoreSubscriber<TxReport> logger = new BaseSubscriber<>() {
            @Override
            protected void hookOnError(final Throwable throwable) {
                LOG.error("a send failed", throwable);
            }
        };
        return engine.subscriber(index, TxOptions.defaults(), logger);
    }

    /**
     * As {@link #subscriber()}, for {@link java.util.concurrent.Flow}.
     *
     * @return a new subscriber, for one source
     */
    public Flow.Subscriber<Packet> flowSubscriber() {
        return FlowAdapters.toFlowSubscriber(subscriber());
    }

    /**
     * Reserves the next slot, to write a frame in place. On the port's loop only.
     *
     * @param length of the frame in bytes, 1..buffer size
     * @return fill it, then commit or abort; null if the ring is full
     * @throws IllegalStateException if called off the loop, or the last claim is still open, or the port is closed
     * @throws IllegalArgumentException if the length doesn't fit
     */
    public @Nullable TxClaim claim(final int length) {
        return engine.claim(index, length);
    }

    /**
     * Counters, as published after the last burst.
     *
     * @return a snapshot
     */
    public TxStatistics statistics() {
        return engine.txStatistics(index);
    }

    @Override
    public String toString() {
        return "TxRing(" + index + ")";
    }
}
