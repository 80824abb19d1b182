package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.operators.filter.PacketFilter;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The README's code, run. {@link DocumentationTest} holds the page to it. */
class ReadmeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ByteBuffer DNS = Frames.udp("10.0.0.1", 4000, "10.0.0.2", 53);
    private static final ByteBuffer WEB = Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80);

    private final AtomicIntegerArray counts = new AtomicIntegerArray(4);
    private final CountDownLatch counted = new CountDownLatch(20);

    @Test
    void dropsTelnet() { // no root, no module, no sleep
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) { // its close fails the test on any packet not released
            NetmapPort a = netmap.open("netmap:test{1");
            NetmapPort b = netmap.open("netmap:test}1");
            ByteBuffer telnet = Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23);
            ByteBuffer dns = Frames.udp("10.0.0.1", 53, "10.0.0.2", 53);
            a.inject(telnet, dns);

            StepVerifier.create(b.packets()
                            .transform(PacketFilter.matching("not tcp port 23"))
                            .transform(Packets.toBytes())
                            .take(1))
                    .assertNext(bytes -> assertThat(ByteBuffer.wrap(bytes)).isEqualTo(dns))
                    .verifyComplete();
        }
    }

    /** The README's forwarder runs for ever; the test ends it by closing its ports from the other side's thread. */
    @Test
    void shouldForwardInSixLines() {
        assumeFalse(Files.exists(Path.of("/dev/netmap")), "the kernel's pipes are for the kernel's driver");
        final CountDownLatch forwarded = new CountDownLatch(1);
        try (NetmapPort lan = NetmapPort.open("netmap:lan{1@1");
                NetmapPort wan = NetmapPort.open("netmap:wan}1@1")) {
            final Mono<Void> forwarder =
                    Mono.<Void>fromRunnable(ReadmeTest::forward).subscribeOn(Schedulers.boundedElastic());
            final var running = forwarder.toFuture();
            wan.packets()
                    .transform(Packets.autoRelease(packet -> forwarded.countDown()))
                    .subscribe();
            lan.inject(WEB, DNS);

            assertThat(await(forwarded)).isTrue();
            running.cancel(true);
            StepVerifier.create(lan.closeAsync())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(TIMEOUT);
            StepVerifier.create(wan.closeAsync())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(lan.statistics().sent()).isEqualTo(2);
            assertThat(wan.statistics().received()).isEqualTo(1);
        }
    }

    private static void forward() {
        NetmapLoop loop = NetmapLoop.create("forwarder"); // both ports on one thread: packets never change hands
        try (NetmapPort in = NetmapPort.open(
                        "netmap:lan}1@1", PortOptions.builder().loop(loop).build());
                NetmapPort out = NetmapPort.open(
                        "netmap:wan{1@1", PortOptions.builder().loop(loop).build())) {
            in.packets() // Flux<Packet> over all RX rings; in.rx(0).packets() for one
                    .transform(PacketFilter.matching("udp port 53")) // the tcpdump language; releases what it rejects
                    .as(out::send) // Mono<TxReport>: batches, then NIOCTXSYNC
                    .block();
        }
    }

    @Test
    void shouldSayWhoReleases() {
        final LongAdder bytes = new LongAdder();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort out = netmap.open("netmap:test{1");
            final NetmapPort in = netmap.open("netmap:test}1");
            out.inject(DNS, WEB);
            in.packets()
                    .transform(Packets.autoRelease(packet -> bytes.add(packet.length())))
                    .subscribe();
            StepVerifier.create(in.closeAsync())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(TIMEOUT);
        }
        assertThat(bytes.sum()).isLessThanOrEqualTo(DNS.remaining() + WEB.remaining());
    }

    @Test
    void shouldFanOut() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort out = netmap.open("netmap:test{1");
            final NetmapPort in = netmap.open("netmap:test}1");
            FanOut lanes = in.packets().as(FanOut.byFlow(4).runOn(Schedulers.parallel()));
            Flux.range(0, 4)
                    .flatMap(lane -> lanes.lane(lane).transform(Packets.autoRelease(packet -> count(lane, packet))))
                    .subscribe();
            for (int i = 0; i < 10; i++) {
                out.inject(DNS, WEB);
            }
            assertThat(await(counted)).isTrue();
            for (int lane = 0; lane < 4; lane++) {
                assertThat(counts.get(lane) % 10).isZero();
            }
        }
    }

    @Test
    void shouldPartition() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort out = netmap.open("netmap:test{1");
            final NetmapPort in = netmap.open("netmap:test}1");
            FanOut parts = in.packets()
                    .as(PacketFilter.partition("udp port 53", "tcp port 80 or 443")); // and a lane for the rest
            for (int i = 0; i < 10; i++) {
                out.inject(WEB, DNS);
            }
            Flux.range(0, 3)
                    .flatMap(lane -> parts.lane(lane).transform(Packets.autoRelease(packet -> count(lane, packet))))
                    .subscribe();
            assertThat(await(counted)).isTrue();
            assertThat(counts).hasToString("[10, 10, 0, 0]");
        }
    }

    private void count(final int lane, final Packet packet) {
        assertThat(packet.length()).isPositive();
        counts.incrementAndGet(lane);
        counted.countDown();
    }

    @Test
    void shouldSpeakFlow() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.create()) {
            final NetmapPort source = netmap.open("netmap:lan{1");
            final NetmapPort in = netmap.open("netmap:lan}1");
            final NetmapPort out = netmap.open("netmap:wan{1");
            final NetmapPort sink = netmap.open("netmap:wan}1");
            Flow.Publisher<Packet> publisher = in.rx(0).flowPublisher();
            Flow.Subscriber<Packet> subscriber = out.tx(0).flowSubscriber();
            publisher.subscribe(subscriber);
            source.inject(DNS);
            StepVerifier.create(sink.packets().transform(Packets.toBytes()).take(1))
                    .assertNext(bytes -> assertThat(ByteBuffer.wrap(bytes)).isEqualTo(DNS))
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    private static boolean await(final CountDownLatch latch) {
        try {
            return latch.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
