package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Whatever plain operators drop before a terminal of ours, or one with a hook, is released. */
@Timeout(60)
class DiscardContractTest {
    private static final int COUNT = 500;

    private final NetmapLoop loop = NetmapLoop.manual();
    private final EmbeddedNetmap netmap = ContractA.netmap();
    private final NetmapPort sender = netmap.open("netmap:in{1", ContractA.on(loop));
    private final NetmapPort in = netmap.open("netmap:in}1", ContractA.on(loop));
    private final NetmapPort out = netmap.open("netmap:out{1", ContractA.on(loop));
    private final NetmapPort sink = netmap.open("netmap:out}1", ContractA.on(loop));

    // Another thread's work, done by hand, so that a test says what comes before what.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Scheduler elsewhere = Schedulers.fromExecutor(tasks::add);

    @AfterEach
    void close() {
        elsewhere.dispose();
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private static boolean isEven(final Packet packet) {
        return ContractB.number(packet) % 2 == 0;
    }

    private static List<Integer> evens(final int to) {
        return IntStream.range(0, to).filter(number -> number % 2 == 0).boxed().toList();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Works until every packet is back, and none by garbage collection. */
    private void assertAllReleased(final int received) {
        ContractB.work(
                () -> {
                    runTasks();
                    final RxStatistics rx = in.rx(0).statistics();
                    return rx.received() >= received && rx.held() == 0;
                },
                loop);
        ContractB.settle(loop);
        ContractB.assertConserved(in);
        final RxStatistics rx = in.rx(0).statistics();
        assertThat(rx.reclaimed()).isZero();
        assertThat(rx.released()).isEqualTo(rx.received());
    }

    private void inject(final int from, final int to) {
        sender.inject(IntStream.range(from, to).mapToObj(ContractB::frame).toArray(ByteBuffer[]::new));
        ContractB.settle(loop);
    }

    static Stream<Arguments> plain() {
        final Function<Flux<Packet>, Flux<Packet>> filter = packets -> packets.filter(DiscardContractTest::isEven);
        final Function<Flux<Packet>, Flux<Packet>> skip =
                packets -> packets.skip(3).filter(p -> isEven(p));
        final Function<Flux<Packet>, Flux<Packet>> mapped =
                packets -> packets.map(packet -> packet.touch("map")).filter(DiscardContractTest::isEven);
        final Function<Flux<Packet>, Flux<Packet>> hidden =
                packets -> packets.hide().filter(DiscardContractTest::isEven).hide();
        return Stream.of(
                Arguments.of("filter", 0, filter),
                Arguments.of("skip", 4, skip),
                Arguments.of("map", 0, mapped),
                Arguments.of("hide", 0, hidden));
    }

    /** In = out + filtered + dropped + held, at the other end of the second pipe. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("plain")
    void shouldReleaseWhatPlainOperatorsDropBeforeASend(
            final String name, final int first, final Function<Flux<Packet>, Flux<Packet>> operators)
            throws InterruptedException {
        final List<Integer> expected =
                evens(COUNT).stream().filter(number -> number >= first).toList();
        final CompletableFuture<TxReport> send = in.packets()
                .transform(operators)
                .take(expected.size())
                .as(out::send)
                .toFuture();
        final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);
        sink.packets().subscribe(reader);
        sender.sendFrames(ContractB.frames(0, COUNT)).subscribe();
        ContractB.work(() -> send.isDone() && reader.numbers.size() == expected.size(), loop);
        assertThat(ContractB.get(send).sent()).as(name).isEqualTo(expected.size());
        assertThat(reader.numbers).isEqualTo(expected);
        final int last = expected.get(expected.size() - 1) + 1;
        assertAllReleased(last);
        assertThat(in.rx(0).statistics().received()).isEqualTo(last);
        assertThat(in.rx(0).statistics().released()).isEqualTo(expected.size() + (last - expected.size()));
    }

    @Test
    void shouldReleaseWhatWaitsInPublishOnWhenTakeEndsTheStream() throws InterruptedException {
        final CompletableFuture<TxReport> send =
                in.packets().publishOn(elsewhere, 64).take(5).as(out::send).toFuture();
        inject(0, 12);
        runTasks();
        ContractB.work(send::isDone, loop);
        assertThat(ContractB.get(send).sent()).isEqualTo(5);
        assertAllReleased(12);
        assertThat(in.rx(0).statistics().released()).isEqualTo(12);
    }

    /** The task of publishOn has run: Reactor itself loses the queue if cancel disposes of a task that waits. */
    @Test
    void shouldReleaseWhatWaitsInPublishOnWhenItsSubscriberCancels() {
        final ContractA.Sink two = new ContractA.Sink(2);
        in.packets()
                .filter(DiscardContractTest::isEven)
                .publishOn(elsewhere, 64)
                .transform(Packets.releaseOnDiscard())
                .subscribe(two);
        inject(0, 12);
        runTasks();
        assertThat(two.numbers()).containsExactly(0, 2);
        assertThat(in.rx(0).statistics().held()).isEqualTo(6);
        two.cancel();
        two.releaseAll();
        assertAllReleased(12);
    }

    @Test
    void shouldReleaseWhatOperatorsHoldWhenTheStreamFails() {
        final CompletableFuture<TxReport> send = in.packets()
                .publishOn(elsewhere, 64)
                .map(packet -> {
                    if (ContractB.number(packet) == 4) {
                        packet.release(); // Reactor does not discard what a function throws for
                        throw new IllegalStateException("no fours");
                    }
                    return packet;
                })
                .as(out::send)
                .toFuture();
        inject(0, 12);
        runTasks();
        ContractB.work(
                () -> {
                    runTasks();
                    return send.isDone();
                },
                loop);
        assertThat(ContractB.errorOf(send)).hasMessage("no fours");
        assertAllReleased(12);
    }

    @Test
    void shouldReleaseWhatBuffersHoldWhenTheSendIsCancelled() {
        final var send = in.packets()
                .buffer(10)
                .concatMapIterable(packets -> packets)
                .as(out::send)
                .subscribe();
        inject(0, 7);
        assertThat(in.rx(0).statistics().held()).isEqualTo(7);
        send.dispose();
        assertAllReleased(7);
    }

    @Test
    void shouldReleaseForATerminalThatIsNotOurs() {
        final List<Integer> received = new ArrayList<>();
        final var subscription = in.packets()
                .filter(DiscardContractTest::isEven)
                .publishOn(elsewhere, 64)
                .transform(Packets.releaseOnDiscard())
                .subscribe(packet -> {
                    received.add(ContractB.number(packet));
                    packet.release();
                });
        for (int i = 0; i < 10; i++) {
            inject(10 * i, 10 * i + 10);
            runTasks();
        }
        assertThat(received).isEqualTo(evens(100));
        subscription.dispose();
        runTasks();
        assertAllReleased(100);
    }

    @Test
    void shouldReleaseWithAutoRelease() {
        final List<Integer> received = new ArrayList<>();
        final var subscription = in.packets()
                .filter(DiscardContractTest::isEven)
                .publishOn(elsewhere, 64)
                .transform(Packets.autoRelease(packet -> received.add(ContractB.number(packet))))
                .subscribe();
        for (int i = 0; i < 10; i++) {
            inject(10 * i, 10 * i + 10);
            runTasks();
        }
        assertThat(received).isEqualTo(evens(100));
        subscription.dispose();
        runTasks();
        assertAllReleased(100);
    }

    @Test
    void shouldReleaseWithAutoReleaseWhenTheConsumerThrows() {
        final CompletableFuture<Void> end = in.packets()
                .transform(Packets.autoRelease(packet -> {
                    if (ContractB.number(packet) == 4) {
                        throw new IllegalStateException("no fours");
                    }
                }))
                .then()
                .toFuture();
        inject(0, 10);
        assertThat(ContractB.errorOf(end)).hasMessage("no fours");
        assertAllReleased(5);
        final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);
        in.packets().subscribe(reader);
        ContractB.settle(loop);
        assertThat(reader.numbers).as("the rest is there still").containsExactly(5, 6, 7, 8, 9);
        assertAllReleased(10);
    }

    @Test
    void shouldReleaseWithToBytes() throws InterruptedException {
        final CompletableFuture<List<byte[]>> copies = in.packets()
                .filter(DiscardContractTest::isEven)
                .publishOn(elsewhere, 64)
                .transform(Packets.toBytes())
                .take(20)
                .collectList()
                .toFuture();
        for (int i = 0; i < 4; i++) {
            inject(10 * i, 10 * i + 10);
            runTasks();
        }
        final List<byte[]> frames = ContractB.get(copies);
        assertThat(frames).hasSize(20);
        for (int i = 0; i < 20; i++) {
            assertThat(ByteBuffer.wrap(frames.get(i))).isEqualTo(ContractB.frame(2 * i));
        }
        assertAllReleased(40);
    }

    @Test
    void shouldReleaseThePacketThatAFilterThrowsFor() {
        final CompletableFuture<Void> end = in.packets()
                .filter(packet -> {
                    throw new IllegalStateException("thrown");
                })
                .transform(Packets.releaseOnDiscard())
                .then()
                .toFuture();
        inject(0, 3);
        assertThat(ContractB.errorOf(end)).hasMessage("thrown");
        assertAllReleased(1);
        final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);
        in.packets().subscribe(reader);
        ContractB.settle(loop);
        assertThat(reader.numbers).containsExactly(1, 2);
    }
}
