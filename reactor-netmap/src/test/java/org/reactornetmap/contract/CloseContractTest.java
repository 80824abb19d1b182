package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.CloseReport;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.PortClosedException;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.SendFailedException;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.packet.PacketReleasedException;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What closing a port does, in which order, and what it reports. */
@Timeout(60)
class CloseContractTest {
    private static EmbeddedNetmap small() {
        return EmbeddedNetmap.create(EmbeddedConfig.builder()
                .buffers(512)
                .bufSize(128)
                .defaultSlots(16)
                .build());
    }

    private static PortOptions on(final NetmapLoop loop) {
        return PortOptions.builder().loop(loop).build();
    }

    private static void assertAllFree(final EmbeddedNetmap netmap, final int free) {
        assertThat(netmap.driver().audit().isBalanced())
                .as("%s", netmap.driver().audit())
                .isTrue();
        assertThat(netmap.driver().freeBuffers()).isEqualTo(free);
    }

    @Test
    void shouldCompleteStreams() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            a.inject(ContractB.frame(0));

            StepVerifier.create(ContractB.numbers(b.packets()))
                    .expectNext(0)
                    .then(b::close)
                    .expectComplete()
                    .verify(ContractB.TIMEOUT);
        }
    }

    @Test
    void shouldCompleteStreamsOfEachRing() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            netmap.open("netmap:x{1", PortOptions.builder().rings(2).build());
            final NetmapPort b = netmap.open("netmap:x}1");

            StepVerifier.create(Mono.when(b.rx(0).packets(), b.rx(1).packets()))
                    .then(b::close)
                    .expectComplete()
                    .verify(ContractB.TIMEOUT);
        }
    }

    @Test
    void shouldCompleteTheMergedStream() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            netmap.open("netmap:x{1", PortOptions.builder().rings(2).build());
            final NetmapPort b = netmap.open(
                    "netmap:x}1", PortOptions.builder().perRing(true).build());

            StepVerifier.create(b.packets()).then(b::close).expectComplete().verify(ContractB.TIMEOUT);
        }
    }

    @Test
    void shouldRefuseSubscribersAfterwards() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort port = netmap.open("netmap:x{1");
            port.close();

            assertThat(port.isClosed()).isTrue();
            assertThat(ContractB.errorOf(port.packets().then())).isInstanceOf(PortClosedException.class);
            assertThat(ContractB.errorOf(port.sendFrames(ContractB.frames(0, 1))))
                    .isInstanceOf(PortClosedException.class)
                    .hasMessageContaining("x{1");
        }
    }

    @Test
    void shouldSendWhatWaitsWhileThereIsTime() throws InterruptedException {
        try (EmbeddedNetmap netmap = small()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final CompletableFuture<TxReport> send = a.send(
                            ContractB.frames(0, 20).map(PacketPool::wrap).concatWith(Mono.never()),
                            TxOptions.builder().drain(ContractB.TIMEOUT).build())
                    .toFuture();
            ContractB.await(() -> a.statistics().sent() == 15, "a full ring");
            final CompletableFuture<CloseReport> close = a.closeAsync().toFuture();

            StepVerifier.create(ContractB.numbers(b.packets()).take(20))
                    .expectNextSequence(IntStream.range(0, 20).boxed().toList())
                    .expectComplete()
                    .verify(ContractB.TIMEOUT);
            final CloseReport report = ContractB.get(close);

            assertThat(report).isEqualTo(new CloseReport(0, 0, 0, 0));
            final Throwable error = ContractB.errorOf(send);
            assertThat(error).isInstanceOf(PortClosedException.class);
            final TxReport sent = ((SendFailedException) error.getSuppressed()[0]).report();
            assertThat(sent.sent()).isEqualTo(20);
            assertThat(sent.dropped()).isZero();
        }
    }

    @Test
    void shouldReportWhatTheDrainTimeoutLeft() throws InterruptedException {
        final AtomicLong clock = new AtomicLong();
        final NetmapLoop loop = NetmapLoop.builder("manual").clock(clock::get).buildManual();
        try (EmbeddedNetmap netmap = small()) {
            final NetmapPort a = netmap.open("netmap:x{1", on(loop));
            netmap.open("netmap:x}1"); // nobody reads there
            final CompletableFuture<TxReport> send = a.send(
                            ContractB.frames(0, 20).map(PacketPool::wrap).concatWith(Mono.never()),
                            TxOptions.builder()
                                    .drain(java.time.Duration.ofSeconds(2))
                                    .build())
                    .toFuture();
            ContractB.settle(loop);
            assertThat(a.statistics().sent()).isEqualTo(15);
            final CompletableFuture<CloseReport> close = a.closeAsync().toFuture();
            ContractB.settle(loop);
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_999));
            ContractB.settle(loop);
            assertThat(close).isNotDone();

            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            ContractB.work(close::isDone, loop);

            final CloseReport report = ContractB.get(close);
            assertThat(report.pending()).isEqualTo(15);
            assertThat(report.dropped()).isEqualTo(5);
            final TxReport sent = ((SendFailedException) ContractB.errorOf(send).getSuppressed()[0]).report();
            assertThat(sent.sent()).isEqualTo(15);
            assertThat(sent.dropped()).isEqualTo(5);
            assertThat(sent.pending()).isEqualTo(15);
        }
    }

    @Test
    void shouldRevokeWhatIsHeld() throws InterruptedException {
        try (EmbeddedNetmap netmap = small()) {
            final int free = netmap.driver().freeBuffers();
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            a.sendFrames(ContractB.frames(0, 6)).block(ContractB.TIMEOUT);
            final List<Packet> held = b.packets(
                            RxOptions.builder().hold(RxOptions.Hold.SWAP_ALWAYS).build())
                    .take(3)
                    .collectList()
                    .block(ContractB.TIMEOUT);
            assertThat(held).hasSize(3);
            final List<Packet> inPlace = b.packets(
                            RxOptions.builder().hold(RxOptions.Hold.IN_PLACE).build())
                    .take(3)
                    .collectList()
                    .block(ContractB.TIMEOUT);
            final List<Packet> all = new ArrayList<>(held);
            all.addAll(inPlace);

            final CloseReport report = ContractB.get(b.closeAsync().toFuture());

            assertThat(report.revoked()).isEqualTo(6);
            for (final Packet packet : all) {
                assertThat(packet.isReleased()).isTrue();
                assertThatThrownBy(packet::length).isInstanceOf(PacketReleasedException.class);
                assertThatThrownBy(() -> packet.u8(0)).isInstanceOf(PacketReleasedException.class);
                assertThatThrownBy(packet::retain).isInstanceOf(PacketReleasedException.class);
                assertThatCode(packet::release).doesNotThrowAnyException();
            }
            a.close();
            assertAllFree(netmap, free);
            assertThat(b.statistics().held()).isZero();
        }
    }

    @Test
    void shouldDropFromOtherSendsWhatWaitsThere() throws InterruptedException {
        final NetmapLoop loop = NetmapLoop.manual();
        try (EmbeddedNetmap netmap = small()) {
            final int free = netmap.driver().freeBuffers();
            final NetmapPort source = netmap.open("netmap:in{1", on(loop));
            final NetmapPort in = netmap.open("netmap:in}1", on(loop));
            final NetmapPort out = netmap.open("netmap:out{1", on(loop));
            final NetmapPort sink = netmap.open("netmap:out}1", on(loop));
            out.inject(ContractB.frames(100, 13).collectList().block().toArray(java.nio.ByteBuffer[]::new));
            source.inject(ContractB.frames(0, 10).collectList().block().toArray(java.nio.ByteBuffer[]::new));
            final CompletableFuture<TxReport> send = in.packets().as(out::send).toFuture();
            ContractB.settle(loop);

            final CompletableFuture<CloseReport> close = in.closeAsync().toFuture();
            ContractB.work(close::isDone, loop);
            final CompletableFuture<List<Integer>> received =
                    ContractB.numbers(sink.packets()).take(15).collectList().toFuture();
            ContractB.work(() -> received.isDone() && send.isDone(), loop);

            assertThat(ContractB.get(close)).isEqualTo(new CloseReport(0, 8, 0, 0));
            assertThat(ContractB.get(received)).endsWith(0, 1).hasSize(15);
            final TxReport report = ContractB.get(send);
            assertThat(report.sent()).isEqualTo(2);
            assertThat(report.dropped()).isEqualTo(8);
            ContractB.assertConserved(in);
            assertThat(in.statistics().received()).isEqualTo(10);
            for (final NetmapPort port : List.of(source, out, sink)) {
                port.close();
            }
            assertAllFree(netmap, free);
        }
    }

    @Test
    void shouldReportTheSameEachTime() throws InterruptedException {
        try (EmbeddedNetmap netmap = small()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            a.inject(ContractB.frame(0));
            final Packet held = b.packets().next().block(ContractB.TIMEOUT);
            assertThat(held).isNotNull();

            final Mono<CloseReport> close = b.closeAsync();
            assertThat(b.isClosed()).as("closed before subscription").isFalse();
            final CloseReport first = ContractB.get(close.toFuture());
            b.close();
            b.close();

            assertThat(first.revoked()).isEqualTo(1);
            assertThat(ContractB.get(close.toFuture())).isEqualTo(first);
            assertThat(ContractB.get(b.closeAsync().toFuture())).isEqualTo(first);
        }
    }

    @Test
    void shouldFinishCloseThoughItsSubscriberCancels() throws InterruptedException {
        try (EmbeddedNetmap netmap = small()) {
            final NetmapPort port = netmap.open("netmap:x{1");

            port.closeAsync().subscribe().dispose();

            assertThat(ContractB.get(port.closeAsync().toFuture()).revoked()).isZero();
        }
    }

    @Test
    void shouldNotBlockOnALoop() throws InterruptedException {
        try (EmbeddedNetmap netmap = small();
                NetmapLoop other = NetmapLoop.create("other")) {
            final int free = netmap.driver().freeBuffers();
            for (final boolean own : new boolean[] {true, false}) {
                final NetmapPort port = netmap.open("netmap:x{1");
                final NetmapLoop loop = own ? port.loop() : other;
                final CountDownLatch returned = new CountDownLatch(1);
                loop.execute(() -> {
                    port.close();
                    returned.countDown();
                });

                assertThat(returned.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(ContractB.get(port.closeAsync().toFuture())).isEqualTo(new CloseReport(0, 0, 0, 0));
            }
            assertAllFree(netmap, free);
        }
    }

    @Test
    void shouldCloseFromASubscriber() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final CompletableFuture<List<Integer>> received = ContractB.numbers(
                            b.packets().doOnNext(packet -> b.close()))
                    .collectList()
                    .toFuture();
            a.inject(ContractB.frame(0), ContractB.frame(1));

            assertThat(ContractB.get(received)).startsWith(0);
            assertThat(ContractB.get(b.closeAsync().toFuture()).revoked()).isZero();
        }
    }

    @Test
    void shouldCloseAPortOfAManualLoop() {
        final NetmapLoop loop = NetmapLoop.manual();
        try (EmbeddedNetmap netmap = small()) {
            final int free = netmap.driver().freeBuffers();
            final NetmapPort a = netmap.open("netmap:x{1", on(loop));
            final NetmapPort b = netmap.open("netmap:x}1", on(loop));
            a.inject(ContractB.frame(0));
            final List<Packet> held = new ArrayList<>();
            final List<String> signals = new ArrayList<>();
            b.packets().subscribe(held::add, error -> signals.add("error"), () -> signals.add("complete"));
            ContractB.settle(loop);

            b.close();

            assertThat(signals).containsExactly("complete");
            assertThat(held).hasSize(1);
            assertThat(held.get(0).isReleased()).isTrue();
            a.close();
            assertAllFree(netmap, free);
            assertThat(loop.doWork()).isZero();
        }
    }

    @Test
    void shouldCloseAPortOfAManualLoopFromAnotherThread() throws InterruptedException {
        final NetmapLoop loop = NetmapLoop.manual();
        try (EmbeddedNetmap netmap = small()) {
            final NetmapPort port = netmap.open("netmap:x{1", on(loop));
            final CountDownLatch returned = new CountDownLatch(1);
            final Thread closer = new Thread(() -> {
                port.close();
                returned.countDown();
            });
            closer.start();

            ContractB.work(() -> returned.getCount() == 0, loop);

            closer.join(10_000);
            assertThat(closer.isAlive()).isFalse();
        }
    }

    @Test
    void shouldServePortsOfALoopThatIsClosedBeforeThem() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final int free = netmap.driver().freeBuffers();
            final NetmapLoop loop = NetmapLoop.create("early");
            final NetmapPort a = netmap.open("netmap:x{1", on(loop));
            final NetmapPort b = netmap.open("netmap:x}1", on(loop));
            loop.close();

            assertThat(a.inject(ContractB.frame(7)).sent()).isEqualTo(1);
            assertThat(ContractB.numbers(b.packets()).next().block(ContractB.TIMEOUT))
                    .isEqualTo(7);
            assertThat(ContractB.get(a.closeAsync().toFuture()))
                    .as("not confirmed: the reader released it after the last sync")
                    .isEqualTo(new CloseReport(0, 0, 1, 0));
            assertThat(ContractB.get(b.closeAsync().toFuture())).isEqualTo(new CloseReport(0, 0, 0, 0));
            assertAllFree(netmap, free);
            assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void shouldRefuseToOpenOnAClosedLoop() {
        try (EmbeddedNetmap netmap = small()) {
            final int free = netmap.driver().freeBuffers();
            final NetmapLoop loop = NetmapLoop.create("gone");
            loop.close();

            assertThatThrownBy(() -> netmap.open("netmap:x{1", on(loop)))
                    .isInstanceOfAny(IllegalStateException.class, RejectedExecutionException.class)
                    .hasMessageContaining("gone");
            assertAllFree(netmap, free);
        }
    }

    @Test
    void shouldLeaveAllBuffersFreeHoweverOften() {
        try (EmbeddedNetmap netmap = small();
                NetmapLoop loop = NetmapLoop.create("often")) {
            final int free = netmap.driver().freeBuffers();
            for (int i = 0; i < 200; i++) {
                final NetmapPort a = netmap.open("netmap:x{1", on(loop));
                final NetmapPort b = netmap.open("netmap:x}1", on(loop));
                a.inject(ContractB.frame(i), ContractB.frame(i + 1));
                final Packet held = b.packets(RxOptions.builder()
                                .hold(i % 2 == 0 ? RxOptions.Hold.SWAP_ALWAYS : RxOptions.Hold.IN_PLACE)
                                .build())
                        .next()
                        .block(ContractB.TIMEOUT);
                assertThat(held).isNotNull();
                if (i % 3 == 0) {
                    held.release();
                }
                a.close();
                b.close();
                assertAllFree(netmap, free);
            }
        }
    }
}
