package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Demand is ring ownership: the ring emits what was asked for and is there, and fills otherwise. */
@Timeout(60)
class DemandContractTest {
    private final NetmapLoop loop = NetmapLoop.manual();
    private final EmbeddedNetmap netmap = ContractA.netmap();

    @AfterEach
    void close() {
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private static List<Integer> range(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private NetmapPort open(final String spec, final int rings) {
        return netmap.open(spec, PortOptions.builder().loop(loop).rings(rings).build());
    }

    private static void elsewhere(final Runnable action) {
        CompletableFuture.runAsync(action).orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static void inject(final NetmapPort port, final int from, final int to) {
        port.inject(IntStream.range(from, to).mapToObj(ContractB::frame).toArray(java.nio.ByteBuffer[]::new));
    }

    private void assertAllReleased(final NetmapPort receiver, final int count) {
        ContractB.settle(loop);
        ContractB.assertConserved(receiver);
        assertThat(receiver.statistics().rx().stream()
                        .mapToLong(rx -> rx.released())
                        .sum())
                .isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEmitTheLesserOfDemandAndAvailable(final boolean onLoop) {
        final NetmapPort sender = open("netmap:x{1", 1);
        final NetmapPort receiver = open("netmap:x}1", 1);
        final ContractA.Reader reader = new ContractA.Reader(0);
        receiver.packets().subscribe(reader);
        inject(sender, 0, 5);
        ContractB.settle(loop);
        assertThat(reader.numbers).isEmpty();

        final int[][] requestAndTotal = {{3, 3}, {1, 4}, {10, 5}};
        for (final int[] step : requestAndTotal) {
            if (onLoop) {
                reader.request(step[0]);
            } else {
                elsewhere(() -> reader.request(step[0]));
            }
            ContractB.settle(loop);
            assertThat(reader.numbers).isEqualTo(range(0, step[1]));
        }
        inject(sender, 5, 20); // nine are asked for still
        ContractB.settle(loop);
        assertThat(reader.numbers).isEqualTo(range(0, 14));
        assertThat(receiver.rx(0).statistics().occupancy()).isEqualTo(6);
        reader.request(6);
        ContractB.settle(loop);
        assertThat(reader.numbers).isEqualTo(range(0, 20));
        assertAllReleased(receiver, 20);
    }

    @Test
    void shouldFillTheRingAndBlockTheSenderWithoutDemandAndLoseNothing() {
        final NetmapPort sender = open("netmap:x{1", 1);
        final NetmapPort receiver = open("netmap:x}1", 1);
        final ContractA.Reader reader = new ContractA.Reader(0);
        receiver.packets().subscribe(reader);
        final CompletableFuture<TxReport> send =
                sender.sendFrames(ContractB.frames(0, 1000)).toFuture();
        ContractB.settle(loop);
        reader.request(1); // so that the ring looks what is there
        ContractB.settle(loop);
        assertThat(reader.numbers).containsExactly(0);
        assertThat(receiver.rx(0).statistics().occupancy()).isBetween(ContractA.FULL - 1, ContractA.FULL);
        assertThat(sender.tx(0).statistics().sent()).isBetween(15L, 16L);
        assertThat(send).isNotDone();
        assertThat(receiver.rx(0).statistics().stalledNanos())
                .as("no demand, no stall")
                .isZero();

        reader.request(Long.MAX_VALUE);
        ContractB.work(() -> reader.numbers.size() == 1000 && send.isDone(), loop);
        assertThat(reader.numbers).isEqualTo(range(0, 1000));
        assertThat(send.join().sent()).isEqualTo(1000);
        assertAllReleased(receiver, 1000);
    }

    /** The same on threads, where the loops sleep and must be woken. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 15, 64})
    void shouldBeLosslessOnThreadsWhateverTheDemand(final int batch) {
        final NetmapPort sender = netmap.open("netmap:x{1");
        final NetmapPort receiver = netmap.open("netmap:x}1");
        final int count = 3000;
        final ContractA.Reader reader = new ContractA.Reader(batch, self -> {
            if (self.numbers.size() % batch == 0) {
                elsewhereLater(() -> self.request(batch));
            }
        });
        receiver.packets().subscribe(reader);
        final TxReport report = sender.sendFrames(ContractB.frames(0, count)).block(ContractB.TIMEOUT);
        assertThat(report).isNotNull();
        assertThat(report.sent()).isEqualTo(count);
        ContractB.await(() -> reader.numbers.size() == count, "all frames");
        assertThat(reader.numbers).isEqualTo(range(0, count));
        ContractB.await(() -> receiver.rx(0).statistics().released() == count, "the counters");
        ContractB.assertConserved(receiver);
    }

    private static void elsewhereLater(final Runnable action) {
        CompletableFuture.runAsync(action).exceptionally(error -> {
            throw new AssertionError(error);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSaturateDemand(final boolean onLoop) {
        final NetmapPort sender = open("netmap:x{1", 1);
        final NetmapPort receiver = open("netmap:x}1", 1);
        final ContractA.Reader reader = new ContractA.Reader(0);
        receiver.packets().subscribe(reader);
        ContractB.settle(loop);
        final Runnable requests = () -> {
            reader.request(Long.MAX_VALUE - 1);
            reader.request(5);
            reader.request(Long.MAX_VALUE);
            reader.request(1);
        };
        if (onLoop) {
            requests.run();
        } else {
            elsewhere(requests);
        }
        ContractB.settle(loop);
        reader.request(Long.MAX_VALUE); // on the other side too
        for (int i = 0; i < 10; i++) {
            inject(sender, 10 * i, 10 * i + 10);
            ContractB.settle(loop);
        }
        assertThat(reader.numbers).isEqualTo(range(0, 100));
        reader.cancel();
        assertAllReleased(receiver, 100);
    }

    @Test
    void shouldEmitOneByOneWhenAskedInOnNextWithoutRecursion() {
        final NetmapPort sender = open("netmap:x{1", 1);
        final NetmapPort receiver = open("netmap:x}1", 1);
        final int[] depth = {0};
        final int[] deepest = {0};
        final ContractA.Reader reader = new ContractA.Reader(1, self -> {
            depth[0]++;
            deepest[0] = Math.max(deepest[0], depth[0]);
            self.request(1);
            depth[0]--;
        });
        receiver.packets().subscribe(reader);
        final CompletableFuture<TxReport> send =
                sender.sendFrames(ContractB.frames(0, 500)).toFuture();
        ContractB.work(() -> reader.numbers.size() == 500 && send.isDone(), loop);
        assertThat(reader.numbers).isEqualTo(range(0, 500));
        assertThat(deepest[0]).isEqualTo(1);
        assertAllReleased(receiver, 500);
    }

    /** A subscriber that is not Reactor's. */
    private static final class Plain implements Subscriber<Packet> {
        private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
        private final List<Integer> numbers = new ArrayList<>();
        private final List<Throwable> errors = new ArrayList<>();
        private final long initial;

        Plain(final long initial) {
            this.initial = initial;
        }

        void request(final long n) {
            final Subscription mine = subscription.get();
            assertThat(mine).isNotNull();
            mine.request(n);
        }

        @Override
        public void onSubscribe(final Subscription s) {
            subscription.set(s);
            s.request(initial);
        }

        @Override
        public void onNext(final Packet packet) {
            numbers.add(ContractB.number(packet));
            packet.release();
        }

        @Override
        public void onError(final Throwable error) {
            errors.add(error);
        }

        @Override
        public void onComplete() {
            errors.add(new AssertionError("completed"));
        }
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(0L, -1L, Long.MIN_VALUE)
                .flatMap(n -> Stream.of(true, false)
                        .flatMap(raw -> Stream.of(Arguments.of(n, raw, true), Arguments.of(n, raw, false))));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void shouldEndABadRequestWithAnErrorAndLoseNothing(final long n, final boolean raw, final boolean onLoop) {
        final NetmapPort sender = open("netmap:x{1", 1);
        final NetmapPort receiver = open("netmap:x}1", 1);
        final Plain plain = new Plain(2);
        if (raw) {
            receiver.rx(0).subscribe(plain);
        } else {
            receiver.packets().subscribe(new ForwardTo(plain));
        }
        inject(sender, 0, 10);
        ContractB.settle(loop);
        assertThat(plain.numbers).isEqualTo(range(0, 2));
        if (onLoop) {
            plain.request(n);
        } else {
            elsewhere(() -> plain.request(n));
        }
        plain.request(3); // too late
        ContractB.settle(loop);
        assertThat(plain.errors).hasSize(1);
        assertThat(plain.errors.get(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9");
        final int had = plain.numbers.size();

        final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);
        receiver.packets().subscribe(reader);
        ContractB.settle(loop);
        assertThat(reader.numbers).isEqualTo(range(had, 10));
        assertAllReleased(receiver, 10);
    }

    @Test
    void shouldEndABadRequestInOnSubscribe() {
        open("netmap:x{1", 1);
        final NetmapPort receiver = open("netmap:x}1", 1);
        final Plain plain = new Plain(0);
        receiver.rx(0).subscribe(plain);
        ContractB.settle(loop);
        assertThat(plain.errors).hasSize(1);
        assertThat(plain.errors.get(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** As Reactor's own subscriber, without the checks that {@code Flux.subscribe(Subscriber)} puts before another. */
    private static final class ForwardTo implements reactor.core.CoreSubscriber<Packet> {
        private final Plain plain;

        ForwardTo(final Plain plain) {
            this.plain = plain;
        }

        @Override
        public void onSubscribe(final Subscription s) {
            plain.onSubscribe(s);
        }

        @Override
        public void onNext(final Packet packet) {
            plain.onNext(packet);
        }

        @Override
        public void onError(final Throwable error) {
            plain.onError(error);
        }

        @Override
        public void onComplete() {
            plain.onComplete();
        }
    }

    private static void assertRefused(final Flux<Packet> packets) {
        StepVerifier.create(packets)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("subscriber"))
                .verify(ContractB.TIMEOUT);
    }

    @Test
    void shouldRefuseASecondSubscriberAndServeTheFirst() {
        final NetmapPort sender = open("netmap:x{1", 2);
        final NetmapPort receiver = open("netmap:x}1", 2);
        final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);
        receiver.packets().subscribe(reader);
        assertRefused(receiver.packets());
        assertRefused(receiver.rx(0).packets());
        assertRefused(receiver.rx(1).packets());
        inject(sender, 0, 10);
        ContractB.settle(loop);
        assertThat(reader.numbers).containsExactlyInAnyOrderElementsOf(range(0, 10));
        reader.cancel();
        assertAllReleased(receiver, 10);
    }

    @Test
    void shouldServeEachRingToOneSubscriber() {
        final NetmapPort sender = open("netmap:x{1", 2);
        final NetmapPort receiver = open("netmap:x}1", 2);
        final ContractA.Reader first = new ContractA.Reader(Long.MAX_VALUE);
        final ContractA.Reader second = new ContractA.Reader(Long.MAX_VALUE);
        receiver.rx(1).packets().subscribe(second);
        assertRefused(receiver.packets());
        assertRefused(receiver.rx(1).packets());
        receiver.rx(0).packets().subscribe(first); // packets() must not have kept it
        final var sends = Flux.merge(
                        sender.tx(0).send(ContractB.frames(0, 50).map(org.reactornetmap.packet.PacketPool::wrap)),
                        sender.tx(1).send(ContractB.frames(50, 50).map(org.reactornetmap.packet.PacketPool::wrap)))
                .collectList()
                .toFuture();
        ContractB.work(() -> sends.isDone() && first.numbers.size() + second.numbers.size() == 100, loop);
        assertThat(first.numbers).isEqualTo(range(0, 50));
        assertThat(second.numbers).isEqualTo(range(50, 100));
        first.cancel();
        second.cancel();
        assertAllReleased(receiver, 100);
        final ContractA.Reader all = new ContractA.Reader(Long.MAX_VALUE);
        receiver.packets().subscribe(all);
        inject(sender, 100, 105);
        ContractB.settle(loop);
        assertThat(all.numbers).hasSize(5);
    }

    /** Scarce demand goes round the rings of one stream. */
    @Test
    void shouldStarveNoRing() {
        final NetmapPort sender = open("netmap:x{1", 2);
        final NetmapPort receiver = open("netmap:x}1", 2);
        final CompletableFuture<?> zero = sender.tx(0)
                .send(ContractB.frames(0, 1000).map(org.reactornetmap.packet.PacketPool::wrap))
                .toFuture();
        final CompletableFuture<?> one = sender.tx(1)
                .send(ContractB.frames(1000, 10).map(org.reactornetmap.packet.PacketPool::wrap))
                .toFuture();
        ContractB.settle(loop);
        final ContractA.Reader reader = new ContractA.Reader(1, self -> self.request(1));
        final ContractA.Reader slow = new ContractA.Reader(0);
        receiver.packets().subscribe(slow);
        for (int i = 0; i < 40; i++) {
            slow.request(1);
            ContractB.settle(loop);
        }
        assertThat(slow.numbers.stream().filter(number -> number >= 1000).toList())
                .isEqualTo(range(1000, 1010));
        slow.cancel();
        receiver.packets().subscribe(reader);
        ContractB.work(() -> zero.isDone() && one.isDone() && reader.numbers.size() == 1010 - 40, loop);
        assertAllReleased(receiver, 1010);
    }

    @Test
    void shouldEmitNothingBeforeTheFirstRequest() {
        final NetmapPort sender = open("netmap:x{1", 1);
        final NetmapPort receiver = open("netmap:x}1", 1);
        inject(sender, 0, 3);
        StepVerifier.withVirtualTime(() -> ContractB.numbers(receiver.packets()), 0)
                .expectSubscription()
                .then(() -> ContractB.settle(loop))
                .expectNoEvent(Duration.ofSeconds(1))
                .thenRequest(2)
                .then(() -> ContractB.settle(loop))
                .expectNext(0, 1)
                .thenRequest(1)
                .then(() -> ContractB.settle(loop))
                .expectNext(2)
                .thenCancel()
                .verify(ContractB.TIMEOUT);
        assertAllReleased(receiver, 3);
        assertThatThrownBy(() -> receiver.rx(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
