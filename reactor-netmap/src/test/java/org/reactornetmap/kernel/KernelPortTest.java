package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.Tap;
import org.reactornetmap.driver.kernel.VethPair;
import org.reactornetmap.flow.IdleStrategy;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What a port offers beyond its driver, on the kernel's pipes and on veth interfaces through the generic adapter. */
@Tag("kernel")
@Timeout(180)
class KernelPortTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final PortOptions KERNEL =
            PortOptions.builder().driver("kernel").build();

    private static ByteBuffer frame(final int number) {
        return Frames.udp("10.0.0.1", number, "10.0.0.2", 53);
    }

    private static ByteBuffer[] frames(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(KernelPortTest::frame).toArray(ByteBuffer[]::new);
    }

    private static List<Integer> sequence(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static int number(final Packet packet) {
        try {
            return packet.u16(34);
        } finally {
            packet.release();
        }
    }

    private static CompletableFuture<List<Integer>> receive(final Flux<Packet> packets, final int count) {
        return packets.take(count).map(KernelPortTest::number).collectList().toFuture();
    }

    private static <T> T await(final CompletableFuture<T> result) throws Exception {
        return result.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private static PortOptions on(final NetmapLoop loop) {
        return KERNEL.toBuilder().loop(loop).build();
    }

    /** A program that names no driver, as it runs in process, too. */
    @Test
    void shouldTakeTheKernelUnlessToldOtherwise() throws Exception {
        try (NetmapPort any = NetmapPort.open("netmap:any{1");
                NetmapPort kernels = NetmapPort.open("netmap:any}1", KERNEL)) {
            final CompletableFuture<List<Integer>> received = receive(kernels.packets(), 3);
            any.inject(frames(0, 3));
            assertThat(await(received)).isEqualTo(sequence(0, 3));
        }
    }

    @Test
    void shouldWaitForTheLinkBeforeTheFirstPacket() throws Exception {
        try (VethPair veth = VethPair.create()) {
            final String peer = veth.right().name();
            VethPair.ip("link set " + peer + " down");
            try (NetmapPort port = NetmapPort.open("netmap:" + veth.left().name(), KERNEL)) {
                final AtomicBoolean asked = new AtomicBoolean();
                final CompletableFuture<TxReport> sent = port.linkUp()
                        .then(port.send(Flux.just(PacketPool.wrap(frame(1))).doFirst(() -> asked.set(true))))
                        .toFuture();
                StepVerifier.create(port.linkUp())
                        .expectSubscription()
                        .expectNoEvent(Duration.ofMillis(200))
                        .then(() -> assertThat(asked).isFalse())
                        .then(() -> VethPair.ip("link set " + peer + " up"))
                        .expectComplete()
                        .verify(TIMEOUT);
                assertThat(await(sent).sent()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"netmap:cable{1", "vale7:cable", "null:cable@1@conf:rings=1,slots=4"})
    void shouldNotWaitForALinkWhereThereIsNoCable(final String spec) {
        try (NetmapPort port = NetmapPort.open(spec, KERNEL)) {
            StepVerifier.create(port.linkUp()).expectComplete().verify(TIMEOUT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "netmap:first{1, netmap:second{1, 0",
        "netmap:first{1, netmap:first{2, 10",
        "netmap:first{1@1, netmap:second{1@1, 10",
        "netmap:first{1@1, netmap:second{1, 0"
    })
    void shouldSwapWithinAMemoryAndCopyBetweenTwo(final String from, final String to, final int swapped)
            throws Exception {
        try (NetmapLoop loop = NetmapLoop.create("forwarder");
                NetmapPort source = NetmapPort.open(from, KERNEL);
                NetmapPort in = NetmapPort.open(from.replace('{', '}'), on(loop));
                NetmapPort out = NetmapPort.open(to, on(loop));
                NetmapPort sink = NetmapPort.open(to.replace('{', '}'), KERNEL)) {
            final CompletableFuture<TxReport> forwarded =
                    in.packets().take(10).as(out::send).toFuture();
            final CompletableFuture<List<Integer>> received = receive(sink.packets(), 10);
            source.inject(frames(0, 10));
            assertThat(await(received)).isEqualTo(sequence(0, 10));
            final TxReport report = await(forwarded);
            assertThat(report.swapped()).isEqualTo(swapped);
            assertThat(report.copied()).isEqualTo(10 - swapped);
        }
    }

    @Test
    void shouldSwapBetweenTwoInterfaces() throws Exception {
        try (VethPair first = VethPair.create();
                VethPair second = VethPair.create();
                NetmapLoop loop = NetmapLoop.create("forwarder");
                NetmapPort source = NetmapPort.open("netmap:" + first.left().name(), KERNEL);
                NetmapPort in = NetmapPort.open("netmap:" + first.right().name(), on(loop));
                NetmapPort out = NetmapPort.open("netmap:" + second.left().name(), on(loop));
                NetmapPort sink = NetmapPort.open("netmap:" + second.right().name(), KERNEL)) {
            final CompletableFuture<TxReport> forwarded =
                    in.packets().take(100).as(out::send).toFuture();
            final CompletableFuture<List<Integer>> received = receive(sink.packets(), 100);
            source.inject(frames(0, 100));
            assertThat(await(received)).isEqualTo(sequence(0, 100));
            assertThat(await(forwarded).swapped()).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLookOnAtBothDirections(final Wire.Kind kind) {
        try (Wire wire = kind.create();
                NetmapPort a = NetmapPort.open(wire.left(), KERNEL);
                NetmapPort b = NetmapPort.open(wire.right(), KERNEL);
                NetmapPort tap = a.tap()) {
            final CompletableFuture<List<Integer>> atA = receive(a.packets(), 1);
            final CompletableFuture<List<Integer>> atB = receive(b.packets(), 2);
            final Flux<String> seen = tap.packets().take(3).map(packet -> packet.direction() + " " + number(packet));
            StepVerifier.create(seen)
                    .expectSubscription()
                    .then(() -> a.inject(frame(1)))
                    .expectNext("OUTBOUND 1")
                    .then(() -> b.inject(frame(2)))
                    .expectNext("INBOUND 2")
                    .then(() -> a.inject(frame(3)))
                    .expectNext("OUTBOUND 3")
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(atA).succeedsWithin(TIMEOUT).isEqualTo(List.of(2));
            assertThat(atB).succeedsWithin(TIMEOUT).isEqualTo(List.of(1, 3));
        }
    }

    @Test
    void shouldLookOnWithoutCopying() {
        try (Wire wire = Wire.Kind.PIPE.create();
                NetmapPort a = NetmapPort.open(wire.left(), KERNEL);
                NetmapPort b = NetmapPort.open(wire.right(), KERNEL);
                NetmapPort tap = b.tap(Tap.ZERO_COPY)) {
            final CompletableFuture<List<Integer>> received = receive(b.packets(), 50);
            StepVerifier.create(tap.packets().take(50).map(KernelPortTest::number))
                    .expectSubscription()
                    .then(() -> a.inject(frames(0, 50)))
                    .expectNextSequence(sequence(0, 50))
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(received).succeedsWithin(TIMEOUT).isEqualTo(sequence(0, 50));
        }
    }

    /** netmap's generic adapter takes TX queue 0 of a veth for RX queue 0 of its peer, and queue n for n - 1. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeEachQueueOfAnInterface(final boolean perRing) throws Exception {
        final PortOptions options = KERNEL.toBuilder().perRing(perRing).build();
        try (VethPair veth = VethPair.create(3);
                NetmapPort a = NetmapPort.open("netmap:" + veth.left().name(), options);
                NetmapPort b = NetmapPort.open("netmap:" + veth.right().name(), options)) {
            assertThat(List.of(a.txRings(), a.rxRings(), b.txRings(), b.rxRings()))
                    .containsOnly(3);
            final Set<String> threads = ConcurrentHashMap.newKeySet();
            final List<CompletableFuture<List<Integer>>> received = IntStream.range(0, 2)
                    .mapToObj(ring -> receive(
                            b.rx(ring)
                                    .packets()
                                    .doOnNext(packet ->
                                            threads.add(Thread.currentThread().getName())),
                            100))
                    .toList();
            for (final int ring : new int[] {0, 2}) {
                final TxReport report = a.tx(ring)
                        .send(Flux.fromArray(frames(1000 * ring, 1000 * ring + 100))
                                .map(PacketPool::wrap))
                        .block(TIMEOUT);
                assertThat(report.sent()).isEqualTo(100);
            }
            assertThat(await(received.get(0))).isEqualTo(sequence(0, 100));
            assertThat(await(received.get(1))).isEqualTo(sequence(2000, 2100));
            assertThat(threads).hasSize(perRing ? 2 : 1);
        }
    }

    @Test
    void shouldChangeHowItWaitsWhileItRuns() throws Exception {
        final int each = 2000;
        try (Wire wire = Wire.Kind.PIPE.create();
                NetmapPort a = NetmapPort.open(wire.left(), KERNEL);
                NetmapPort b = NetmapPort.open(wire.right(), KERNEL)) {
            for (int round = 0; round < 3; round++) {
                for (final IdleStrategy idle : IdleStrategy.values()) {
                    b.loop().idle(idle);
                    final CompletableFuture<List<Integer>> received = receive(b.packets(), each);
                    await(onLoop(b)); // from here on it waits as it was told
                    final long sleeps = b.loop().sleeps();
                    a.inject(frames(0, each));
                    assertThat(await(received)).isEqualTo(sequence(0, each));
                    await(onLoop(b));
                    if (idle == IdleStrategy.BUSY_SPIN) {
                        assertThat(b.loop().sleeps()).isEqualTo(sleeps);
                    }
                }
                b.loop().idle(IdleStrategy.POLL);
                final long sleeps = b.loop().sleeps();
                while (b.loop().sleeps() == sleeps) {
                    await(onLoop(b));
                }
            }
        }
    }

    /** Done when the loop has taken in all that was said to it before. */
    private static CompletableFuture<Void> onLoop(final NetmapPort port) {
        final CompletableFuture<Void> ran = new CompletableFuture<>();
        port.loop().execute(() -> ran.complete(null));
        return ran;
    }
}
