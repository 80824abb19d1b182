package org.reactornetmap.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A port's rings at work on their loops. Public only because the root package is the facade of it: not API. Any thread.
 */
public final class PortEngine {
    private static final long ACK_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_WAIT_SECONDS = 15;

    private final RingGroup[] groups;
    private final boolean ownLoops;
    private final RingReceiver[] receivers;
    private final RingTransmitter[] transmitters;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();
    private final List<String> leaks = Collections.synchronizedList(new ArrayList<>());

    private PortEngine(final RingGroup[] groups, final boolean ownLoops) {
        this.groups = groups;
        this.ownLoops = ownLoops;
        final List<RingReceiver> rx = new ArrayList<>();
        final List<RingTransmitter> tx = new ArrayList<>();
        for (final RingGroup group : groups) {
            rx.addAll(List.of(group.receivers()));
            tx.addAll(List.of(group.transmitters()));
        }
        this.receivers = rx.toArray(new RingReceiver[0]);
        this.transmitters = tx.toArray(new RingTransmitter[0]);
    }

    /**
     * Puts open descriptors to work. If it fails, descriptors and own loops are closed.
     *
     * @param ports one descriptor for all rings, or one for each ring
     * @param loops the loop of each descriptor
     * @param ownLoops whether the loops end with the port
     * @param settings what the rings are set to
     * @return the engine
     * @throws IllegalArgumentException if a loop already serves another driver
     */
    public static PortEngine start(
            final List<DriverPort> ports,
            final List<NetmapLoop> loops,
            final boolean ownLoops,
            final FlowSettings settings) {
        final RingGroup[] groups = new RingGroup[ports.size()];
        int attached = 0;
        try {
            for (int i = 0; i < groups.length; i++) {
                groups[i] = new RingGroup(ports.get(i), loops.get(i), settings);
            }
            for (; attached < groups.length; attached++) {
                attach(groups[attached]);
            }
            return new PortEngine(groups, ownLoops);
        } catch (RuntimeException e) {
            for (int i = 0; i < groups.length; i++) {
                final RingGroup group = groups[i];
                if (group == null) {
                    ports.get(i).close();
                } else if (i < attached) {
                    group.loop().post((Runnable) group::close);
                } else {
                    group.abandon();
                }
            }
            if (ownLoops) {
                loops.forEach(NetmapLoop::close);
            }
            throw e;
        }
    }

    private static void attach(final RingGroup group) {
        final NetmapLoop loop = group.loop();
        if (loop.isManual() || loop.inLoop()) {
            loop.attach(group);
            return;
        }
        final CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                loop.attach(group);
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException) {
                throw (RuntimeException) e.getCause();
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "loop " + loop.name() + " does not answer: is a task or a subscriber blocking it?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while opening " + group.port().name(), e);
        }
    }

    /** From now on released buffers keep their bytes, even in tests: somebody reads them after this port. */
    public void keepReleasedBytes() {
        for (final RingGroup group : groups) {
            group.keepReleasedBytes();
        }
    }

    /**
     * RX rings this port is bound to.
     *
     * @return how many
     */
    public int rxRings() {
        return receivers.length;
    }

    /**
     * TX rings this port is bound to.
     *
     * @return how many
     */
    public int txRings() {
        return transmitters.length;
    }

    /**
     * Waits for the interface's link.
     *
     * @return completes on the loop; looks when subscribed to
     */
    public Mono<Void> linkUp() {
        return new LinkMono(groups[0]);
    }

    /**
     * All RX rings as one stream.
     *
     * @param options how packets are held
     * @return a stream for one subscriber at a time
     */
    public Flux<Packet> packets(final RxOptions options) {
        if (isRefused(options)) {
            return refused(options);
        }
        if (receivers.length == 0) {
            return Flux.error(new IllegalStateException(name() + " has no RX rings: it was opened for TX only"));
        }
        if (groups.length == 1) {
            return new RingFlux(groups[0], groups[0].receivers(), options);
        }
        final RingFlux[] parts = new RingFlux[groups.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new RingFlux(groups[i], groups[i].receivers(), options);
        }
        return new RingMerge(parts);
    }

    /**
     * One RX ring.
     *
     * @param ring 0..rxRings()-1
     * @param options how packets are held
     * @return a stream for one subscriber at a time
     */
    public Flux<Packet> packets(final int ring, final RxOptions options) {
        return isRefused(options) ? refused(options) : ringFlux(ring, options);
    }

    /**
     * How packets are held if nobody says otherwise.
     *
     * @return {@link RxOptions#defaults()}, but in place on a port that forwards
     */
    public RxOptions rxDefaults() {
        return groups[0].forwards()
                ? RxOptions.builder().hold(RxOptions.Hold.IN_PLACE).build()
                : RxOptions.defaults();
    }

    /** A packet that left its slot could not be passed on: netmap forwards what is in the slot. */
    private boolean isRefused(final RxOptions options) {
        return groups[0].forwards() && options.hold() != RxOptions.Hold.IN_PLACE;
    }

    private Flux<Packet> refused(final RxOptions options) {
        return Flux.error(new IllegalArgumentException(
                name() + " forwards packets in their slots, so they can't be held by " + options.hold()
                        + ": use Hold.IN_PLACE, as packets() does, or open the port without forward(true)"));
    }

    /**
     * One RX ring for subscribers that are not Reactor's.
     *
     * @param ring 0..rxRings()-1
     * @return a publisher for one subscriber at a time
     */
    public Publisher<Packet> publisher(final int ring) {
        return ringFlux(ring, rxDefaults()).raw();
    }

    private RingFlux ringFlux(final int ring, final RxOptions options) {
        final RingReceiver receiver = receivers[ring];
        return new RingFlux(receiver.group(), new RingReceiver[] {receiver}, options);
    }

    /**
     * Sends to all TX rings: a packet of RX ring i to ring i mod n, others by flow.
     *
     * @param source packets; the send releases them
     * @param options how to batch, reject and end
     * @return sends when subscribed to
     */
    public Mono<TxReport> send(final Publisher<? extends Packet> source, final TxOptions options) {
        if (transmitters.length == 0) {
            return Mono.error(new IllegalStateException(name() + " has no TX rings: it was opened for RX only"));
        }
        final RingTransmitter[][] rings = new RingTransmitter[groups.length][];
        for (int i = 0; i < groups.length; i++) {
            rings[i] = groups[i].transmitters();
        }
        return new SendMono(source, groups, rings, options);
    }

    /**
     * Sends to one TX ring.
     *
     * @param ring 0..txRings()-1
     * @param source packets; the send releases them
     * @param options how to batch, reject and end
     * @return sends when subscribed to
     */
    public Mono<TxReport> send(final int ring, final Publisher<? extends Packet> source, final TxOptions options) {
        final RingTransmitter transmitter = transmitters[ring];
        return new SendMono(
                source, new RingGroup[] {transmitter.group()}, new RingTransmitter[][] {{transmitter}}, options);
    }

    /**
     * One TX ring as a subscriber for one source.
     *
     * @param ring 0..txRings()-1
     * @param options how to batch, reject and end
     * @param result told how it went
     * @return a new subscriber
     */
    public Subscriber<Packet> subscriber(
            final int ring, final TxOptions options, final reactor.core.CoreSubscriber<? super TxReport> result) {
        final RingTransmitter transmitter = transmitters[ring];
        final SendSubscriber sender = new SendSubscriber(
                result, new RingGroup[] {transmitter.group()}, new RingTransmitter[][] {{transmitter}}, options);
        result.onSubscribe(sender);
        return sender;
    }

    /**
     * Reserves a TX slot. On the ring's loop only.
     *
     * @param ring 0..txRings()-1
     * @param bytes length of the frame, 1..buffer size
     * @return the claim, null if the ring is full
     * @throws IllegalStateException if called off the loop, or the last claim is still open
     */
    public @Nullable TxClaim claim(final int ring, final int bytes) {
        final RingTransmitter transmitter = transmitters[ring];
        if (!transmitter.group().loop().inLoop()) {
            throw new IllegalStateException("claim(length) was called off the ring's loop: run it by"
                    + " port.loop().execute(...) or on port.loop().scheduler()");
        }
        return transmitter.claim(bytes);
    }

    /**
     * Counters of an RX ring.
     *
     * @param ring 0..rxRings()-1
     * @return as published after its last burst
     */
    public RxStatistics rxStatistics(final int ring) {
        return receivers[ring].counters().statistics();
    }

    /**
     * Counters of a TX ring.
     *
     * @param ring 0..txRings()-1
     * @return as published after its last burst
     */
    public TxStatistics txStatistics(final int ring) {
        return transmitters[ring].counters().statistics();
    }

    /**
     * Slots of an RX ring.
     *
     * @param ring 0..rxRings()-1
     * @return slots
     */
    public int rxSlots(final int ring) {
        return receivers[ring].numSlots();
    }

    /**
     * Slots of a TX ring.
     *
     * @param ring 0..txRings()-1
     * @return slots
     */
    public int txSlots(final int ring) {
        return transmitters[ring].numSlots();
    }

    private String name() {
        return groups[0].port().name();
    }

    // --- close

    /**
     * Whether close has begun.
     *
     * @return true from the first close on
     */
    public boolean isClosed() {
        return closing.get();
    }

    /**
     * Closes the port, once, when subscribed to.
     *
     * @return what was left
     */
    public Mono<CloseReport> closeAsync() {
        return Mono.defer(() -> {
            startClose();
            return Mono.fromFuture(closed, true);
        });
    }

    /**
     * Closes the port and waits, bounded, unless called on a loop or another non-blocking thread.
     *
     * @return what was left; null if it was not waited for
     */
    public @Nullable CloseReport close() {
        startClose();
        for (final RingGroup group : groups) {
            if (group.loop().isCallers()) {
                return pump();
            }
        }
        if (Schedulers.isInNonBlockingThread()) {
            return null;
        }
        for (final NetmapLoop loop : NetmapLoop.live()) {
            if (loop.isCallers()) { // it has to acknowledge, and while we wait nobody does its work
                return pump();
            }
        }
        try {
            return closed.get(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("closing " + name() + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "closing " + name() + " takes longer than " + CLOSE_WAIT_SECONDS
                            + " s: is a task or a subscriber blocking one of the loops?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The caller is a loop, ours or one that has to acknowledge: nobody else would do its work. */
    private @Nullable CloseReport pump() {
        final List<NetmapLoop> others = NetmapLoop.live();
        others.removeIf(loop -> !loop.isCallers());
        final PumpedTime time = new PumpedTime(TimeUnit.SECONDS.toNanos(CLOSE_WAIT_SECONDS));
        while (!closed.isDone() && !time.isOver()) {
            int done = 0;
            for (final RingGroup group : groups) {
                if (group.loop().isManual()) {
                    if (group.loop().isWorking()) {
                        return null; // inside doWork(): the caller's next one goes on
                    }
                    done += group.loop().doWork();
                }
            }
            for (final NetmapLoop other : others) {
                if (other.isWorking()) {
                    return null;
                }
                done += other.takeMessages();
            }
            for (final RingGroup group : groups) {
                if (!group.isRevoking()) { // it drains; later nothing but an acknowledgement is waited for
                    time.passes(group.loop(), done);
                }
            }
            Thread.onSpinWait();
        }
        return closed.getNow(null);
    }

    /**
     * Does the work of manual loops, while the caller waits for something. Returns at once if the loops are not the
     * caller's.
     *
     * @param done what is waited for
     * @param timeoutNs how long it waits at most, in nanoseconds of {@link System#nanoTime()}
     */
    public void workUntil(final BooleanSupplier done, final long timeoutNs) {
        final PumpedTime time = new PumpedTime(timeoutNs);
        while (!done.getAsBoolean() && !time.isOver()) {
            for (final RingGroup group : groups) {
                final NetmapLoop loop = group.loop();
                if (!loop.isCallers()) {
                    return;
                }
                time.passes(loop, loop.doWork());
            }
        }
    }

    private void startClose() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        // 1: demand stops, sends drain within their timeouts
        final AtomicInteger quiet = new AtomicInteger(groups.length);
        for (final RingGroup group : groups) {
            group.loop().post((Runnable) () -> group.stop(() -> {
                if (quiet.decrementAndGet() == 0) {
                    revoke();
                }
            }));
        }
    }

    /** 2: every loop drops what it holds of this port, and acknowledges. */
    private void revoke() {
        final List<RingGroup> mine = List.of(groups);
        mine.forEach(RingGroup::startRevoking);
        final List<NetmapLoop> loops = NetmapLoop.live();
        final AtomicInteger waiting = new AtomicInteger(loops.size() + 1);
        final AtomicBoolean once = new AtomicBoolean();
        final Runnable acknowledge = () -> {
            if (waiting.decrementAndGet() == 0 && once.compareAndSet(false, true)) {
                closeGroups();
            }
        };
        for (final NetmapLoop loop : loops) {
            if (loop.inLoop() || loop.isCallers() || !loop.isServing()) {
                loop.dropPacketsOf(mine);
                acknowledge.run();
            } else {
                loop.post((Runnable) () -> {
                    loop.dropPacketsOf(mine);
                    acknowledge.run();
                });
            }
        }
        final NetmapLoop timer = groups[0].loop();
        if (timer.runs() != null) {
            awaitOthers(waiting);
        }
        timer.post((Runnable) () -> timer.timers().add(timer.nanoTime() + ACK_TIMEOUT_NS, () -> {
            if (once.compareAndSet(false, true)) {
                closeGroups();
            }
        }));
        acknowledge.run();
    }

    /** In virtual time other threads answer at once: while we wait for them, time stands still. */
    private static void awaitOthers(final AtomicInteger waiting) {
        final long start = System.nanoTime();
        while (waiting.get() > 1 && System.nanoTime() - start < ACK_TIMEOUT_NS) {
            Thread.onSpinWait();
        }
    }

    /** 3 to 7, each descriptor on its loop. */
    private void closeGroups() {
        final AtomicInteger open = new AtomicInteger(groups.length);
        final AtomicLong dropped = new AtomicLong();
        final AtomicLong pending = new AtomicLong();
        final AtomicLong reclaimed = new AtomicLong();
        for (final RingGroup group : groups) {
            group.loop().post((Runnable) () -> {
                pending.addAndGet(group.pending());
                leaks.addAll(group.close());
                reclaimed.addAndGet(group.reclaimed());
                dropped.addAndGet(group.dropped());
                if (ownLoops) {
                    group.loop().close();
                }
                if (open.decrementAndGet() == 0) {
                    closed.complete(new CloseReport(leaks.size(), dropped.get(), pending.get(), reclaimed.get()));
                }
            });
        }
    }

    /**
     * What {@link #close()} revoked, for tests that insist on every release.
     *
     * @return one line for each packet that was still held: where it was last touched
     */
    public List<String> leaks() {
        synchronized (leaks) {
            return List.copyOf(leaks);
        }
    }
}
