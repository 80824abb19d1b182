package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.util.RaceTestUtils;

/** Whoever subscribes while a port closes is told of an end: completion, or that the port is closed. Never silence. */
@Timeout(120)
class SubscribeAtCloseTest {
    private static final int ROUNDS = 1_000;

    private final long seed = System.nanoTime();
    private final EmbeddedNetmap netmap = EmbeddedNetmap.create(
            EmbeddedConfig.builder().buffers(1024).bufSize(128).defaultSlots(16).build());

    @AfterEach
    void close() {
        netmap.close();
    }

    private static Packet packet() {
        return PacketPool.wrap(Frames.udp("10.0.0.1", 1024, "10.0.0.2", 53));
    }

    private static void spin(final int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest(name = "{displayName} [own loop: {0}]")
    @ValueSource(booleans = {true, false})
    void shouldEndAStreamThatIsSubscribedToWhileThePortCloses(final boolean ownLoop) throws InterruptedException {
        System.out.println("SubscribeAtCloseTest seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        try (NetmapLoop shared = NetmapLoop.create("shared")) {
            for (int round = 0; round < ROUNDS; round++) {
                final NetmapPort port = ownLoop
                        ? netmap.open("netmap:x{1")
                        : netmap.open(
                                "netmap:x{1", PortOptions.builder().loop(shared).build());
                final CountDownLatch ended = new CountDownLatch(1);
                final int before = random.nextInt(3_000);
                RaceTestUtils.race(port::close, () -> {
                    spin(before);
                    port.packets().doFinally(signal -> ended.countDown()).subscribe(Packet::release, error -> {});
                });
                assertThat(ended.await(5, TimeUnit.SECONDS))
                        .as("end in round %d, seed %d", round, seed)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{displayName} [own loop: {0}]")
    @ValueSource(booleans = {true, false})
    void shouldEndASendThatIsSubscribedToWhileThePortCloses(final boolean ownLoop) throws InterruptedException {
        System.out.println("SubscribeAtCloseTest seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        try (NetmapLoop shared = NetmapLoop.create("shared")) {
            for (int round = 0; round < ROUNDS; round++) {
                final NetmapPort port = ownLoop
                        ? netmap.open("netmap:x{1")
                        : netmap.open(
                                "netmap:x{1", PortOptions.builder().loop(shared).build());
                final CountDownLatch ended = new CountDownLatch(1);
                final int before = random.nextInt(3_000);
                RaceTestUtils.race(port::close, () -> {
                    spin(before);
                    port.send(Flux.just(packet()).concatWith(Mono.never()))
                            .doFinally(signal -> ended.countDown())
                            .subscribe(report -> {}, error -> {});
                });
                assertThat(ended.await(5, TimeUnit.SECONDS))
                        .as("end in round %d, seed %d", round, seed)
                        .isTrue();
            }
        }
    }

    @Test
    void shouldEndAStreamThatIsSubscribedToWhileSendsDrain() throws InterruptedException {
        final NetmapPort port = netmap.open("netmap:x{1");
        netmap.open("netmap:x}1"); // nobody reads there: the send can't drain
        port.send(
                        Flux.generate(sink -> sink.next(packet())),
                        TxOptions.builder().drain(Duration.ofSeconds(1)).build())
                .subscribe(report -> {}, error -> {});
        final CountDownLatch closed = new CountDownLatch(1);
        port.closeAsync().subscribe(report -> closed.countDown());
        final CountDownLatch ended = new CountDownLatch(1);

        port.loop()
                .execute(() ->
                        port.packets().doFinally(signal -> ended.countDown()).subscribe(Packet::release, error -> {}));

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
