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
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.flow.TxStatistics;
import org.reactornetmap.operators.FanOut;
import org.reactornetmap.operators.LaneStatistics;
import org.reactornetmap.operators.PacketFilter;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The demo's pipeline, over two pipes of an embedded netmap with several rings each:
 *
 * <pre>
 * generator → demo{1 ═══ demo}1 → filter → fan-out ─┬ lane 0: work → TX ring 0 ┐
 *                                                   ├ lane 1: work → TX ring 1 ┼ demo{2 ═══ demo}2 → sink
 *                                                   └ …                        ┘
 * </pre>
 *
 * <p>Three loops: the generator's, the forwarder's (which receives and transmits, so packets go on by exchange of
 * buffers) and the sink's; and a thread for each lane, or none. {@link #start(Runnable)} and {@link #stop()} are for one thread.
 */
final class DemoPipeline implements AutoCloseable {

    /** How long a step of the stop may take before the account shows what is missing. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int MAX_PREFETCH = 256;
    private static final int MAX_SPARES = 1 << 16;
    private static final int SLACK_BUFFERS = 4_096;

    private final DemoSettings settings;
    private final EmbeddedNetmap netmap;
    private final List<NetmapLoop> loops = new ArrayList<>();
    private final NetmapPort generatorPort;
    private final NetmapPort in;
    private final NetmapPort out;
    private final NetmapPort sink;
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
        int slots = settings.rings() * settings.slots();
        int prefetch = Math.min(MAX_PREFETCH, settings.slots());
        // What the lanes' queues and their sends may hold, beside what stands in the rings.
        int spares = Math.min(MAX_SPARES, slots + settings.lanes() * (prefetch + settings.slots()));
        // Each of the two pipes has rings both ways.
        netmap = EmbeddedNetmap.create(EmbeddedConfig.builder()
                .buffers(4 * slots + spares + SLACK_BUFFERS)
                .build());
        try {
            NetmapLoop generatorLoop = newLoop("generator");
            NetmapLoop forwarderLoop = newLoop("forwarder");
            generatorPort = open("netmap:demo{1", generatorLoop, 0);
            in = open("netmap:demo}1", forwarderLoop, spares);
            out = open("netmap:demo{2", forwarderLoop, 0);
            sink = open("netmap:demo}2", newLoop("sink"), 0);
            source = new TrafficSource(generatorLoop, settings.frames(), settings.once(), settings.packetsPerSecond());
        } catch (RuntimeException e) {
            closeNetmap();
            throw e;
        }
        filter = PacketFilter.where(DropRule.keep(settings.drops()));
        laneThreads = settings.laneThreads() ? Schedulers.newParallel("lane", settings.lanes(), true) : null;
        FanOut.Plan plan = FanOut.byFlow(settings.lanes()).prefetch(prefetch);
        lanes = in.packets().transform(filter).as(laneThreads == null ? plan : plan.runOn(laneThreads));
        work = IntStream.range(0, settings.lanes())
                .mapToObj(i -> new LaneWork())
                .toList();
    }

    private NetmapLoop newLoop(String name) {
        NetmapLoop loop = NetmapLoop.create(name);
        loops.add(loop);
        return loop;
    }

    private NetmapPort open(String spec, NetmapLoop loop, int extraBuffers) {
        return netmap.open(
                spec,
                PortOptions.builder()
                        .loop(loop)
                        .rings(settings.rings())
                        .slots(settings.slots())
                        .extraBuffers(extraBuffers)
                        .build());
    }

    /**
     * Sets everything going, the sink first.
     *
     * @param whenOver called, on any thread, when the generator has come to its end, or something failed
     */
    void start(Runnable whenOver) {
        TxOptions options = TxOptions.builder().batch(settings.batch()).build();
        sink.packets()
                .transform(Packets.autoRelease(packet -> counted.lazySet(counted.getPlain() + 1)))
                .subscribe();
        // Every lane must be subscribed before the first packet comes: flatMap takes them all at once.
        forwarded = Flux.range(0, settings.lanes())
                .flatMap(
                        i -> out.tx(i % settings.rings()).send(lanes.lane(i).doOnNext(work.get(i)), options),
                        settings.lanes())
                .reduce(TxReport.EMPTY, TxReport::plus)
                .doFinally(signal -> whenOver.run())
                .toFuture()
                .thenApply(Objects::requireNonNull);
        startNanos = System.nanoTime();
        generated = generatorPort
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
        // A pipe has no end of stream: all is in when the filter has seen it, and done with when nothing is held.
        awaitUntil(() -> forwarded.isDone()
                || (seenByFilter() == sent.sent() && in.statistics().held() == 0));
        long held = in.statistics().held();
        in.close();
        TxReport transmitted = await(forwarded, "the forwarder");
        awaitUntil(() -> counted.get() == transmitted.sent());
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
                last.received(),
                transmitted,
                filter.statistics().rejected(),
                filter.statistics().dropped() + discarded + transmitted.rejected() + transmitted.dropped(),
                held,
                counted.get(),
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
        closeNetmap();
    }

    private void closeNetmap() {
        netmap.close();
        loops.forEach(NetmapLoop::close);
    }
}
