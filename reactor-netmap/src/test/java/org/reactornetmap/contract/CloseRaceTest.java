package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.CloseReport;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.PortClosedException;
import org.reactornetmap.flow.SendFailedException;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A port closes while others hold its packets: whatever way they are sent, the receiver sees whole frames in order and
 * nothing else, as many as the report says; every buffer ends in one place; nothing hangs and nothing fails.
 */
@Timeout(120)
class CloseRaceTest {
    private static final int ROUNDS = 300;
    private static final int SLOTS = 32;
    private static final int MOST_FRAMES = 150;

    enum Way {
        SWAP_SAME_LOOP,
        SWAP_OTHER_LOOP,
        COPY_OTHER_NETMAP,
        RETAINED_SAME_LOOP,
        RETAINED_OTHER_LOOP,
        PUBLISH_ON,
        HEAP_FRAMES;

        /** Nobody but the ring and the send ever has a packet. */
        boolean holdsNothing() {
            return this == SWAP_SAME_LOOP
                    || this == SWAP_OTHER_LOOP
                    || this == COPY_OTHER_NETMAP
                    || this == HEAP_FRAMES;
        }

        boolean sharesLoop() {
            return this == SWAP_SAME_LOOP || this == RETAINED_SAME_LOOP;
        }
    }

    private static EmbeddedNetmap netmap() {
        return EmbeddedNetmap.forTests(EmbeddedConfig.builder()
                .buffers(1024)
                .bufSize(128)
                .defaultSlots(SLOTS)
                .build());
    }

    private static Flux<Packet> endlessly() {
        return Flux.generate(() -> 0, (i, sink) -> {
            sink.next(PacketPool.wrap(ContractB.frame(i)));
            return i + 1;
        });
    }

    private static void spin(final int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }

    private static TxReport reportOf(final CompletableFuture<TxReport> send) throws InterruptedException {
        try {
            return send.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(PortClosedException.class);
            assertThat(e.getCause().getSuppressed()).hasSize(1).hasOnlyElementsOfType(SendFailedException.class);
            return ((SendFailedException) e.getCause().getSuppressed()[0]).report();
        } catch (TimeoutException e) {
            throw new AssertionError("the send hangs", e);
        }
    }

    /** For most rounds, because starting threads takes longer than the round. */
    private static final class Loops implements AutoCloseable {
        private final NetmapLoop source = NetmapLoop.create("source");
        private final NetmapLoop in = NetmapLoop.create("in");
        private final NetmapLoop out = NetmapLoop.create("out");
        private final NetmapLoop sink = NetmapLoop.create("sink");

        @Override
        public void close() {
            List.of(source, in, out, sink).forEach(NetmapLoop::close);
        }
    }

    private static PortOptions options(final boolean ownLoop, final NetmapLoop loop) {
        final PortOptions.Builder options = PortOptions.builder().extraBuffers(SLOTS);
        return ownLoop ? options.build() : options.loop(loop).build();
    }

    private static final class Receiver {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicReference<String> problem = new AtomicReference<>();
        private int last = -1;

        void receive(final Packet packet) {
            final int number = ContractB.number(packet);
            if (number <= last) {
                problem.compareAndSet(
                        null,
                        "frame " + number + " after " + last + ", its bytes "
                                + java.util.HexFormat.of().formatHex(packet.toBytes()));
            }
            last = number;
            packet.release();
            count.incrementAndGet();
        }
    }

    private static Mono<TxReport> forward(
            final Way way,
            final NetmapPort in,
            final NetmapPort out,
            final Queue<Packet> kept,
            final Scheduler elsewhere) {
        return switch (way) {
            case SWAP_SAME_LOOP, SWAP_OTHER_LOOP, COPY_OTHER_NETMAP ->
                in.packets().as(out::send);
            case RETAINED_SAME_LOOP, RETAINED_OTHER_LOOP ->
                in.packets()
                        .doOnNext(packet -> {
                            if (kept.size() < SLOTS / 4) {
                                kept.add(packet.retain());
                            }
                        })
                        .as(out::send);
            case PUBLISH_ON -> in.packets().publishOn(elsewhere).as(out::send);
            case HEAP_FRAMES ->
                in.packets()
                        .map(packet -> {
                            try {
                                return packet.bufferCopy();
                            } finally {
                                packet.release();
                            }
                        })
                        .as(out::sendFrames);
        };
    }

    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource
    void shouldSendWholeFramesOnlyAndLoseNoBuffer(final Way way) throws InterruptedException {
        final long seed = System.nanoTime();
        System.out.println("CloseRaceTest " + way + " seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final ContractB.ErrorLog log = ContractB.ErrorLog.open();
        final EmbeddedNetmap near = netmap();
        final EmbeddedNetmap far = way == Way.COPY_OTHER_NETMAP ? netmap() : near;
        final int free = near.driver().freeBuffers();
        final Scheduler elsewhere = Schedulers.newSingle("elsewhere");
        int ended = 0;
        try (Loops loops = new Loops()) {
            for (int round = 0; round < ROUNDS; round++) {
                final String where = "round " + round + ", seed " + seed;
                try {
                    ended += round(way, near, far, loops, elsewhere, random) ? 1 : 0;
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(where + ", logged " + log.errors(), e);
                }
                for (final EmbeddedNetmap netmap : List.of(near, far)) {
                    assertThat(netmap.driver().audit().isBalanced())
                            .as("%s in %s", netmap.driver().audit(), where)
                            .isTrue();
                    assertThat(netmap.driver().freeBuffers()).as(where).isEqualTo(free);
                }
                assertThat(log.errors())
                        .as(where)
                        // publishOn itself, when its worker is disposed of while it schedules
                        .allMatch(error -> way == Way.PUBLISH_ON && error.contains("Scheduler unavailable"));
            }
        } finally {
            log.close();
            elsewhere.dispose();
        }
        assertThat(ended).as("rounds in which packets were sent").isGreaterThan(ROUNDS / 2);
        if (way.holdsNothing()) {
            near.close(); // fails if a packet was not released
            far.close();
        }
    }

    private static boolean round(
            final Way way,
            final EmbeddedNetmap near,
            final EmbeddedNetmap far,
            final Loops loops,
            final Scheduler elsewhere,
            final SplittableRandom random)
            throws InterruptedException {
        final boolean ownLoops = random.nextInt(8) == 0;
        final NetmapPort source = near.open("netmap:in{1", options(ownLoops, loops.source));
        final NetmapPort in = near.open("netmap:in}1", options(ownLoops && !way.sharesLoop(), loops.in));
        final NetmapPort out = far.open(
                "netmap:out{1", options(ownLoops && !way.sharesLoop(), way.sharesLoop() ? loops.in : loops.out));
        final NetmapPort sink = far.open("netmap:out}1", options(ownLoops, loops.sink));
        final Queue<Packet> kept = new ConcurrentLinkedQueue<>();
        final Receiver receiver = new Receiver();
        final AtomicReference<Throwable> sinkError = new AtomicReference<>();
        sink.packets().subscribe(receiver::receive, sinkError::set);
        final CompletableFuture<TxReport> forwarded =
                forward(way, in, out, kept, elsewhere).toFuture();
        final Disposable feed = source.send(endlessly()).subscribe(report -> {}, error -> {});

        final int before = random.nextInt(MOST_FRAMES);
        ContractB.await(
                () -> {
                    release(kept, SLOTS / 8);
                    return receiver.count.get() >= before;
                },
                before + " frames");
        spin(random.nextInt(2_000));
        final List<CompletableFuture<CloseReport>> closing = new ArrayList<>();
        final int who = random.nextInt(4);
        if (who != 1) {
            closing.add(in.closeAsync().toFuture());
        }
        if (who == 3) {
            spin(random.nextInt(1_000));
        }
        if (who == 1 || who == 2 || who == 3) {
            closing.add(out.closeAsync().toFuture());
        }
        if (random.nextBoolean()) {
            release(kept, 0); // while it closes
        }
        for (final CompletableFuture<CloseReport> close : closing) {
            final CloseReport report = ContractB.get(close);
            if (way.holdsNothing()) {
                assertThat(report.revoked()).as("revoked").isZero();
            }
        }
        final TxReport report = reportOf(forwarded);
        ContractB.await(() -> receiver.count.get() >= report.sent(), "the " + report.sent() + " frames sent");
        feed.dispose();
        for (final NetmapPort port : List.of(source, in, out, sink)) {
            port.close();
        }
        release(kept, 0);

        assertThat(receiver.problem.get()).isNull();
        assertThat(sinkError.get()).isNull();
        assertThat(receiver.count.get()).as("received of %s", report).isEqualTo((int) report.sent());
        assertThat(report.sent()).isEqualTo(report.swapped() + report.copied());
        ContractB.assertConserved(sink);
        if (way.holdsNothing()) {
            ContractB.assertConserved(in);
            assertThat(in.statistics().held()).isZero();
            if (who == 0) {
                assertThat(report.sent() + report.dropped())
                        .isEqualTo(in.statistics().received());
            }
        }
        return report.sent() > 0;
    }

    private static void release(final Queue<Packet> kept, final int keep) {
        while (kept.size() > keep) {
            final Packet packet = kept.poll();
            if (packet != null) {
                packet.release();
            }
        }
    }
}
