package org.reactornetmap.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.flow.TxStatistics;
import org.reactornetmap.operators.FanOut;
import org.reactornetmap.operators.LaneStatistics;
import org.reactornetmap.operators.filter.PacketFilter;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The demo's pipeline, over the ports of a {@link DemoTopology}:
 *
 * <pre>
 * generator → in → filter → fan-out ─┬ lane 0: work → TX ring 0 ┐
 *                                    ├ lane 1: work → TX ring 1 ┼ out → sink
 *                                    └ …                        ┘
 * </pre>
 *
 * <p>Three loops: the generator's, the forwarder's (which receives and transmits, so packets go on by exchange of
 * buffers) and the sink's; and a thread for each lane, or none. {@link #start(Runnable)} and {@link #stop()} are for one thread.
 */
final class DemoPipeline implements AutoCloseable {

    /** How long a step of the stop may take before the account shows what is missing. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DemoSettings settings;
    private final DemoTopology topology;
    private final NetmapPort in;
    private final NetmapPort out;
    private final TrafficSource source;
    private final PacketFilter filter;
    private final FanOut lanes;
    private final List<LaneWork> work;
    private final @Nullable Scheduler laneThreads;
    private final AtomicLong counted = new AtomicLong();

    private CompletableFuture<TxReport> generated = CompletableFuture.completedFuture(TxReport.EMPTY);
    private CompletableFuture<TxReport> forwarded = CompletableFuture.completedFuture(TxReport.EMPTY);
    private long startNanos;

    DemoPipeline(DemoSettings settings) {
        this.settings = settings;
        topology = settings.topology().open(settings);
        in = topology.in();
        out = topology.out();
        source = new TrafficSource(
                topology.generator().loop(),
                topology.addressed(settings.frames()),
                settings.once(),
                settings.packetsPerSecond());
        filter = PacketFilter.where(DropRule.keep(settings.drops()));
        laneThreads = settings.laneThreads() ? Schedulers.newParallel("lane", settings.lanes(), true) : null;
        FanOut.Plan plan = FanOut.byFlow(settings.lanes()).prefetch(DemoLoops.prefetch(settings));
        lanes = in.packets().transform(filter).as(laneThreads == null ? plan : plan.runOn(laneThreads));
        work = IntStream.range(0, settings.lanes())
                .mapToObj(i -> new LaneWork())
                .toList();
    }

    /**
     * Sets everything going, the sink first.
     *
     * @param whenOver called, on any thread, when the generator has come to its end, or something failed
     */
    void start(Runnable whenOver) {
        TxOptions options = TxOptions.builder().batch(settings.batch()).build();
        topology.sink()
                .packets()
                .transform(Packets.autoRelease(packet -> counted.lazySet(counted.getPlain() + 1)))
                .subscribe();
        // Every lane must be subscribed before the first packet comes: flatMap takes them all at once.
        forwarded = Flux.range(0, settings.lanes())
                .flatMap(
                        i -> out.tx(i % settings.rings())
                                .send(lanes.lane(i).doOnNext(work.get(i).andThen(topology::forward)), options),
                        settings.lanes())
                .reduce(TxReport.EMPTY, TxReport::plus)
                .doFinally(signal -> whenOver.run())
                .toFuture()
                .thenApply(Objects::requireNonNull);
        startNanos = System.nanoTime();
        generated = topology.generator()
                .send(source, options)
                .doFinally(signal -> whenOver.run())
                .toFuture()
                .thenApply(Objects::requireNonNull);
    }

    /**
     * Stops the generator, lets everything that is under way arrive, and adds up.
     *
     * @throws IllegalStateException if the generator or a lane failed; the message says how
     */
    DemoAccount stop() {
        source.stop();
        TxReport sent = await(generated, "the generator");
        long nanos = System.nanoTime() - startNanos;
        // A ring has no end of stream: all is in when the filter has seen it, and done with when nothing is held.
        long arriving = sent.sent() - topology.lostBeforeIn();
        awaitUntil(() -> forwarded.isDone()
                || (seenByFilter() == arriving && in.statistics().held() == 0));
        long held = in.statistics().held();
        in.close();
        TxReport transmitted = await(forwarded, "the forwarder");
        long counting = transmitted.sent() - topology.lostBeforeSink();
        awaitUntil(() -> counted.get() == counting);
        return account(nanos, sent, transmitted, held);
    }

    private long seenByFilter() {
        var statistics = filter.statistics();
        return statistics.matched() + statistics.rejected() + statistics.dropped();
    }

    private DemoAccount account(long nanos, TxReport sent, TxReport transmitted, long held) {
        long discarded =
                lanes.statistics().stream().mapToLong(LaneStatistics::discarded).sum();
        DemoSnapshot last = snapshot();
        return new DemoAccount(
                settings,
                nanos,
                source.generated(),
                sent.rejected() + sent.dropped(),
                sent.sent(),
                topology.lostBeforeIn(),
                last.received(),
                transmitted,
                filter.statistics().rejected(),
                filter.statistics().dropped() + discarded + transmitted.rejected() + transmitted.dropped(),
                held,
                topology.lostBeforeSink(),
                counted.get(),
                topology.tapped(),
                last,
                List.copyOf(work));
    }

    DemoSnapshot snapshot() {
        List<RxStatistics> rx = in.statistics().rx();
        List<TxStatistics> tx = out.statistics().tx();
        List<DemoSnapshot.Ring> rings = new ArrayList<>();
        for (int i = 0; i < rx.size(); i++) {
            RxStatistics r = rx.get(i);
            TxStatistics t = tx.get(i);
            rings.add(new DemoSnapshot.Ring(
                    r.received(), r.bytes(), r.occupancy(), r.slots(), t.sent(), t.bytes(), t.syncs(), t.space()));
        }
        List<DemoSnapshot.Lane> each = new ArrayList<>();
        for (LaneStatistics lane : lanes.statistics()) {
            each.add(new DemoSnapshot.Lane(lane.passed(), work.get(lane.lane()).bytes(), lane.queued()));
        }
        return new DemoSnapshot(
                System.nanoTime() - startNanos,
                source.generated(),
                filter.statistics().rejected(),
                counted.get(),
                List.copyOf(rings),
                List.copyOf(each));
    }

    private static TxReport await(CompletableFuture<TxReport> report, String whose) {
        try {
            return report.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(whose + " failed: " + e.getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(whose + " did not come to its end within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + whose, e);
        }
    }

    /** Looks again and again, for as long as we have patience; the account tells if it was in vain. */
    private static void awaitUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Override
    public void close() {
        if (laneThreads != null) {
            laneThreads.dispose();
        }
        topology.close();
    }
}
