package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.RxOptions.Hold;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;

/** Packets come back in any order, and held ones stop the ring no sooner than their mode says. */
@Timeout(60)
class ReleaseInAnyOrderContractTest {
    private static final int THREE_SLOTS = 3 * ContractA.BUF_SIZE - 50;
    private static final int DEFAULT = -1;
    private static final String STOPPED = "is stopped by";

    private final AtomicLong clock = new AtomicLong();
    private final NetmapLoop loop =
            NetmapLoop.builder("manual").clock(clock::get).buildManual();
    private final EmbeddedNetmap netmap = ContractA.netmap();
    private final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
    private final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
    private int sent;

    private NetmapPort receiver(final int extraBuffers, final Hold hold) {
        final PortOptions.Builder options = PortOptions.builder().loop(loop);
        if (extraBuffers != DEFAULT) {
            options.extraBuffers(extraBuffers);
        }
        final NetmapPort receiver = netmap.open("netmap:x}1", options.build());
        receiver.packets(RxOptions.builder().hold(hold).build()).subscribe(sink);
        return receiver;
    }

    @AfterEach
    void close() {
        ContractB.settle(loop);
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private CompletableFuture<TxReport> send(final int count, final int bytes) {
        final int from = sent;
        sent += count;
        final CompletableFuture<TxReport> send = sender.sendFrames(
                        Flux.range(from, count).map(number -> ContractB.frame(number, bytes)))
                .toFuture();
        ContractB.settle(loop);
        return send;
    }

    private RxStatistics statistics(final NetmapPort receiver) {
        ContractB.settle(loop);
        ContractB.assertConserved(receiver);
        return receiver.rx(0).statistics();
    }

    private void finish(final NetmapPort receiver, final CompletableFuture<TxReport> send) {
        ContractB.work(
                () -> {
                    sink.releaseAll();
                    return send.isDone() && receiver.rx(0).statistics().received() == sent;
                },
                loop);
        sink.releaseAll();
        final RxStatistics statistics = statistics(receiver);
        assertThat(statistics.released()).isEqualTo(sent);
        assertThat(statistics.held()).isZero();
        assertThat(statistics.reclaimed()).isZero();
        assertThat(send.join().sent()).isGreaterThan(0);
    }

    private static List<Integer> range(final int to) {
        return IntStream.range(0, to).boxed().toList();
    }

    static Stream<Arguments> heldUntilStopped() {
        return Stream.of(
                Arguments.of(Hold.IN_PLACE, DEFAULT, ContractA.FULL, 0),
                Arguments.of(Hold.IN_PLACE, 100, ContractA.FULL, 0),
                Arguments.of(Hold.SWAP_WHEN_BLOCKING, 0, ContractA.FULL, 0),
                Arguments.of(Hold.SWAP_WHEN_BLOCKING, 5, ContractA.FULL + 5, 5),
                Arguments.of(Hold.SWAP_WHEN_BLOCKING, DEFAULT, ContractA.FULL + ContractA.SLOTS, ContractA.SLOTS),
                Arguments.of(Hold.SWAP_ALWAYS, 0, ContractA.FULL, 0),
                Arguments.of(Hold.SWAP_ALWAYS, 5, ContractA.FULL + 5, 5),
                Arguments.of(Hold.SWAP_ALWAYS, DEFAULT, ContractA.FULL + ContractA.SLOTS, ContractA.SLOTS));
    }

    /** By default there is one spare for each RX slot. */
    @ParameterizedTest
    @MethodSource("heldUntilStopped")
    void shouldHoldAsMuchAsSlotsAndSparesAllow(
            final Hold hold, final int extraBuffers, final int held, final int swapped) {
        final NetmapPort receiver = receiver(extraBuffers, hold);
        final CompletableFuture<TxReport> send = send(100, ContractB.FRAME_BYTES);

        assertThat(sink.numbers()).isEqualTo(range(held));
        assertThat(statistics(receiver).held()).isEqualTo(held);
        assertThat(statistics(receiver).swapped()).isEqualTo(swapped);
        assertThat(send).isNotDone();
        finish(receiver, send);
    }

    @Test
    void shouldSwapNothingBelowHalfOfTheRing() {
        final NetmapPort receiver = receiver(DEFAULT, Hold.SWAP_WHEN_BLOCKING);
        final CompletableFuture<TxReport> send = send(ContractA.SLOTS / 2, ContractB.FRAME_BYTES);
        assertThat(sink.numbers()).isEqualTo(range(ContractA.SLOTS / 2));
        assertThat(statistics(receiver).swapped()).isZero();
        finish(receiver, send);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void shouldSwapARetainedPacketUnlessInPlace(final Hold hold) {
        final NetmapPort receiver = receiver(DEFAULT, hold);
        final CompletableFuture<TxReport> first = send(1, ContractB.FRAME_BYTES);
        final Packet retained = sink.get(0);
        sink.packets.clear();
        retained.retain();
        assertThat(statistics(receiver).swapped()).isEqualTo(hold == Hold.IN_PLACE ? 0 : 1);
        assertThat(first).isDone();

        final CompletableFuture<TxReport> second = send(100, ContractB.FRAME_BYTES);
        for (int i = 0; i < 50; i++) {
            sink.releaseAll();
            ContractB.settle(loop);
        }
        final long received = statistics(receiver).received();
        assertThat(received).isEqualTo(hold == Hold.IN_PLACE ? ContractA.FULL : 101);
        assertThat(ContractB.number(retained)).isZero();
        retained.release();
        retained.release();
        finish(receiver, second);
    }

    /** A retain on another thread reaches the ring as a message. */
    @Test
    void shouldSwapAPacketRetainedElsewhere() {
        final NetmapPort receiver = receiver(DEFAULT, Hold.SWAP_WHEN_BLOCKING);
        final CompletableFuture<TxReport> send = send(1, THREE_SLOTS);
        CompletableFuture.runAsync(() -> sink.get(0).retain())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(statistics(receiver).swapped()).isEqualTo(1);
        sink.get(0).release();
        finish(receiver, send);
    }

    static Stream<Arguments> fewSpares() {
        return Stream.of(Hold.SWAP_WHEN_BLOCKING, Hold.SWAP_ALWAYS)
                .flatMap(hold -> Stream.of(2, 3, 4, 5).map(spares -> Arguments.of(hold, spares)));
    }

    @ParameterizedTest
    @MethodSource("fewSpares")
    void shouldNeedASpareForEverySlotOfAPacketOrSwapNone(final Hold hold, final int spares) {
        final NetmapPort receiver = receiver(spares, hold);
        assertThat(send(1, THREE_SLOTS)).isDone();
        sink.get(0).retain();
        final int large = spares / 3;
        assertThat(statistics(receiver).swapped()).isEqualTo(large);

        // What the larger packet left is of use to packets of one slot.
        final CompletableFuture<TxReport> more = send(2, ContractB.FRAME_BYTES);
        sink.get(1).retain();
        sink.get(2).retain();
        assertThat(statistics(receiver).swapped()).isEqualTo(large + Math.min(spares - 3 * large, 2));

        assertThat(sink.numbers()).isEqualTo(range(3));
        sink.packets.forEach(Packet::release);
        finish(receiver, more);
    }

    @Test
    void shouldCountStalledTimeAndWarnOnceNamingTheOldestPacket() {
        try (ContractA.WarnLog log = ContractA.WarnLog.open()) {
            final NetmapPort receiver = receiver(DEFAULT, Hold.IN_PLACE);
            final CompletableFuture<TxReport> send = send(ContractA.FULL - 1, ContractB.FRAME_BYTES);
            sink.get(0).touch("the oldest");
            sink.get(1).touch("the second");
            clock.addAndGet(1_000_000);
            assertThat(statistics(receiver).stalledNanos())
                    .as("not stopped yet")
                    .isZero();
            assertThat(log.warningsAbout(STOPPED)).isEmpty();

            final CompletableFuture<TxReport> more = send(100, ContractB.FRAME_BYTES);
            assertThat(sink.count()).isEqualTo(ContractA.FULL);
            final long before = statistics(receiver).stalledNanos();
            clock.addAndGet(700);
            assertThat(statistics(receiver).stalledNanos() - before).isEqualTo(700);
            clock.addAndGet(300);
            assertThat(statistics(receiver).stalledNanos() - before).isEqualTo(1000);
            assertThat(log.warningsAbout(STOPPED)).hasSize(1);
            assertThat(log.warningsAbout(STOPPED).get(0))
                    .contains("x}1")
                    .contains("the oldest")
                    .doesNotContain("the second");

            sink.releaseAll();
            ContractB.settle(loop);
            ContractB.work(() -> sink.count() == ContractA.FULL, loop);
            final long stalledTwice = statistics(receiver).stalledNanos();
            clock.addAndGet(50);
            assertThat(statistics(receiver).stalledNanos() - stalledTwice).isEqualTo(50);
            assertThat(log.warningsAbout(STOPPED)).as("once").hasSize(1);
            assertThat(send).isDone();
            finish(receiver, more);
            final long end = statistics(receiver).stalledNanos();
            clock.addAndGet(1_000_000);
            assertThat(statistics(receiver).stalledNanos()).isEqualTo(end);
        }
    }

    @Test
    void shouldNotCountStalledTimeWithoutDemand() {
        try (ContractA.WarnLog log = ContractA.WarnLog.open()) {
            final ContractA.Sink bounded = new ContractA.Sink(ContractA.FULL);
            final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
            receiver.packets(RxOptions.builder().hold(Hold.IN_PLACE).build()).subscribe(bounded);
            final CompletableFuture<TxReport> send = send(100, ContractB.FRAME_BYTES);
            clock.addAndGet(1_000_000);
            assertThat(bounded.numbers()).isEqualTo(range(ContractA.FULL));
            assertThat(statistics(receiver).stalledNanos()).isZero();
            assertThat(log.warningsAbout(STOPPED)).isEmpty();
            bounded.cancel();
            bounded.releaseAll();
            receiver.packets().subscribe(sink);
            finish(receiver, send);
        }
    }

    static Stream<Arguments> modes() {
        return Stream.of(Hold.values())
                .flatMap(hold -> Stream.of(DEFAULT, 0, 3, 64).map(spares -> Arguments.of(hold, spares)));
    }

    /** Frames of all sizes, held and released at random, some retained: each keeps its bytes until its last release. */
    @ParameterizedTest
    @MethodSource("modes")
    void shouldKeepContentAndOrderWhateverTheOrderOfReleases(final Hold hold, final int extraBuffers) {
        final NetmapPort receiver = receiver(extraBuffers, hold);
        final Random random = new Random(42 + extraBuffers);
        final int count = 2000;
        final int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = random.nextInt(4) == 0
                    ? ContractB.FRAME_BYTES + random.nextInt(4 * ContractA.BUF_SIZE)
                    : ContractB.FRAME_BYTES;
        }
        sent = count;
        final Flux<ByteBuffer> frames = Flux.range(0, count).map(i -> ContractB.frame(i, sizes[i]));
        final CompletableFuture<TxReport> send = sender.sendFrames(frames).toFuture();
        final List<Packet> held = new ArrayList<>();
        final List<Integer> numbers = new ArrayList<>();
        final List<Integer> order = new ArrayList<>();
        ContractB.work(
                () -> {
                    for (final Packet packet : sink.packets) {
                        order.add(ContractB.number(packet));
                        numbers.add(ContractB.number(packet));
                        held.add(packet);
                        if (random.nextInt(8) == 0) {
                            held.add(packet.retain());
                            numbers.add(ContractB.number(packet));
                        }
                    }
                    sink.packets.clear();
                    for (int i = random.nextInt(8); i > 0 && !held.isEmpty(); i--) {
                        final int victim = random.nextInt(held.size());
                        final Packet packet = held.remove(victim);
                        final int number = numbers.remove(victim);
                        assertThat(ContractB.number(packet)).isEqualTo(number);
                        packet.release();
                    }
                    return order.size() == count && held.isEmpty() && send.isDone();
                },
                loop);
        assertThat(order).isEqualTo(range(count));
        finish(receiver, send);
        assertThat(statistics(receiver).ignoredReleases()).isZero();
        assertThat(statistics(receiver).malformed()).isZero();
    }
}
