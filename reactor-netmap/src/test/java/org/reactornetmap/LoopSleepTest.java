package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A loop that has nothing to do sleeps, whatever stands in its rings: {@code poll} alone would return for ever. */
@Timeout(60)
class LoopSleepTest {
    private static final int RINGS = 4;
    private static final int SLOTS = 64;
    private static final int FULL = SLOTS - 1;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final EmbeddedNetmap netmap = EmbeddedNetmap.create(EmbeddedConfig.builder()
            .buffers(8192)
            .bufSize(128)
            .defaultSlots(SLOTS)
            .build());
    private final NetmapPort far =
            netmap.open("netmap:x{1", PortOptions.builder().rings(RINGS).build());
    private final NetmapPort port = netmap.open("netmap:x}1");

    @AfterEach
    void close() {
        netmap.close();
    }

    private static ByteBuffer frame(final int number) {
        return Frames.udp("10.0.0.1", number & 0xFFFF, "10.0.0.2", 53);
    }

    private static Flux<Packet> frames(final int count) {
        return Flux.range(0, count).map(i -> PacketPool.wrap(frame(i)));
    }

    private void sendOnEveryRing(final int count) {
        for (int ring = 0; ring < RINGS; ring++) {
            final TxReport report = far.tx(ring).send(frames(count)).block(TIMEOUT);
            assertThat(report).isNotNull();
            assertThat(report.sent()).isEqualTo(count);
        }
    }

    /** Requests nothing by itself, and holds what it gets. */
    private static final class Holder extends BaseSubscriber<Packet> {
        private final List<Packet> held = new CopyOnWriteArrayList<>();

        @Override
        protected void hookOnSubscribe(final Subscription subscription) {
            // no demand
        }

        @Override
        protected void hookOnNext(final Packet packet) {
            held.add(packet);
        }

        void awaitHeld(final int count) {
            final long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (held.size() < count && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            assertThat(held).hasSize(count);
        }
    }

    @Test
    void shouldSleepWithNoPort() throws InterruptedException {
        try (NetmapLoop loop = NetmapLoop.create("empty")) {
            new LoopProbe(loop).assertSleeps(0);
        }
    }

    @Test
    void shouldSleepAfterItsPortsAreClosed() throws InterruptedException {
        try (NetmapLoop loop = NetmapLoop.create("left")) {
            netmap.open("netmap:y{1", PortOptions.builder().loop(loop).build()).close();

            new LoopProbe(loop).assertSleeps(0);
        }
    }

    @Test
    void shouldSleepWithOneRingOfFourSubscribedAndTrafficOnAll() throws InterruptedException {
        final CompletableFuture<List<Packet>> received = new CompletableFuture<>();
        final Disposable subscription = port.rx(2)
                .packets()
                .doOnNext(Packet::release)
                .take(3L * FULL)
                .collectList()
                .subscribe(received::complete);
        final LoopProbe probe = new LoopProbe(port.loop());

        sendOnEveryRing(5);
        probe.assertSleeps(0);
        sendOnEveryRing(FULL - 5); // the three others are full now
        probe.assertSleeps(0);
        assertThat(far.tx(2).send(frames(2 * FULL)).block(TIMEOUT)).isNotNull();
        assertThat(received.orTimeout(10, TimeUnit.SECONDS).join()).hasSize(3 * FULL);
        probe.assertSleeps(0);
        subscription.dispose();
        assertThat(port.packets()
                        .doOnNext(Packet::release)
                        .take(3L * FULL)
                        .count()
                        .block(TIMEOUT))
                .as("what waited in the others is all there")
                .isEqualTo(3L * FULL);
    }

    /** A sync that moves the tail of a parked ring may wake the loop; it must not do so more than once. */
    @Test
    void shouldWakeNoMoreOftenThanOthersSync() throws InterruptedException {
        final Disposable subscription =
                port.rx(2).packets().doOnNext(Packet::release).subscribe();
        final LoopProbe probe = new LoopProbe(port.loop());
        probe.settle();
        final long sleeps = port.loop().sleeps();
        final int rounds = 20;
        for (int i = 0; i < rounds; i++) {
            sendOnEveryRing(1);
        }
        probe.settle();

        assertThat(port.loop().sleeps() - sleeps).isLessThanOrEqualTo(rounds * RINGS);
        subscription.dispose();
    }

    @Test
    void shouldSleepWithOneTxRingOfFourBlocked() throws InterruptedException {
        final CompletableFuture<TxReport> blocked =
                far.tx(1).send(frames(3 * SLOTS)).toFuture();
        final LoopProbe probe = new LoopProbe(far.loop());

        probe.assertSleeps(0);
        assertThat(far.tx(0).send(frames(5)).block(TIMEOUT)).isNotNull();
        probe.assertSleeps(0);
        assertThat(blocked).isNotDone();
        final Disposable reader = port.packets().doOnNext(Packet::release).subscribe();
        assertThat(blocked.orTimeout(10, TimeUnit.SECONDS).join().sent()).isEqualTo(3 * SLOTS);
        probe.assertSleeps(0);
        reader.dispose();
    }

    @Test
    void shouldSleepWithEveryTxRingBlocked() throws InterruptedException {
        final List<CompletableFuture<TxReport>> blocked = Flux.range(0, RINGS)
                .map(ring -> far.tx(ring).send(frames(3 * SLOTS)).toFuture())
                .collectList()
                .block(TIMEOUT);

        new LoopProbe(far.loop()).assertSleeps(0);
        assertThat(blocked).isNotNull().noneMatch(CompletableFuture::isDone);
        final Disposable reader = port.packets().doOnNext(Packet::release).subscribe();
        for (final CompletableFuture<TxReport> each : blocked) {
            assertThat(each.orTimeout(10, TimeUnit.SECONDS).join().sent()).isEqualTo(3 * SLOTS);
        }
        reader.dispose();
    }

    @Test
    void shouldSleepWithoutDemandOnFullRings() throws InterruptedException {
        final Holder holder = new Holder();
        port.packets().subscribe(holder);
        sendOnEveryRing(FULL);
        final LoopProbe probe = new LoopProbe(port.loop());

        probe.assertSleeps(0);
        holder.request(7);
        holder.awaitHeld(7);
        probe.assertSleeps(0);
        holder.held.forEach(Packet::release);
        probe.assertSleeps(0);
        holder.held.clear();
        holder.request(RINGS * FULL - 7);
        holder.awaitHeld(RINGS * FULL - 7);
        holder.held.forEach(Packet::release);
        holder.cancel();
        probe.assertSleeps(0);
    }

    @Test
    void shouldSleepWithoutSubscriberOnFullRings() throws InterruptedException {
        sendOnEveryRing(FULL);

        new LoopProbe(port.loop()).assertSleeps(0);
    }

    /** While held packets stop a ring, the loop looks once a second whether they were lost. */
    @Test
    void shouldSleepWhileHeldPacketsStopARing() throws InterruptedException {
        final Holder holder = new Holder();
        port.packets(RxOptions.builder().hold(RxOptions.Hold.IN_PLACE).build()).subscribe(holder);
        holder.request(Long.MAX_VALUE);
        sendOnEveryRing(FULL);
        holder.awaitHeld(RINGS * FULL);
        final LoopProbe probe = new LoopProbe(port.loop());

        probe.assertSleeps(1);
        final CompletableFuture<TxReport> more = far.tx(0).send(frames(FULL)).toFuture();
        probe.assertSleeps(1);
        holder.held.forEach(Packet::release);
        assertThat(more.orTimeout(10, TimeUnit.SECONDS).join().sent()).isEqualTo(FULL);
        holder.awaitHeld((RINGS + 1) * FULL);
        holder.held.forEach(Packet::release);
        holder.cancel();
    }

    @Test
    void shouldSleepWhenEverySpareIsHeld() throws InterruptedException {
        final Holder holder = new Holder();
        port.packets(RxOptions.builder().hold(RxOptions.Hold.SWAP_ALWAYS).build())
                .subscribe(holder);
        holder.request(Long.MAX_VALUE);
        sendOnEveryRing(FULL);
        holder.awaitHeld(RINGS * FULL); // a spare for each; sent is not received, and later frames could be first
        sendOnEveryRing(FULL);
        holder.awaitHeld(2 * RINGS * FULL);

        new LoopProbe(port.loop()).assertSleeps(1);
        holder.held.forEach(Packet::release);
        holder.cancel();
    }

    @Test
    void shouldSleepUntilALingerIsOver() throws InterruptedException {
        final Disposable send = far.tx(0)
                .send(
                        frames(3).concatWith(Mono.never()),
                        TxOptions.builder().linger(Duration.ofMinutes(1)).build())
                .subscribe();

        new LoopProbe(far.loop()).assertSleeps(0);
        send.dispose();
    }

    @Test
    void shouldSleepWhileASendDrains() throws InterruptedException {
        final CompletableFuture<TxReport> send = far.tx(0)
                .send(
                        frames(3),
                        TxOptions.builder().drain(Duration.ofMinutes(1)).build())
                .toFuture();
        final LoopProbe probe = new LoopProbe(far.loop());

        probe.assertSleeps(0);
        assertThat(send).isNotDone();
        final Disposable reader = port.packets().doOnNext(Packet::release).subscribe();
        assertThat(send.orTimeout(10, TimeUnit.SECONDS).join().pending()).isZero();
        reader.dispose();
    }

    /** Nobody wakes it to publish what it did last. */
    @Test
    void shouldFallAsleepWithItsStatisticsUpToDate() throws InterruptedException {
        final NetmapPort out = netmap.open(
                "netmap:y{1", PortOptions.builder().loop(port.loop()).build());
        final NetmapPort sink = netmap.open("netmap:y}1");
        final AtomicInteger arrived = new AtomicInteger();
        sink.packets().subscribe(packet -> {
            packet.release();
            arrived.incrementAndGet();
        });
        // Another thread's packets wait for the loop in a queue, which it empties after it has looked at its RX rings.
        out.send(port.packets().publishOn(Schedulers.parallel())).subscribe();
        final LoopProbe probe = new LoopProbe(port.loop());

        for (int round = 1; round <= 20; round++) {
            final int sent = round * RINGS * 5;
            sendOnEveryRing(5);
            while (arrived.get() < sent) {
                Thread.onSpinWait();
            }
            probe.settle();

            assertThat(port.statistics().received()).isEqualTo(sent);
            assertThat(port.statistics().held())
                    .as("held after round %d", round)
                    .isZero();
            assertThat(out.statistics().sent()).isEqualTo(sent);
        }
    }

    @Test
    void shouldSleepUntilATimerIsDue() throws InterruptedException {
        final Disposable timer = port.loop().scheduler().schedule(() -> {}, 1, TimeUnit.MINUTES);

        new LoopProbe(port.loop()).assertSleeps(0);
        timer.dispose();
    }
}
