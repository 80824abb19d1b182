package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.FrameRejectedException;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.SendFailedException;
import org.reactornetmap.flow.TxClaim;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.packet.PacketReleasedException;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

/** How packets get into TX rings: batches, order, room, buffers exchanged or copied, and what a send reports. */
@Timeout(60)
class TransmitContractTest {
    private static final int SLOTS = 16;
    private static final int BUF_SIZE = 128;

    private final AtomicLong clock = new AtomicLong();
    private final NetmapLoop loop =
            NetmapLoop.builder("manual").clock(clock::get).buildManual();
    private final NetmapLoop otherLoop = NetmapLoop.manual();
    private final EmbeddedNetmap netmap = netmap();
    private final NetmapPort out = netmap.open("netmap:out{1@1", on(loop));
    private final NetmapPort sink = netmap.open("netmap:out}1@1", on(loop));

    private static EmbeddedNetmap netmap() {
        return EmbeddedNetmap.forTests(EmbeddedConfig.builder()
                .buffers(1024)
                .bufSize(BUF_SIZE)
                .defaultSlots(SLOTS)
                .build());
    }

    private static PortOptions on(final NetmapLoop loop) {
        return PortOptions.builder().loop(loop).build();
    }

    @AfterEach
    void close() {
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private static Packet packet(final int number) {
        return PacketPool.wrap(ContractB.frame(number));
    }

    private List<Integer> receive(final int count) throws InterruptedException {
        return receive(sink, count);
    }

    private List<Integer> receive(final NetmapPort port, final int count) throws InterruptedException {
        final CompletableFuture<List<Integer>> numbers =
                ContractB.numbers(port.packets()).take(count).collectList().toFuture();
        ContractB.work(numbers::isDone, loop, otherLoop);
        return ContractB.get(numbers);
    }

    private TxReport finish(final CompletableFuture<TxReport> send) throws InterruptedException {
        ContractB.work(send::isDone, loop, otherLoop);
        return ContractB.get(send);
    }

    private static List<Integer> range(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 256})
    void shouldSyncOnceABatch(final int batch) throws InterruptedException {
        final long before = out.tx(0).statistics().syncs();
        final TxReport report = finish(out.send(
                        Flux.range(0, 10).map(TransmitContractTest::packet),
                        TxOptions.builder().batch(batch).build())
                .toFuture());

        assertThat(report.sent()).isEqualTo(10);
        assertThat(out.tx(0).statistics().syncs() - before).isEqualTo((10 + batch - 1) / batch);
        assertThat(receive(10)).isEqualTo(range(0, 10));
    }

    @Test
    void shouldWaitForMoreAsLongAsLingerAllows() throws InterruptedException {
        final TestPublisher<Packet> source = TestPublisher.create();
        final CompletableFuture<TxReport> send = out.send(
                        source.flux(),
                        TxOptions.builder()
                                .batch(4)
                                .linger(Duration.ofMillis(1))
                                .build())
                .toFuture();
        ContractB.settle(loop);
        source.next(packet(0)).next(packet(1));
        ContractB.settle(loop);
        final long before = out.tx(0).statistics().syncs();
        clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(999));
        ContractB.settle(loop);
        assertThat(out.tx(0).statistics().syncs()).isEqualTo(before);

        clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(1));
        ContractB.settle(loop);
        assertThat(out.tx(0).statistics().syncs()).isEqualTo(before + 1);
        assertThat(receive(2)).isEqualTo(range(0, 2));

        source.next(packet(2)).next(packet(3)).next(packet(4)).next(packet(5));
        ContractB.settle(loop);
        assertThat(out.tx(0).statistics().syncs()).as("full batch").isEqualTo(before + 2);
        source.next(packet(6));
        source.complete();
        assertThat(finish(send).sent()).as("the end does not linger").isEqualTo(7);
        assertThat(receive(5)).isEqualTo(range(2, 7));
    }

    @Test
    void shouldRejectWhatIsEmptyOrTooLong() throws InterruptedException {
        final int longest = BUF_SIZE * (SLOTS - 1);
        final TxReport report = finish(out.send(Flux.just(
                        packet(0),
                        PacketPool.wrap(ByteBuffer.allocate(0)),
                        PacketPool.wrap(ByteBuffer.allocate(longest + 1)),
                        packet(1)))
                .toFuture());

        assertThat(report).isEqualTo(new TxReport(2, 2 * ContractB.FRAME_BYTES, 0, 2, 2, 0, report.pending()));
        assertThat(out.tx(0).statistics().rejected()).isEqualTo(2);
        assertThat(receive(2)).isEqualTo(range(0, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, BUF_SIZE * (SLOTS - 1) + 1})
    void shouldFailForWhatIsEmptyOrTooLongIfAsked(final int bytes) throws InterruptedException {
        final Packet bad = PacketPool.wrap(ByteBuffer.allocate(bytes));
        final CompletableFuture<TxReport> send = out.send(
                        Flux.just(packet(0), bad, packet(1)),
                        TxOptions.builder().oversize(TxOptions.Oversize.FAIL).build())
                .toFuture();
        ContractB.work(send::isDone, loop);

        final Throwable error = ContractB.errorOf(send);
        assertThat(error)
                .isInstanceOf(FrameRejectedException.class)
                .hasMessageContaining(bytes + " bytes")
                .hasMessageContaining("1.." + BUF_SIZE * (SLOTS - 1));
        assertThat(error.getSuppressed()).hasSize(1);
        assertThat(((SendFailedException) error.getSuppressed()[0]).report().rejected())
                .isEqualTo(1);
        assertThat(bad.isReleased()).isTrue();
        assertThat(receive(1)).isEqualTo(range(0, 1));
    }

    @Test
    void shouldKeepTheOrderOfEachSender() throws InterruptedException {
        final CompletableFuture<TxReport> first = out.tx(0)
                .send(Flux.range(0, 50).map(TransmitContractTest::packet))
                .toFuture();
        final CompletableFuture<TxReport> second = out.tx(0)
                .send(Flux.range(1_000, 70).map(TransmitContractTest::packet))
                .toFuture();

        final List<Integer> received = receive(120);

        assertThat(received.stream().filter(n -> n < 1_000).toList()).isEqualTo(range(0, 50));
        assertThat(received.stream().filter(n -> n >= 1_000).toList()).isEqualTo(range(1_000, 1_070));
        assertThat(finish(first).sent()).isEqualTo(50);
        assertThat(finish(second).sent()).isEqualTo(70);
    }

    private void forward(final NetmapLoop inLoop, final boolean retain, final int count, final boolean swaps)
            throws InterruptedException {
        final NetmapPort source = netmap.open("netmap:in{1@1", on(inLoop));
        final NetmapPort in = netmap.open("netmap:in}1@1", on(inLoop));
        final List<Packet> kept = new ArrayList<>();
        final CompletableFuture<TxReport> send = in.packets()
                .take(count)
                .doOnNext(packet -> {
                    if (retain) {
                        kept.add(packet.retain());
                    }
                })
                .as(out::send)
                .toFuture();
        final CompletableFuture<TxReport> feed =
                source.sendFrames(ContractB.frames(0, count)).toFuture();

        final List<Integer> received = receive(count);

        assertThat(received).isEqualTo(range(0, count));
        final TxReport report = finish(send);
        assertThat(report.sent()).isEqualTo(count);
        assertThat(report.bytes()).isEqualTo((long) count * ContractB.FRAME_BYTES);
        assertThat(report.swapped()).isEqualTo(swaps ? count : 0);
        assertThat(report.copied()).isEqualTo(swaps ? 0 : count);
        assertThat(finish(feed).sent()).isEqualTo(count);
        kept.forEach(packet -> assertThat(ContractB.number(packet)).isNotNegative());
        kept.forEach(Packet::release);
        ContractB.settle(loop, otherLoop);
        ContractB.assertConserved(in);
        assertThat(in.statistics().held()).isZero();
        in.close();
        source.close();
    }

    @Test
    void shouldSwapOnOneLoop() throws InterruptedException {
        forward(loop, false, 200, true);
    }

    @Test
    void shouldSwapBetweenLoopsOverTheSameMemory() throws InterruptedException {
        forward(otherLoop, false, 200, true);
    }

    @Test
    void shouldCopyWhatIsRetained() throws InterruptedException {
        forward(loop, true, 15, false);
    }

    @Test
    void shouldCopyBetweenMemories() throws InterruptedException {
        try (EmbeddedNetmap elsewhere = netmap()) {
            final NetmapPort source = elsewhere.open("netmap:in{1@1", on(otherLoop));
            final NetmapPort in = elsewhere.open("netmap:in}1@1", on(otherLoop));
            final CompletableFuture<TxReport> send =
                    in.packets().take(100).as(out::send).toFuture();
            final CompletableFuture<TxReport> feed =
                    source.sendFrames(ContractB.frames(0, 100)).toFuture();

            assertThat(receive(100)).isEqualTo(range(0, 100));
            assertThat(finish(send).copied()).isEqualTo(100);
            assertThat(finish(feed).sent()).isEqualTo(100);
            ContractB.settle(otherLoop);
            ContractB.assertConserved(in);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendPacketsOfSeveralSlots(final boolean sameLoop) throws InterruptedException {
        final NetmapLoop inLoop = sameLoop ? loop : otherLoop;
        final NetmapPort source = netmap.open("netmap:in{1@1", on(inLoop));
        final NetmapPort in = netmap.open("netmap:in}1@1", on(inLoop));
        final int bytes = BUF_SIZE * 2 + 10;
        final CompletableFuture<TxReport> send =
                in.packets().take(20).as(out::send).toFuture();
        final CompletableFuture<TxReport> feed = source.sendFrames(
                        Flux.range(0, 20).map(i -> ContractB.frame(i, bytes)))
                .toFuture();

        assertThat(receive(20)).isEqualTo(range(0, 20));
        final TxReport report = finish(send);
        assertThat(report.swapped()).isEqualTo(20);
        assertThat(report.bytes()).isEqualTo(20L * bytes);
        assertThat(finish(feed).copied()).isEqualTo(20);
        in.close();
        source.close();
    }

    @Test
    void shouldSendRingIThroughRingIModuloN() throws InterruptedException {
        final NetmapPort source = netmap.open(
                "netmap:m{1@1", PortOptions.builder().loop(loop).rings(3).build());
        final NetmapPort in = netmap.open("netmap:m}1@1", on(loop));
        final NetmapPort two = netmap.open(
                "netmap:n{1@1", PortOptions.builder().loop(loop).rings(2).build());
        final NetmapPort far = netmap.open("netmap:n}1@1", on(loop));
        final CompletableFuture<TxReport> send =
                in.packets().take(6).as(two::send).toFuture();
        for (int ring = 0; ring < 3; ring++) {
            finish(source.tx(ring)
                    .send(Flux.range(10 * ring, 2).map(TransmitContractTest::packet))
                    .toFuture());
        }
        assertThat(finish(send).sent()).isEqualTo(6);
        final List<List<Integer>> received = List.of(new ArrayList<>(), new ArrayList<>());
        final Disposable subscription = far.packets().subscribe(packet -> {
            received.get(packet.ring()).add(ContractB.number(packet));
            packet.release();
        });
        ContractB.settle(loop);
        subscription.dispose();
        ContractB.settle(loop);

        assertThat(received.get(0)).containsExactlyInAnyOrder(0, 1, 20, 21);
        assertThat(received.get(1)).containsExactly(10, 11);
    }

    @Test
    void shouldSendBothWaysOfAFlowThroughOneRing() throws InterruptedException {
        final NetmapPort two = netmap.open(
                "netmap:n{1@1", PortOptions.builder().loop(loop).rings(4).build());
        final NetmapPort far = netmap.open("netmap:n}1@1", on(loop));
        final boolean[] used = new boolean[4];
        for (int flow = 0; flow < 32; flow++) {
            finish(two.sendFrames(Flux.just(
                            Frames.udp("10.0.0.1", 1_000 + flow, "10.0.0.2", 53),
                            Frames.udp("10.0.0.2", 53, "10.0.0.1", 1_000 + flow)))
                    .toFuture());
            final List<Integer> rings = new ArrayList<>();
            final Disposable subscription = far.packets().subscribe(packet -> {
                rings.add(packet.ring());
                packet.release();
            });
            ContractB.settle(loop);
            subscription.dispose();
            assertThat(rings).hasSize(2);
            assertThat(rings.get(0)).isEqualTo(rings.get(1));
            used[rings.get(0)] = true;
        }
        assertThat(used).containsOnly(true);
    }

    @Test
    void shouldNotRequestMoreThanTheRingHolds() throws InterruptedException {
        final AtomicLong requested = new AtomicLong();
        final AtomicLong emitted = new AtomicLong();
        final AtomicLong most = new AtomicLong();
        final CompletableFuture<TxReport> send = Flux.range(0, 200)
                .map(TransmitContractTest::packet)
                .doOnNext(packet -> emitted.incrementAndGet())
                .doOnRequest(n -> most.accumulateAndGet(requested.addAndGet(n) - emitted.get(), Math::max))
                .as(out::send)
                .toFuture();
        ContractB.settle(loop);
        assertThat(out.tx(0).statistics().sent()).isEqualTo(SLOTS - 1);
        assertThat(emitted.get()).isLessThanOrEqualTo(2L * (SLOTS - 1));
        assertThat(send).isNotDone();

        assertThat(receive(200)).isEqualTo(range(0, 200));
        assertThat(finish(send).sent()).isEqualTo(200);
        assertThat(most.get()).isBetween(1L, (long) SLOTS);
    }

    @Test
    void shouldSendWhatIsCommittedOnly() throws InterruptedException {
        loop.doWork();
        final TxClaim aborted = out.tx(0).claim(ContractB.FRAME_BYTES);
        aborted.buffer().put(ContractB.frame(1));
        assertThatThrownBy(() -> out.tx(0).claim(1)).isInstanceOf(IllegalStateException.class);
        aborted.abort();
        assertThatThrownBy(aborted::commit).isInstanceOf(IllegalStateException.class);
        final TxClaim committed = out.tx(0).claim(ContractB.FRAME_BYTES);
        assertThat(committed.buffer().capacity()).isEqualTo(ContractB.FRAME_BYTES);
        committed.buffer().put(ContractB.frame(2));
        committed.commit();
        assertThatThrownBy(committed::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(committed::abort).isInstanceOf(IllegalStateException.class);

        assertThat(receive(1)).containsExactly(2);
    }

    @Test
    void shouldRefuseClaimsThatCannotBe() throws InterruptedException {
        loop.doWork();
        assertThatThrownBy(() -> out.tx(0).claim(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.tx(0).claim(BUF_SIZE + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.." + BUF_SIZE);
        final NetmapPort threaded = netmap.open("netmap:t{1@1");
        assertThatThrownBy(() -> threaded.tx(0).claim(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loop");
        for (int i = 0; i < SLOTS - 1; i++) {
            final TxClaim claim = out.tx(0).claim(ContractB.FRAME_BYTES);
            claim.buffer().put(ContractB.frame(i));
            claim.commit();
        }
        assertThat(out.tx(0).claim(1)).isNull();
        assertThat(receive(SLOTS - 1)).isEqualTo(range(0, SLOTS - 1));
    }

    @Test
    void shouldHoldSendsBackWhileAClaimIsOpen() throws InterruptedException {
        loop.doWork();
        final TxClaim claim = out.tx(0).claim(ContractB.FRAME_BYTES);
        final CompletableFuture<TxReport> send =
                out.sendFrames(ContractB.frames(1, 3)).toFuture();
        ContractB.settle(loop);
        assertThat(send).isNotDone();
        claim.buffer().put(ContractB.frame(0));
        claim.commit();

        assertThat(finish(send).sent()).isEqualTo(3);
        assertThat(receive(4)).isEqualTo(range(0, 4));
    }

    @Test
    void shouldSyncWhatIsInSlotsAndReleaseTheRestWhenCancelled() throws InterruptedException {
        final List<Packet> made = new ArrayList<>();
        final Disposable send = out.send(
                        Flux.range(0, 100).map(i -> {
                            final Packet packet = packet(i);
                            made.add(packet);
                            return packet;
                        }),
                        TxOptions.builder().linger(Duration.ofSeconds(10)).build())
                .subscribe();
        ContractB.settle(loop);
        send.dispose();
        ContractB.settle(loop);

        assertThat(made).hasSizeGreaterThan(SLOTS - 1).allMatch(Packet::isReleased);
        assertThat(receive(SLOTS - 1)).isEqualTo(range(0, SLOTS - 1));
    }

    @Test
    void shouldSayHowFarItCameWhenTheSourceFails() throws InterruptedException {
        final IllegalStateException broken = new IllegalStateException("broken");
        final CompletableFuture<TxReport> send = out.send(
                        Flux.range(0, 5).map(TransmitContractTest::packet).concatWith(Flux.error(broken)))
                .toFuture();
        ContractB.work(send::isDone, loop);

        assertThat(ContractB.errorOf(send)).isSameAs(broken);
        assertThat(broken.getSuppressed()).hasSize(1).hasOnlyElementsOfType(SendFailedException.class);
        assertThat(((SendFailedException) broken.getSuppressed()[0]).report().sent())
                .isEqualTo(5);
        assertThat(receive(5)).isEqualTo(range(0, 5));
    }

    @Test
    void shouldFailOnlyTheSendThatGetsAReleasedPacket() throws InterruptedException {
        final Packet released = packet(1);
        released.release();
        final CompletableFuture<TxReport> other = out.tx(0).send(Flux.never()).toFuture();
        final CompletableFuture<TxReport> send =
                out.send(Flux.just(packet(0), released)).toFuture();
        ContractB.work(send::isDone, loop);

        assertThat(ContractB.errorOf(send)).isInstanceOf(PacketReleasedException.class);
        assertThat(other).isNotDone();
        assertThat(finish(out.sendFrames(ContractB.frames(2, 1)).toFuture()).sent())
                .isEqualTo(1);
        assertThat(receive(2)).containsExactly(0, 2);
    }
}
