package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.EmbeddedInterface;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.PortClosedException;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(60)
@SuppressWarnings("try") // some ports are only held open
class LinkUpTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(strings = {"netmap:x{1", "vale0:a", "netmap:eth0", "netmap:eth0^", "netmap:eth0*", "netmap:eth0/R"})
    void shouldCompleteAtOnceWhereThereIsALink(final String spec) {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            netmap.addInterface("eth0");
            StepVerifier.create(netmap.open(spec).linkUp()).expectComplete().verify(TIMEOUT);
        }
    }

    @Test
    void shouldGateTheFirstPacket() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            eth0.link(false);
            final NetmapPort port = netmap.open("netmap:eth0");
            final AtomicBoolean asked = new AtomicBoolean();
            final var sent = port.linkUp()
                    .then(port.sendFrames(
                            Flux.just(Frames.arpRequest("10.0.0.1", "10.0.0.2")).doFirst(() -> asked.set(true))))
                    .toFuture();
            // A look of its own, later than the first one of the other.
            StepVerifier.create(port.linkUp())
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(50))
                    .then(() -> assertThat(asked).isFalse())
                    .then(() -> eth0.link(true))
                    .expectComplete()
                    .verify(TIMEOUT);

            assertThat(sent.orTimeout(10, TimeUnit.SECONDS).join().sent()).isEqualTo(1);
            assertThat(eth0.transmitted()).hasSize(1);
        }
    }

    @Test
    void shouldLookAgainInVirtualTime() {
        final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time)) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            final NetmapPort port = netmap.open("netmap:eth0");
            eth0.link(false);
            StepVerifier.withVirtualTime(() -> port.linkUp().thenMany(port.packets()), () -> time, 1)
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(5))
                    .then(() -> eth0.link(true))
                    .then(() -> eth0.receive(Frames.arpRequest("10.0.0.1", "10.0.0.2")))
                    .expectNoEvent(Duration.ofMillis(9))
                    .thenAwait(Duration.ofMillis(2))
                    .assertNext(packet -> packet.release())
                    .thenCancel()
                    .verify(TIMEOUT);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void shouldLookAgainOnAManualLoop() {
        final AtomicLong clock = new AtomicLong();
        final NetmapLoop loop = NetmapLoop.manual(clock::get);
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            eth0.link(false);
            final NetmapPort port =
                    netmap.open("netmap:eth0", PortOptions.builder().loop(loop).build());
            final AtomicBoolean up = new AtomicBoolean();
            port.linkUp().subscribe(nothing -> {}, e -> {}, () -> up.set(true));
            work(loop);
            eth0.link(true);
            work(loop);
            assertThat(up).isFalse();
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
            work(loop);
            assertThat(up).isTrue();
        }
    }

    private static void work(final NetmapLoop loop) {
        while (loop.doWork() > 0) {
            // there is more
        }
    }

    @Test
    void shouldSleepBetweenTwoLooksAndForGoodWhenCancelled() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            eth0.link(false);
            final NetmapPort port = netmap.open("netmap:eth0");
            final AtomicBoolean up = new AtomicBoolean();
            final Disposable wait = port.linkUp().subscribe(nothing -> {}, e -> {}, () -> up.set(true));
            final long sleeps = port.loop().sleeps();
            assertThat(new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(port.loop().sleeps() - sleeps).isBetween(1L, 60L); // it looks every 10 ms
            wait.dispose();
            new LoopProbe(port.loop()).assertSleeps(0);
            eth0.link(true);
            port.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
            assertThat(up).isFalse();
        }
    }

    @Test
    void shouldFailWhenThePortCloses() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            netmap.addInterface("eth0").link(false);
            final NetmapPort port = netmap.open("netmap:eth0");
            StepVerifier.create(port.linkUp())
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(30))
                    .then(port::close)
                    .expectError(PortClosedException.class)
                    .verify(TIMEOUT);
            StepVerifier.create(port.linkUp())
                    .expectError(PortClosedException.class)
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldFailWhenTheInterfaceVanishes() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            eth0.link(false);
            final NetmapPort port = netmap.open("netmap:eth0");
            StepVerifier.create(port.linkUp())
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(30))
                    .then(eth0::remove)
                    .expectError(NetmapErrnoException.class)
                    .verify(TIMEOUT);
            StepVerifier.create(port.linkUp())
                    .expectError(NetmapErrnoException.class)
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldEndOnceWhateverRaces() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            for (int i = 0; i < 200; i++) {
                final NetmapPort port = netmap.open("netmap:eth0");
                eth0.link((i & 1) == 0);
                final CompletableFuture<Void> up = port.linkUp().toFuture();
                final Disposable cancelled = port.linkUp().subscribe(nothing -> {}, e -> {});
                if (i % 3 == 0) {
                    cancelled.dispose();
                }
                port.close();
                cancelled.dispose();
                assertThatCode(() -> Mono.fromFuture(up)
                                .onErrorResume(PortClosedException.class, e -> Mono.empty())
                                .block(TIMEOUT))
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void shouldRequestNothingOfThePacketsBehindIt() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            netmap.addInterface("eth0").link(false);
            final NetmapPort port = netmap.open("netmap:eth0");
            final AtomicBoolean subscribed = new AtomicBoolean();
            port.linkUp()
                    .then(port.send(Flux.just(PacketPool.wrap(Frames.arpRequest("10.0.0.1", "10.0.0.2")))
                            .doOnSubscribe(s -> subscribed.set(true))))
                    .subscribe(report -> {}, e -> {});
            port.close();
            assertThat(subscribed).isFalse();
        }
    }
}
