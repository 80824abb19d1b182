package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.BufferAudit;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedInterface;
import org.reactornetmap.driver.embedded.InterfaceConfig;
import org.reactornetmap.driver.embedded.InterfaceStatistics;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Simulated interfaces as an application has them: the NIC's rings, the host stack's, and both. */
@Timeout(60)
@SuppressWarnings("try") // some ports are only held open
class InterfacePortTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int COUNT = 3_000;

    private static ByteBuffer frame(final int number) {
        return Frames.udp("10.0.0.1", number, "10.0.0.2", 53);
    }

    private static Flux<ByteBuffer> frames(final int count) {
        return Flux.range(0, count).map(InterfacePortTest::frame);
    }

    private static int number(final Packet packet) {
        final int number = packet.u16(34);
        packet.release();
        return number;
    }

    private static List<Integer> numbers(final List<ByteBuffer> frames) {
        return frames.stream().map(frame -> frame.getShort(34) & 0xFFFF).toList();
    }

    private static List<Integer> sequence(final int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static CompletableFuture<List<Integer>> collect(final Flux<Packet> packets, final int count) {
        return packets.take(count)
                .map(InterfacePortTest::number)
                .collectList()
                .toFuture()
                .orTimeout(20, TimeUnit.SECONDS);
    }

    private static <T> T await(final CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Once the ports gave their spare buffers back. */
    private static void assertBalanced(final EmbeddedNetmap netmap) {
        netmap.close();
        assertThat(netmap.driver().audit()).matches(BufferAudit::isBalanced);
    }

    @Test
    void shouldReceiveFromTheWire() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            final NetmapPort port = netmap.open("netmap:eth0");
            final var received = collect(port.packets(), COUNT);

            for (int i = 0; i < COUNT; i++) {
                final ByteBuffer frame = frame(i);
                while (!eth0.receive(frame)) {
                    // What the ring has no room for is lost to a NIC; this wire tries again.
                    Thread.onSpinWait();
                }
            }

            assertThat(await(received)).isEqualTo(sequence(COUNT));
            final InterfaceStatistics statistics = eth0.statistics();
            assertThat(statistics.ringReceived()).isEqualTo(COUNT);
            assertThat(statistics.wireReceived()).isEqualTo(COUNT + statistics.ringFull());
            while (port.statistics().received() < COUNT) {
                // Published at the end of the burst, which is behind its last packet.
                Thread.onSpinWait();
            }
            assertBalanced(netmap);
        }
    }

    @Test
    void shouldTransmitToTheWire() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            final NetmapPort port = netmap.open("netmap:eth0");

            final TxReport report = port.sendFrames(frames(COUNT)).block(TIMEOUT);

            assertThat(report).isNotNull();
            assertThat(report.sent()).isEqualTo(COUNT);
            assertThat(report.pending()).isZero();
            assertThat(numbers(eth0.transmitted())).isEqualTo(sequence(COUNT));
            assertThat(eth0.statistics().transmitted()).isEqualTo(COUNT);
        }
    }

    @Test
    void shouldCompleteASendWithWhatWaitsForTheLink() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            final NetmapPort port = netmap.open("netmap:eth0");
            eth0.link(false);
            final var report = port.sendFrames(frames(2_000)).toFuture();
            // A ring of 1,024 slots takes 1,023 and the rest waits for the link.
            while (eth0.statistics().transmitted() == 0) {
                eth0.link(true);
                eth0.link(false);
            }
            eth0.link(true);

            assertThat(await(report).sent()).isEqualTo(2_000);
            assertThat(numbers(eth0.transmitted())).isEqualTo(sequence(2_000));
        }
    }

    @Test
    void shouldTalkToTheHostStack() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            final NetmapPort nic = netmap.open("netmap:eth0");
            final NetmapPort host = netmap.open("netmap:eth0^");
            final var fromStack = collect(host.packets(), 100);

            for (int i = 0; i < 100; i++) {
                assertThat(eth0.hostStack().send(frame(i))).isTrue();
            }
            final TxReport report = host.sendFrames(frames(100)).block(TIMEOUT);

            assertThat(await(fromStack)).isEqualTo(sequence(100));
            assertThat(report).isNotNull();
            assertThat(report.sent()).isEqualTo(100);
            assertThat(numbers(eth0.hostStack().received())).isEqualTo(sequence(100));
            assertThat(eth0.statistics().transmitted() + eth0.statistics().direct())
                    .isZero();
            assertThat(nic.rxRings()).isEqualTo(1);
        }
    }

    @Test
    void shouldBridgeNicAndHostStackInOnePort() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            final NetmapPort port = netmap.open("netmap:eth0*");
            assertThat(port.rxRings()).isEqualTo(2);
            final var up = port.tx(1).send(port.rx(0).packets().take(200)).toFuture();
            final var down = port.tx(0).send(port.rx(1).packets().take(100)).toFuture();

            for (int i = 0; i < 200; i++) {
                assertThat(eth0.receive(frame(i))).isTrue();
                if (i < 100) {
                    assertThat(eth0.hostStack().send(frame(i))).isTrue();
                }
            }

            assertThat(await(up).swapped()).isEqualTo(200);
            assertThat(await(down).swapped()).isEqualTo(100);
            assertThat(numbers(eth0.hostStack().received())).isEqualTo(sequence(200));
            assertThat(numbers(eth0.transmitted())).isEqualTo(sequence(100));
            assertBalanced(netmap);
        }
    }

    @Test
    void shouldForwardBetweenTwoInterfacesByTheirWires() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface left = netmap.addInterface("left");
            final EmbeddedInterface in = netmap.addInterface("in");
            final EmbeddedInterface out = netmap.addInterface("out");
            left.cable(in);
            final NetmapLoop loop = NetmapLoop.create("forwarder");
            final PortOptions shared = PortOptions.builder().loop(loop).build();
            final NetmapPort source = netmap.open("netmap:left");
            final NetmapPort from = netmap.open("netmap:in", shared);
            final NetmapPort to = netmap.open("netmap:out", shared);
            final var forwarded = from.packets().take(500).as(to::send).toFuture();

            final TxReport sent = source.sendFrames(frames(500)).block(TIMEOUT);

            assertThat(sent).isNotNull();
            assertThat(sent.sent()).isEqualTo(500);
            final TxReport report = await(forwarded);
            assertThat(report.sent()).isEqualTo(500);
            assertThat(report.swapped()).isEqualTo(500);
            assertThat(numbers(out.transmitted())).isEqualTo(sequence(500));
            assertThat(in.statistics().ringFull()).isZero();
            assertBalanced(netmap);
            loop.close();
        }
    }

    @Test
    void shouldServeEachRingWithALoopOfItsOwn() {
        final EmbeddedConfig config = EmbeddedConfig.builder().buffers(16_384).build();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests(config)) {
            final EmbeddedInterface eth0 = netmap.addInterface(
                    "eth0", InterfaceConfig.builder().rings(2).slots(256).build());
            final NetmapPort port = netmap.open(
                    "netmap:eth0", PortOptions.builder().perRing(true).build());
            final var received = collect(port.packets(), 200);

            for (int i = 0; i < 200; i++) {
                assertThat(eth0.receive(i & 1, frame(i))).isTrue();
            }

            assertThat(await(received)).containsExactlyInAnyOrderElementsOf(sequence(200));
        }
    }

    @Test
    void shouldReceiveAFrameOfSeveralSlotsAsOnePacket() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface(
                    "eth0", InterfaceConfig.builder().mtu(9_000).build());
            final NetmapPort port = netmap.open("netmap:eth0");
            final ByteBuffer jumbo = ByteBuffer.allocate(7_000);
            jumbo.putInt(6_996, 42);

            eth0.receive(jumbo);

            StepVerifier.create(port.packets().transform(Packets.toBytes()).take(1))
                    .assertNext(bytes -> assertThat(bytes).isEqualTo(jumbo.array()))
                    .expectComplete()
                    .verify(TIMEOUT);
            final TxReport report = port.inject(jumbo);
            assertThat(report.sent()).isEqualTo(1);
            assertThat(eth0.transmitted()).containsExactly(jumbo);
        }
    }

    @Test
    void shouldFailEveryStreamOfAnInterfaceThatVanishes() {
        for (final String suffix : List.of("", "^", "*")) {
            try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
                final EmbeddedInterface eth0 = netmap.addInterface("eth0");
                final NetmapPort port = netmap.open("netmap:eth0" + suffix);
                final Sinks.Many<ByteBuffer> source = Sinks.many().unicast().onBackpressureBuffer();
                final var sent = port.sendFrames(source.asFlux()).toFuture();

                StepVerifier.create(port.packets().map(InterfacePortTest::number))
                        .expectSubscription()
                        .then(eth0::remove)
                        .expectErrorSatisfies(InterfacePortTest::assertGone)
                        .verify(TIMEOUT);
                source.tryEmitNext(frame(1));

                assertThatExceptionOfType(Exception.class)
                        .isThrownBy(() -> await(sent))
                        .havingCause()
                        .satisfies(InterfacePortTest::assertGone);
                assertBalanced(netmap);
            }
        }
    }

    private static void assertGone(final Throwable error) {
        final List<Throwable> causes = new ArrayList<>();
        for (Throwable e = error; e != null; e = e.getCause()) {
            causes.add(e);
        }
        assertThat(causes)
                .anySatisfy(e -> assertThat(e)
                        .isInstanceOfSatisfying(
                                NetmapErrnoException.class,
                                gone -> assertThat(gone.errno()).isEqualTo(Errno.EIO)));
    }

    @Test
    void shouldForwardThroughASwitchThatInterfacesAreAttachedTo() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            final NetmapAdmin admin = netmap.admin();
            final NetmapPort port = netmap.open("vale0:p");
            admin.attach("vale0:eth0");
            final var received = collect(port.packets(), 100);

            for (int i = 0; i < 100; i++) {
                assertThat(eth0.receive(frame(i))).isTrue();
            }

            assertThat(await(received)).isEqualTo(sequence(100));
            final TxReport report = port.sendFrames(frames(50)).block(TIMEOUT);
            assertThat(report).isNotNull();
            assertThat(report.sent()).isEqualTo(50);
            assertThat(numbers(eth0.transmitted())).isEqualTo(sequence(50));
            admin.detach("vale0:eth0");
            assertBalanced(netmap);
        }
    }
}
