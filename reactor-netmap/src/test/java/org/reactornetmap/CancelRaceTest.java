package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * DESIGN "Cancel": Reactor's asynchronous operators lose packets when a cancel races with an emission, or when an inner
 * timeout fires. The ring gets every buffer back all the same, and works at full capacity afterwards.
 */
class CancelRaceTest {
    private static final int RACES = 3_000;
    private static final int SLOTS = 256;
    private static final int SPARES = 16_384;
    private static final int BUFFERS = 4 * SLOTS + SPARES + SLOTS; // rings of both pipe directions, spares of both ends

    private record Pipeline(String name, Function<Flux<Packet>, Flux<?>> body) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Pipeline> pipelines() {
        final Scheduler workers = Schedulers.parallel();
        return Stream.<Pipeline>of(
                new Pipeline("publishOn", f -> f.publishOn(workers, 16).doOnNext(Packet::release)),
                new Pipeline(
                        "parallel().runOn",
                        f -> f.parallel(2)
                                .runOn(workers, 16)
                                .doOnNext(Packet::release)
                                .sequential()),
                new Pipeline(
                        "groupBy+publishOn",
                        f -> f.groupBy(p -> p.u8(35) & 1)
                                .flatMap(g -> g.publishOn(workers, 16).doOnNext(Packet::release))),
                new Pipeline(
                        "flatMap(publishOn)",
                        f -> f.flatMap(p -> Mono.just(p).publishOn(workers).doOnNext(Packet::release), 16)),
                new Pipeline(
                        "bufferTimeout",
                        f -> f.bufferTimeout(4, Duration.ofMillis(1), workers, true)
                                .publishOn(workers)
                                .doOnNext(list -> list.forEach(Packet::release))),
                new Pipeline(
                        "an inner timeout in flatMap",
                        f -> f.flatMap(
                                p -> Mono.just(p)
                                        .delayElement(Duration.ofMillis(1), workers)
                                        .timeout(Duration.ofMillis(1), Mono.empty(), workers)
                                        .doOnNext(Packet::release),
                                16)));
    }

    @ParameterizedTest(name = "{displayName}: {0}")
    @MethodSource("pipelines")
    void shouldGetEveryBufferBackAfterCancelRaces(final Pipeline pipeline) {
        final long seed = System.nanoTime();
        System.out.println(pipeline + ": seed " + seed);
        final EmbeddedConfig config = EmbeddedConfig.builder()
                .buffers(BUFFERS + 2)
                .defaultSlots(SLOTS)
                .build();
        final RxStatistics end;
        final EmbeddedNetmap netmap = EmbeddedNetmap.create(config);
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:race{1@1");
            final NetmapPort b = netmap.open(
                    "netmap:race}1@1",
                    PortOptions.builder().extraBuffers(SPARES).build());
            final AtomicBoolean stop = new AtomicBoolean();
            final var traffic =
                    a.sendFrames(Flux.generate(() -> 0, frames(stop))).toFuture();

            race(seed, b, pipeline);
            getLostPacketsBack(seed, b);
            holdAWholeRing(b);

            stop.set(true);
            b.packets().transform(Packets.autoRelease(packet -> {})).subscribe();
            waitFor(seed, traffic::isDone);
            final long sent = traffic.join().sent();
            waitFor(seed, () -> b.rx(0).statistics().received() == sent);
            b.close();
            end = b.rx(0).statistics();
        }
        System.out.println(pipeline + ": " + end);
        assertThat(end.received()).isEqualTo(end.released() + end.reclaimed());
        assertThat(netmap.driver().audit().isBalanced())
                .as("seed %d: %s", seed, netmap.driver().audit())
                .isTrue();
        assertThat(netmap.driver().freeBuffers()).isEqualTo(BUFFERS);
    }

    private static java.util.function.BiFunction<Integer, SynchronousSink<ByteBuffer>, Integer> frames(
            final AtomicBoolean stop) {
        final List<ByteBuffer> frames = IntStream.range(0, 32)
                .mapToObj(i -> Frames.udp("10.0.0.1", 1000 + i, "10.0.0.2", 53))
                .toList();
        return (i, sink) -> {
            if (stop.get()) {
                sink.complete();
            } else {
                sink.next(frames.get(i).duplicate());
            }
            return (i + 1) % frames.size();
        };
    }

    private static void race(final long seed, final NetmapPort port, final Pipeline pipeline) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int race = 0; race < RACES; race++) {
            final AtomicLong seen = new AtomicLong();
            final AtomicReference<Subscription> ring = new AtomicReference<>();
            final Flux<Packet> packets =
                    port.packets().doOnSubscribe(ring::set).doOnNext(packet -> seen.incrementAndGet());
            final Disposable subscription = pipeline.body()
                    .apply(packets)
                    .doOnDiscard(Packet.class, Packet::release)
                    .subscribe();
            final int until = random.nextInt(32);
            waitFor(seed, () -> seen.get() >= until);
            subscription.dispose();
            // Some operators pass a cancel on a moment later, and groupBy never does once it has lost a group.
            ring.get().cancel();
        }
    }

    private static void getLostPacketsBack(final long seed, final NetmapPort port) {
        waitFor(seed, () -> {
            System.gc();
            port.loop().execute(() -> {});
            return port.rx(0).statistics().held() == 0;
        });
    }

    /** Possible only if no slot is lost. */
    private static void holdAWholeRing(final NetmapPort port) {
        final RxOptions inPlace =
                RxOptions.builder().hold(RxOptions.Hold.IN_PLACE).build();
        for (int round = 0; round < 3; round++) {
            final List<Packet> all =
                    port.packets(inPlace).take(SLOTS - 1).collectList().block(Duration.ofSeconds(10));
            assertThat(all).hasSize(SLOTS - 1);
            List.copyOf(all).forEach(Packet::release);
        }
    }

    /** Spins; what takes longer than a moment waits for lost packets, and so for a collection. */
    private static void waitFor(final long seed, final BooleanSupplier condition) {
        final long start = System.nanoTime();
        long nextGc = start + Duration.ofMillis(20).toNanos();
        while (!condition.getAsBoolean()) {
            final long now = System.nanoTime();
            assertThat(now - start).as("seed %d: timed out", seed).isLessThan(30_000_000_000L);
            if (now > nextGc) {
                System.gc();
                nextGc = System.nanoTime() + Duration.ofMillis(20).toNanos();
            }
            Thread.onSpinWait();
        }
    }
}
