package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.RxOptions.Hold;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import reactor.core.Disposable;
import reactor.test.util.RaceTestUtils;

/** A cancel never loses a slot, and a packet that is lost comes back. */
@Timeout(60)
class CancelContractTest {
    private static final int MULTI = 3 * ContractA.BUF_SIZE;

    private final NetmapLoop loop = NetmapLoop.manual();

    private static List<Integer> range(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static void close(final EmbeddedNetmap netmap) {
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private RxStatistics statistics(final NetmapPort receiver) {
        ContractB.settle(loop);
        ContractB.assertConserved(receiver);
        return receiver.rx(0).statistics();
    }

    @Test
    void shouldStopAtOnceWhenCancelledInOnNextAndKeepTheRestForTheNext() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final CompletableFuture<TxReport> send =
                sender.sendFrames(ContractB.frames(0, 100)).toFuture();
        final List<Integer> all = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE, self -> {
                if (self.numbers.size() == 5) {
                    self.cancel();
                }
            });
            receiver.packets().subscribe(reader);
            ContractB.settle(loop);
            assertThat(reader.numbers).hasSize(5);
            all.addAll(reader.numbers);
        }
        ContractB.work(send::isDone, loop);
        assertThat(all).isEqualTo(range(0, 100));
        assertThat(statistics(receiver).released()).isEqualTo(100);
        close(netmap);
    }

    /** The cancelled one must not stand in the way of the next, not even before the loop has heard of it. */
    @Test
    void shouldTakeTheNextSubscriberInTheCancellingOnNext() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final ContractA.Reader next = new ContractA.Reader(Long.MAX_VALUE);
        final ContractA.Reader first = new ContractA.Reader(Long.MAX_VALUE, self -> {
            self.cancel();
            receiver.packets().subscribe(next);
        });
        receiver.packets().subscribe(first);
        sender.sendFrames(ContractB.frames(0, 10)).subscribe();
        ContractB.work(() -> first.numbers.size() + next.numbers.size() == 10, loop);
        assertThat(first.numbers).containsExactly(0);
        assertThat(next.numbers).isEqualTo(range(1, 10));
        assertThat(statistics(receiver).released()).isEqualTo(10);
        close(netmap);
    }

    /** Reactor's operators may discard a packet twice around a cancel, and the second time may come late. */
    @Test
    void shouldKeepTheNextSubscribersPacketsFromALateSecondRelease() {
        final EmbeddedNetmap netmap = EmbeddedNetmap.create();
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final List<Packet> first = new ArrayList<>();
        final List<Packet> second = new ArrayList<>();
        final Disposable one = receiver.packets().subscribe(first::add);
        sender.inject(ContractB.frame(0));
        ContractB.settle(loop);
        CompletableFuture.runAsync(first.get(0)::release).join();
        ContractB.settle(loop);
        one.dispose();
        ContractB.settle(loop);
        final Disposable two = receiver.packets().subscribe(second::add);
        sender.inject(ContractB.frame(1));
        ContractB.settle(loop);

        CompletableFuture.runAsync(first.get(0)::release).join();
        ContractB.settle(loop);

        assertThat(ContractB.number(second.get(0))).isEqualTo(1);
        second.get(0).release();
        two.dispose();
        assertThat(statistics(receiver).released()).isEqualTo(2);
        assertThat(statistics(receiver).ignoredReleases()).isEqualTo(1);
        close(netmap);
    }

    /** Cancelled and subscribed again from another thread, while frames come in. */
    @Test
    void shouldLoseNothingBetweenSubscribersOnThreads() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapPort sender = netmap.open("netmap:x{1");
        final NetmapPort receiver = netmap.open("netmap:x}1");
        final int count = 2000;
        final CompletableFuture<TxReport> send =
                sender.sendFrames(ContractB.frames(0, count)).toFuture();
        final List<Integer> all = new ArrayList<>();
        for (int round = 0; all.size() < count; round++) {
            final ContractA.Reader reader = new ContractA.Reader(1 + round % 7);
            receiver.packets().subscribe(reader);
            final int expected = Math.min(1 + round % 7, count - all.size());
            ContractB.await(() -> reader.numbers.size() >= expected, "frames of round " + round);
            reader.cancel();
            all.addAll(reader.numbers);
        }
        assertThat(all).isEqualTo(range(0, count));
        assertThat(send.join().sent()).isEqualTo(count);
        ContractB.await(() -> receiver.rx(0).statistics().released() == count, "the counters");
        ContractB.assertConserved(receiver);
        close(netmap);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void shouldKeepPacketsValidThatAreOutWhenTheSubscriptionEnds(final Hold hold) {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
        final RxOptions options = RxOptions.builder().hold(hold).build();
        receiver.packets(options).subscribe(sink);
        sender.inject(ContractB.frame(0), ContractB.frame(1, MULTI), ContractB.frame(2));
        ContractB.settle(loop);
        sink.cancel();
        ContractB.settle(loop);
        assertThat(sink.numbers()).isEqualTo(range(0, 3));

        final ContractA.Reader reader = new ContractA.Reader(Long.MAX_VALUE);
        receiver.packets(options).subscribe(reader);
        final CompletableFuture<TxReport> send =
                sender.sendFrames(ContractB.frames(3, 97)).toFuture();
        ContractB.settle(loop);
        assertThat(sink.numbers()).as("after more frames came in").isEqualTo(range(0, 3));
        assertThat(statistics(receiver).held()).isEqualTo(3);
        sink.get(1).release();
        sink.get(2).release();
        ContractB.settle(loop);
        assertThat(ContractB.number(sink.get(0))).isZero();
        sink.get(0).release();
        ContractB.work(() -> send.isDone() && reader.numbers.size() == 97, loop);
        assertThat(reader.numbers).isEqualTo(range(3, 100));
        assertThat(statistics(receiver).released()).isEqualTo(100);
        close(netmap);
    }

    /** With pooled views, as in production: a view that was out at the end of its subscription is not used again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotBeHarmedByADoubleDiscard(final boolean onLoop) {
        final EmbeddedNetmap netmap = EmbeddedNetmap.create(ContractA.config());
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
        receiver.packets().subscribe(sink);
        sender.inject(ContractB.frame(0), ContractB.frame(1), ContractB.frame(2, MULTI));
        ContractB.settle(loop);
        sink.cancel();
        ContractB.settle(loop);
        final List<Packet> stale = new ArrayList<>(sink.packets);
        stale.forEach(Packet::release);

        final ContractA.Sink next = new ContractA.Sink(Long.MAX_VALUE);
        receiver.packets().subscribe(next);
        sender.sendFrames(ContractB.frames(3, 25)).subscribe();
        ContractB.work(() -> next.count() == 25, loop);
        assertThat(next.packets).doesNotContainAnyElementsOf(stale);
        if (onLoop) {
            stale.forEach(Packet::release);
        } else {
            CompletableFuture.runAsync(() -> stale.forEach(Packet::release))
                    .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                    .join();
        }
        assertThat(statistics(receiver).ignoredReleases()).isEqualTo(3);
        assertThat(statistics(receiver).held()).isEqualTo(25);
        assertThat(next.numbers()).isEqualTo(range(3, 28));
        next.releaseAll();
        assertThat(statistics(receiver).released()).isEqualTo(28);
        close(netmap);
    }

    private void reclaimed(final NetmapPort receiver, final long count) {
        final long deadline = System.nanoTime() + ContractB.TIMEOUT.toNanos();
        while (receiver.rx(0).statistics().reclaimed() < count) {
            System.gc();
            ContractB.settle(loop);
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds late; %s", receiver.rx(0).statistics())
                    .isNegative();
        }
        assertThat(statistics(receiver).reclaimed()).isEqualTo(count);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void shouldGetBackWhatBecameUnreachable(final Hold hold) {
        final EmbeddedNetmap netmap = EmbeddedNetmap.create(ContractA.config());
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        try (ContractA.WarnLog log = ContractA.WarnLog.open()) {
            final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
            receiver.packets(RxOptions.builder().hold(hold).build()).subscribe(sink);
            sender.inject(ContractB.frame(0), ContractB.frame(1, MULTI), ContractB.frame(2));
            ContractB.settle(loop);
            sink.packets.remove(0).touch("lost here");
            sink.packets.remove(0).touch("lost here");
            reclaimed(receiver, 2);
            assertThat(log.warningsAbout("lost without release()"))
                    .isNotEmpty()
                    .allSatisfy(warning -> assertThat(warning).contains("lost here"));
            assertThat(ContractB.number(sink.get(0))).isEqualTo(2);
            assertThat(statistics(receiver).held()).isEqualTo(1);
            sink.releaseAll();

            // All slots are of use again.
            final CompletableFuture<TxReport> send =
                    sender.sendFrames(ContractB.frames(3, 100)).toFuture();
            ContractB.work(
                    () -> {
                        sink.releaseAll();
                        return send.isDone() && receiver.rx(0).statistics().received() == 103;
                    },
                    loop);
            sink.releaseAll();
            assertThat(statistics(receiver).released()).isEqualTo(101);
            sink.cancel();
        }
        close(netmap);
    }

    /** Nobody calls for a collection here but the ring itself, when it has no other way to go on. */
    @Test
    void shouldAskForACollectionItselfWhenLostPacketsStopTheRing() {
        final EmbeddedNetmap netmap = EmbeddedNetmap.create(ContractA.config());
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final int[] received = {0};
        final int lost = ContractA.FULL + ContractA.SLOTS; // all slots and all spares
        final var subscription = receiver.packets().subscribe(packet -> {
            if (received[0]++ >= lost) {
                packet.release();
            }
        });
        final CompletableFuture<TxReport> send =
                sender.sendFrames(ContractB.frames(0, lost + 20)).toFuture();
        ContractB.work(() -> received[0] == lost + 20 && send.isDone(), loop);
        reclaimed(receiver, lost);
        assertThat(statistics(receiver).released()).isEqualTo(20);
        subscription.dispose();
        close(netmap);
    }

    @Test
    void shouldReclaimOfAnEndedSubscriptionToo() {
        final EmbeddedNetmap netmap = EmbeddedNetmap.create(ContractA.config());
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
        receiver.packets().subscribe(sink);
        sender.inject(ContractB.frame(0), ContractB.frame(1));
        ContractB.settle(loop);
        sink.cancel();
        ContractB.settle(loop);
        sink.packets.clear();
        reclaimed(receiver, 2);
        close(netmap);
    }

    @Test
    void shouldFailTheTestThatLosesAPacket() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));
        final var subscription = receiver.packets().subscribe(packet -> packet.touch("lost"));
        sender.inject(ContractB.frame(0));
        ContractB.settle(loop);
        subscription.dispose();
        reclaimed(receiver, 1);
        AssertionError failure = null;
        try {
            netmap.close();
        } catch (AssertionError e) {
            failure = e;
        }
        assertThat(failure).isNotNull().hasMessageContaining("1 packets of x}1").hasMessageContaining("garbage");
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    @Test
    void shouldLetWhoeverCancelledSubscribeAtOnceEvenIfAnotherThreadWasFaster() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapPort port = netmap.open("netmap:x{1", ContractA.on(loop));
        for (int round = 0; round < 5_000; round++) {
            final List<Throwable> refused = Collections.synchronizedList(new ArrayList<>());
            final AtomicReference<Subscription> ring = new AtomicReference<>();
            port.packets().doOnSubscribe(ring::set).subscribe(Packet::release, refused::add);
            final Subscription shared = ring.get();
            RaceTestUtils.race(shared::cancel, () -> {
                shared.cancel();
                port.packets().subscribe(Packet::release, refused::add).dispose();
            });
            assertThat(refused).as("round %d", round).isEmpty();
            ContractB.settle(loop);
        }
        close(netmap);
    }
}
