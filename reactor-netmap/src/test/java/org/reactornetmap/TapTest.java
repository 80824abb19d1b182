package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Direction;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A tap as an application has it. What a monitor sees when is in the embedded driver's own tests. */
@Timeout(60)
@SuppressWarnings("try") // some netmaps close early
class TapTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static ByteBuffer frame(final int number) {
        return Frames.udp("10.0.0.1", number, "10.0.0.2", 53);
    }

    private static int number(final Packet packet) {
        return packet.u16(34);
    }

    private static ByteBuffer[] frames(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(TapTest::frame).toArray(ByteBuffer[]::new);
    }

    /** Direction and number of each packet, which is released. */
    private static Flux<String> seen(final NetmapPort tap) {
        return tap.packets().map(packet -> {
            final String text = packet.direction() + " " + number(packet);
            packet.release();
            return text;
        });
    }

    private static Flux<Integer> numbers(final NetmapPort port) {
        return port.packets().map(packet -> {
            final int number = number(packet);
            packet.release();
            return number;
        });
    }

    @Test
    void shouldSeeWhatThePortReceivesAndSends() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final NetmapPort tap = a.tap();
            a.inject(frame(1));
            b.inject(frame(2));
            a.inject(frame(3));
            StepVerifier.create(seen(tap).take(3))
                    .expectNext("OUTBOUND 1", "INBOUND 2", "OUTBOUND 3")
                    .expectComplete()
                    .verify(TIMEOUT);
            StepVerifier.create(numbers(b).take(2))
                    .expectNext(1, 3)
                    .expectComplete()
                    .verify(TIMEOUT);
            StepVerifier.create(a.packets().take(1))
                    .assertNext(packet -> {
                        assertThat(packet.direction()).isEqualTo(Direction.INBOUND);
                        packet.release();
                    })
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({"COPY_RX, INBOUND 2, INBOUND 4", "COPY_TX, OUTBOUND 1, OUTBOUND 3"})
    void shouldSeeOneDirection(final Tap what, final String first, final String second) {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final NetmapPort tap = a.tap(what);
            a.inject(frame(1));
            b.inject(frame(2));
            a.inject(frame(3));
            b.inject(frame(4));
            StepVerifier.create(seen(tap).take(2))
                    .expectNext(first, second)
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldTellTheDirectionOfAPacketOfSeveralSlots() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            netmap.open("netmap:x}1");
            final NetmapPort tap = a.tap();
            a.inject(ByteBuffer.allocate(5_000));
            StepVerifier.create(tap.packets().take(1))
                    .assertNext(packet -> {
                        assertThat(packet.segments()).isEqualTo(3);
                        assertThat(packet.direction()).isEqualTo(Direction.OUTBOUND);
                        packet.release();
                    })
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldBeAPortOfItsOwnWithTheRingsOfThePort() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a =
                    netmap.open("netmap:x{1", PortOptions.builder().rings(3).build());
            final NetmapPort tap =
                    a.tap(Tap.COPY, PortOptions.builder().rxSlots(64).build());
            assertThat(tap.name()).isEqualTo("x{1/rt#0");
            assertThat(tap.rxRings()).isEqualTo(3);
            assertThat(tap.rx(2).numSlots()).isEqualTo(64);
            assertThat(tap.loop()).isNotSameAs(a.loop());
            a.tx(2).send(Flux.just(frame(7)).map(PacketPool::wrap)).block(TIMEOUT);
            StepVerifier.create(tap.packets().take(1))
                    .assertNext(packet -> {
                        assertThat(packet.ring()).isEqualTo(2);
                        assertThat(packet.port()).isEqualTo("x{1");
                        packet.release();
                    })
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @EnumSource(Tap.class)
    void shouldRefuseToSend(final Tap what) {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort tap = a.tap(what);
            assertThat(tap.txRings()).isZero();
            StepVerifier.create(tap.sendFrames(Flux.just(frame(1))))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("x{1/")
                            .hasMessageContaining("only looks on"));
            // The port itself is as it was.
            assertThat(a.inject(frame(2)).sent()).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseTapsOfTapsAndOfNullPorts() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort tap = netmap.open("netmap:x{1").tap();
            assertThatThrownBy(tap::tap)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no taps of taps");
            final NetmapPort nothing = netmap.open("null:n@1@conf:rings=1,slots=8");
            assertThatThrownBy(nothing::tap)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("null port");
        }
    }

    @Test
    void shouldRefuseAPortThatIsClosed() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            netmap.open("netmap:x}1");
            a.close();
            assertThatThrownBy(a::tap)
                    .isInstanceOfSatisfying(
                            NetmapErrnoException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                    .hasMessageContaining("open the port first");
        }
    }

    @Test
    void shouldLeaveThePortAloneWhenItCloses() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            for (final Tap what : Tap.values()) {
                final NetmapPort tap = b.tap(what);
                a.inject(frame(1));
                tap.close();
                a.inject(frame(2));
                StepVerifier.create(numbers(b).take(2))
                        .expectNext(1, 2)
                        .expectComplete()
                        .verify(TIMEOUT);
            }
        }
    }

    @Test
    void shouldEndWithAnErrorWhenThePortCloses() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort tap = a.tap();
            StepVerifier.create(seen(tap))
                    .then(a::close)
                    .expectErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    NetmapErrnoException.class,
                                    errno -> assertThat(errno.errno()).isEqualTo(Errno.EIO)))
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldFailTheTestThatForgetsATapsPacket() {
        final EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
        final NetmapPort a = netmap.open("netmap:x{1");
        final NetmapPort tap = a.tap();
        a.inject(frame(1));
        StepVerifier.create(tap.packets().take(1).doOnNext(packet -> packet.touch("forgotten in the tap")))
                .expectNextCount(1)
                .expectComplete()
                .verify(TIMEOUT);
        assertThatThrownBy(netmap::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("forgotten in the tap");
        assertThat(tap.isClosed()).isTrue();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    @Test
    void shouldShareThePortsLoopIfItWasOpenedWithOne() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
                NetmapLoop loop = NetmapLoop.manual()) {
            final PortOptions shared = PortOptions.builder().loop(loop).build();
            final NetmapPort a = netmap.open("netmap:x{1", shared);
            final NetmapPort b = netmap.open("netmap:x}1", shared);
            final NetmapPort tap = b.tap();
            assertThat(tap.loop()).isSameAs(loop);
            final List<String> seen = new ArrayList<>();
            seen(tap).subscribe(seen::add);
            a.inject(frame(1), frame(2));
            while (loop.doWork() > 0) {
                // until it is quiet
            }
            assertThat(seen).containsExactly("INBOUND 1", "INBOUND 2");
            netmap.close();
        }
    }

    @Test
    void shouldLoseWhatDoesNotFitAndNeverStopThePort() {
        final int count = 1_000;
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final NetmapPort tap =
                    b.tap(Tap.COPY_RX, PortOptions.builder().rxSlots(16).build());
            final CompletableFuture<List<Integer>> received =
                    numbers(b).take(count).collectList().toFuture();
            a.inject(frames(0, count));
            assertThat(received.orTimeout(10, TimeUnit.SECONDS).join())
                    .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
            // Nobody read the tap meanwhile: its ring is full of what came when there was room.
            StepVerifier.create(numbers(tap).take(15).collectList())
                    .assertNext(numbers -> assertThat(numbers).isSorted().doesNotHaveDuplicates())
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldSeeEachPacketOnceWhileAForwarderSwapsBuffers() {
        final int count = 2_000;
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
                NetmapLoop loop = NetmapLoop.create("forwarder")) {
            final PortOptions shared = PortOptions.builder().loop(loop).build();
            final NetmapPort source = netmap.open("netmap:in{1@1");
            final NetmapPort in = netmap.open("netmap:in}1@1", shared);
            final NetmapPort out = netmap.open("netmap:out{1@1", shared);
            final NetmapPort sink = netmap.open("netmap:out}1@1");
            final PortOptions large = PortOptions.builder().rxSlots(2_048).build();
            final NetmapPort arrived = in.tap(Tap.COPY_RX, large);
            final NetmapPort left = out.tap(Tap.COPY_TX, large);
            final NetmapPort gone = sink.tap(Tap.ZERO_COPY, large);

            final CompletableFuture<List<Integer>> received =
                    numbers(sink).take(count).collectList().toFuture();
            final var forwarded = in.packets().take(count).as(out::send).toFuture();
            source.sendFrames(Flux.fromArray(frames(0, count))).block(TIMEOUT);

            final List<Integer> all = IntStream.range(0, count).boxed().toList();
            assertThat(received.orTimeout(10, TimeUnit.SECONDS).join()).containsExactlyElementsOf(all);
            assertThat(forwarded.orTimeout(10, TimeUnit.SECONDS).join().swapped())
                    .isEqualTo(count);
            for (final NetmapPort tap : List.of(arrived, left, gone)) {
                StepVerifier.create(numbers(tap).take(count).collectList())
                        .assertNext(numbers -> assertThat(numbers).containsExactlyElementsOf(all))
                        .expectComplete()
                        .verify(TIMEOUT);
            }
            netmap.close();
            assertThat(netmap.driver().audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldTellTheDriverOfABufferThatAZeroCopyTapGave() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a =
                    netmap.open("netmap:x{1@1", PortOptions.builder().slots(4).build());
            a.tap(Tap.ZERO_COPY);
            try (DriverPort b = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:x}1")))) {
                final NetmapRing rx = b.netmapIf().rxRings().get(0);
                a.inject(frame(1), frame(2), frame(3));
                takeAll(b, rx);
                // Before it fills slot 3, the sender hears that slots 0 to 2 are free: with other buffers.
                a.inject(frame(4));
                takeAll(b, rx);
                a.inject(frame(5));
                b.rxSync();
                assertThat(NetmapSlotDescriptor.flags(rx.slotWord(0))).isEqualTo(NetmapSlotDescriptor.NS_BUF_CHANGED);
                assertThat(NetmapSlotDescriptor.flags(rx.slotWord(3))).isZero();
            }
        }
    }

    private static void takeAll(final DriverPort port, final NetmapRing rx) {
        port.rxSync();
        rx.head(rx.tail());
        rx.cur(rx.tail());
        port.rxSync();
    }

    @Test
    void shouldKeepTheAccountWhileTapsComeAndGo() {
        final int count = 20_000;
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1@1");
            final NetmapPort b = netmap.open("netmap:x}1@1");
            final CompletableFuture<List<Integer>> received =
                    numbers(b).take(count).collectList().toFuture();
            final var sent =
                    a.sendFrames(Flux.range(0, count).map(TapTest::frame)).toFuture();
            final List<Tap> kinds = List.of(Tap.values());
            int round = 0;
            while (!received.isDone() && round < 10_000) {
                final Tap what = kinds.get(round++ % kinds.size());
                final NetmapPort tap = round % 3 == 0
                        ? a.tap(what, PortOptions.builder().rxSlots(64).build())
                        : b.tap(what, PortOptions.builder().rxSlots(64).build());
                final ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
                numbers(tap).subscribe(seen::add);
                tap.close();
                assertThat(List.copyOf(seen)).isSorted();
            }
            assertThat(received.orTimeout(20, TimeUnit.SECONDS).join())
                    .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
            assertThat(sent.orTimeout(10, TimeUnit.SECONDS).join().sent()).isEqualTo(count);
            netmap.close();
            assertThat(netmap.driver().audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldTapAPortOfASwitch() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("vale0:a");
            netmap.open("vale0:b");
            final NetmapPort c = netmap.open("vale0:c");
            final NetmapPort sending = a.tap();
            final NetmapPort receiving = c.tap();
            a.inject(frame(1), frame(2));
            StepVerifier.create(seen(sending).take(2))
                    .expectNext("OUTBOUND 1", "OUTBOUND 2")
                    .expectComplete()
                    .verify(TIMEOUT);
            StepVerifier.create(seen(receiving).take(2))
                    .expectNext("INBOUND 1", "INBOUND 2")
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }
}
