package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.CloseReport;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.TxClaim;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.blockhound.BlockHound;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Nothing of ours blocks on a loop or another non-blocking thread. Blocking calls are recorded, not thrown: a loop would
 * catch what is thrown.
 */
@Timeout(60)
class LoopBlockHoundTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int COUNT = 20_000;
    private static final Queue<Throwable> BLOCKED = new ConcurrentLinkedQueue<>();

    private final EmbeddedNetmap netmap = EmbeddedNetmap.create(
            EmbeddedConfig.builder().buffers(8192).bufSize(128).defaultSlots(64).build());
    private final List<NetmapLoop> loops = new ArrayList<>();

    @BeforeAll
    static void install() {
        BlockHound.install(builder -> builder.blockingMethodCallback(method -> BLOCKED.add(
                new Throwable(method + " on " + Thread.currentThread().getName()))));
    }

    @BeforeEach
    void forget() {
        BLOCKED.clear();
    }

    @AfterEach
    void close() {
        netmap.close();
        loops.forEach(NetmapLoop::close);
        assertThat(BLOCKED.stream().map(Throwables::getStackTrace)).isEmpty();
    }

    private NetmapLoop loop(final String name) {
        final NetmapLoop loop = NetmapLoop.create(name);
        loops.add(loop);
        return loop;
    }

    private NetmapPort open(final String spec, final NetmapLoop loop) {
        return netmap.open(spec, PortOptions.builder().loop(loop).build());
    }

    private static Flux<Packet> frames(final int count) {
        return Flux.range(0, count).map(i -> PacketPool.wrap(Frames.udp("10.0.0.1", i & 0xFFFF, "10.0.0.2", 53)));
    }

    /** Not by {@code orTimeout}: whoever completes the future would cancel its timer, under a lock of the JDK. */
    private static <T> T join(final CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<Long> count(final Flux<Packet> packets, final long expected) {
        return packets.doOnNext(Packet::release).take(expected).count().toFuture();
    }

    private static void run(final NetmapLoop loop, final Runnable task) {
        join(CompletableFuture.runAsync(task, loop::execute));
    }

    @Test
    void shouldNoticeWhatBlocksALoop() {
        final NetmapLoop loop = loop("culprit");

        run(loop, () -> LockSupport.parkNanos(1));
        run(loop, () -> {
            try {
                new CountDownLatch(1).await(1, TimeUnit.NANOSECONDS);
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(BLOCKED).anyMatch(t -> t.getMessage().contains("park"));
        assertThat(BLOCKED).anyMatch(t -> t.getMessage().contains("sleep"));
        assertThat(BLOCKED).allMatch(t -> t.getMessage().contains("netmap-culprit"));
        BLOCKED.clear();
    }

    @Test
    void shouldNoticeASubscriberThatBlocks() {
        final NetmapPort far = open("netmap:x{1", loop("far"));
        final NetmapPort port = open("netmap:x}1", loop("near"));
        final CompletableFuture<Long> received = port.packets()
                .doOnNext(packet -> {
                    packet.release();
                    LockSupport.parkNanos(1);
                })
                .take(5)
                .count()
                .toFuture();

        far.send(frames(5)).block(TIMEOUT);

        assertThat(join(received)).isEqualTo(5);
        assertThat(BLOCKED).hasSize(5);
        BLOCKED.clear();
    }

    @Test
    void shouldForwardWithoutBlocking() {
        final NetmapLoop forwarder = loop("forwarder");
        final NetmapPort source = open("netmap:a{1@1", loop("source"));
        final NetmapPort in = open("netmap:a}1@1", forwarder);
        final NetmapPort out = open("netmap:b{1@1", forwarder);
        final NetmapPort sink = open("netmap:b}1@1", loop("sink"));

        final CompletableFuture<Long> received = count(sink.packets(), COUNT);
        final CompletableFuture<TxReport> forwarded =
                in.packets().take(COUNT).as(out::send).toFuture();
        source.send(frames(COUNT)).block(TIMEOUT);

        assertThat(join(received)).isEqualTo(COUNT);
        assertThat(join(forwarded).swapped()).isEqualTo(COUNT);
    }

    @Test
    void shouldForwardFromLoopToLoopWithoutBlocking() {
        final NetmapPort source =
                netmap.open("netmap:a{1@1", PortOptions.builder().rings(4).build());
        final NetmapPort in =
                netmap.open("netmap:a}1@1", PortOptions.builder().perRing(true).build());
        final NetmapPort out = netmap.open(
                "netmap:b{1@1", PortOptions.builder().rings(2).perRing(true).build());
        final NetmapPort sink = netmap.open("netmap:b}1@1");

        final CompletableFuture<Long> received = count(sink.packets(), COUNT);
        final CompletableFuture<TxReport> forwarded = in.packets()
                .publishOn(Schedulers.parallel())
                .take(COUNT)
                .as(out::send)
                .toFuture();
        source.send(frames(COUNT)).block(TIMEOUT);

        assertThat(join(received)).isEqualTo(COUNT);
        assertThat(join(forwarded).sent()).isEqualTo(COUNT);
    }

    /** Whoever sends into a switch may wait for another sender at the receiver's ring, no longer than a few slots take. */
    @Test
    void shouldSendThroughASwitchFromSeveralLoops() {
        final NetmapPort sink = open("vale0:sink", loop("sink"));
        final Disposable receiving = sink.packets().subscribe(Packet::release);
        final List<CompletableFuture<TxReport>> sends = IntStream.range(0, 3)
                .mapToObj(i -> open("vale0:p" + i, loop("sender " + i)))
                .map(port -> port.send(frames(COUNT)).toFuture())
                .toList();

        sends.forEach(send -> assertThat(join(send).sent()).isEqualTo(COUNT));
        receiving.dispose();
        assertThat(netmap.driver().switchStatistics().stream()
                        .filter(port -> port.port().equals("vale0:sink"))
                        .mapToLong(port -> port.delivered() + port.ringFull())
                        .sum())
                .isEqualTo(3L * COUNT);
    }

    @Test
    void shouldSendFromManyThreadsWithoutBlocking() {
        final int senders = 8;
        final NetmapPort port = open("netmap:x{1", loop("sender"));
        final NetmapPort sink = open("netmap:x}1", loop("sink"));
        final List<CompletableFuture<TxReport>> reports = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            reports.add(frames(COUNT / senders)
                    .publishOn(Schedulers.parallel())
                    .as(port::send)
                    .toFuture());
        }
        final CompletableFuture<Long> received = count(sink.packets(), COUNT);

        for (final CompletableFuture<TxReport> report : reports) {
            assertThat(join(report).sent()).isEqualTo(COUNT / senders);
        }
        assertThat(join(received)).isEqualTo(COUNT);
    }

    @Test
    void shouldRetainReleaseRequestAndCancelOnNonBlockingThreads() {
        final NetmapPort far = open("netmap:x{1", loop("far"));
        final NetmapPort port = open("netmap:x}1", loop("near"));
        final Disposable feed = far.send(frames(Integer.MAX_VALUE)).subscribe(report -> {}, error -> {});
        for (int round = 0; round < 50; round++) {
            final Long seen = port.packets()
                    .take(200) // before publishOn, which loses packets when it is cancelled
                    .publishOn(Schedulers.parallel(), 16)
                    .doOnNext(packet -> {
                        packet.retain();
                        packet.release();
                        packet.release();
                    })
                    .count()
                    .block(TIMEOUT);
            assertThat(seen).isEqualTo(200);
            final Disposable unbounded =
                    port.packets().doOnNext(Packet::release).subscribe();
            join(CompletableFuture.runAsync(
                    unbounded::dispose, task -> Schedulers.parallel().schedule(task)));
        }
        feed.dispose();
    }

    /** Warnings of a ring that is stopped, and of packets that come back by garbage collection, are logged on the loop. */
    @Test
    void shouldHoldSwapAndReclaimWithoutBlocking() throws InterruptedException {
        final NetmapPort far = open("netmap:x{1", loop("far"));
        final NetmapPort port = open("netmap:x}1", loop("near"));
        final CountDownLatch stopped = new CountDownLatch(63);
        final List<Packet> held = new ArrayList<>();
        final Disposable holder = port.packets(
                        RxOptions.builder().hold(RxOptions.Hold.IN_PLACE).build())
                .subscribe(packet -> {
                    held.add(packet);
                    stopped.countDown();
                });
        final Disposable feed = far.send(frames(Integer.MAX_VALUE)).subscribe(report -> {}, error -> {});
        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        holder.dispose();
        run(port.loop(), held::clear); // lost
        System.gc();
        assertThat(join(count(port.packets(), 1000))).isEqualTo(1000);
        feed.dispose();
    }

    @Test
    void shouldClaimWithoutBlocking() {
        final NetmapPort port = open("netmap:x{1", loop("claims"));
        final NetmapPort sink = open("netmap:x}1", loop("sink"));
        final CompletableFuture<Long> received = count(sink.packets(), 10);
        run(port.loop(), () -> {
            for (int i = 0; i < 10; i++) {
                final TxClaim claim = port.tx(0).claim(60);
                assertThat(claim).isNotNull();
                claim.buffer().putInt(0, i);
                claim.commit();
            }
        });
        assertThat(join(received)).isEqualTo(10);
    }

    @Test
    void shouldScheduleWithoutBlocking() {
        final NetmapLoop loop = loop("scheduler");
        final NetmapPort port = open("netmap:x{1", loop);

        final Long ticks = Flux.interval(Duration.ofMillis(1), loop.scheduler())
                .publishOn(loop.scheduler())
                .take(20)
                .concatMap(tick -> Mono.delay(Duration.ofMillis(1), loop.scheduler()))
                .subscribeOn(loop.scheduler())
                .count()
                .block(TIMEOUT);
        loop.scheduler()
                .schedulePeriodically(() -> {}, 0, 1, TimeUnit.MILLISECONDS)
                .dispose();
        loop.scheduler().createWorker().dispose();

        assertThat(ticks).isEqualTo(20);
        assertThat(port.isClosed()).isFalse();
    }

    @Test
    void shouldCloseFromItsLoopWithoutBlocking() throws InterruptedException {
        final NetmapLoop loop = loop("closes");
        final NetmapPort far = open("netmap:x{1", loop("far"));
        final NetmapPort port = open("netmap:x}1", loop);
        final CountDownLatch first = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);
        port.packets()
                .doOnNext(packet -> {
                    packet.release();
                    port.close();
                    first.countDown();
                })
                .doFinally(signal -> ended.countDown())
                .subscribe();
        final Disposable feed = far.send(frames(Integer.MAX_VALUE)).subscribe(report -> {}, error -> {});

        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        final CloseReport report = port.closeAsync().block(TIMEOUT);
        assertThat(report).isNotNull();
        assertThat(report.revoked()).isZero();
        feed.dispose();
    }

    @Test
    void shouldCloseOnANonBlockingThreadWithoutBlocking() {
        final NetmapPort port = netmap.open(
                "netmap:x{1", PortOptions.builder().rings(4).perRing(true).build());
        final CompletableFuture<Void> held =
                port.packets().doOnNext(Packet::release).then().toFuture();

        join(CompletableFuture.runAsync(
                port::close, task -> Schedulers.parallel().schedule(task)));
        assertThat(port.closeAsync().block(TIMEOUT)).isNotNull();
        join(held);
    }

    @Test
    void shouldSleepWithAndWithoutAPort() throws InterruptedException {
        final NetmapLoop loop = loop("sleeper");
        final CountDownLatch done = new CountDownLatch(3);
        for (int i = 1; i <= 2; i++) {
            loop.scheduler().schedule(done::countDown, 5L * i, TimeUnit.MILLISECONDS);
        }
        open("netmap:x{1", loop).packets().subscribe(Packet::release);
        loop.scheduler().schedule(done::countDown, 20, TimeUnit.MILLISECONDS);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.sleeps()).isPositive();
    }
}
