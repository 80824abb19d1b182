package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.BufferAudit;
import org.reactornetmap.driver.embedded.EmbeddedFaults;
import org.reactornetmap.driver.embedded.Fault;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.SendFailedException;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.ring.RingStateException;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What a pipeline sees of each fault: a typed error or backpressure, counted damage, never a hang or a lost buffer. */
@Timeout(120)
class FaultsContractTest {
    private static List<Integer> range(final int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /** Numbers that a port on its own loop receives, and how its stream ended. */
    private static final class Received {
        final List<Integer> numbers = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();

        Received(final NetmapPort port) {
            ContractB.numbers(port.packets())
                    .subscribe(numbers::add, end::completeExceptionally, () -> end.complete(null));
        }

        void await(final int count) {
            ContractB.await(() -> numbers.size() >= count, count + " packets, got " + numbers.size());
        }
    }

    private static void assertBalanced(final EmbeddedNetmap netmap) {
        final BufferAudit audit = netmap.driver().audit();
        assertThat(audit.isBalanced()).as("%s", audit).isTrue();
    }

    private static void assertErrno(final Throwable error, final Errno errno) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void shouldEndStreamsAndSendsWhenTheInterfaceGoesWhileTheyWait() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final Received stream = new Received(b);
            final CompletableFuture<TxReport> send = b.sendFrames(
                            ContractB.frames(0, 2).concatWith(Flux.never()))
                    .toFuture();
            a.inject(ContractB.frame(0));
            stream.await(1);
            ContractB.await(() -> b.statistics().sent() == 2, "two packets sent");

            final Fault gone = netmap.faults().on("x}1").interfaceGone().always();

            assertErrno(ContractB.errorOf(stream.end), Errno.EIO);
            final Throwable error = ContractB.errorOf(send);
            assertThat(error.getSuppressed()).hasAtLeastOneElementOfType(SendFailedException.class);
            assertThat(gone.struck()).isPositive();
            assertErrno(ContractB.errorOf(b.packets().then()), Errno.EIO);
            a.inject(ContractB.frame(1));
            b.close();
            gone.clear();
            final Received again = new Received(netmap.open("netmap:x}1"));
            again.await(1);
            assertThat(again.numbers).as("what was in the pipe").containsExactly(1);
        }
        assertBalanced(netmap);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"EIO", "ENXIO", "ENETDOWN"})
    void shouldPassTheErrorOfOneSyncToTheStream(final Errno errno) {
        final EmbeddedNetmap netmap = ContractA.netmap();
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final Received stream = new Received(netmap.open("netmap:x}1"));
            final Fault fault =
                    netmap.faults().on("x}1").rx().failSync(errno).after(20).once();
            final CompletableFuture<TxReport> send =
                    a.sendFrames(ContractB.frames(0, 2000)).toFuture();

            assertErrno(ContractB.errorOf(stream.end), errno);

            assertThat(fault.struck()).isOne();
            assertThat(stream.numbers).isEqualTo(range(stream.numbers.size()));
            assertThat(send).as("nobody reads").isNotDone();
            send.cancel(true);
        }
        assertBalanced(netmap);
    }

    @Test
    void shouldFailTheSendWhenItsSyncFails() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:x{1");
            new Received(netmap.open("netmap:x}1"));
            netmap.faults().on("x{1").tx().failSync(Errno.EIO).after(3).once();

            final Throwable error = ContractB.errorOf(a.sendFrames(ContractB.frames(0, 2000)));

            assertErrno(error, Errno.EIO);
            assertThat(error.getSuppressed()).hasAtLeastOneElementOfType(SendFailedException.class);
        }
        assertBalanced(netmap);
    }

    /** What is in its slot when the sync fails was sent; it is not dropped as well, nor released once more. */
    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(booleans = {true, false})
    void shouldCountAPacketOnceWhenTheSyncThatItMadeDueFails(final boolean onLoop) {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapLoop loop = NetmapLoop.manual();
        final AtomicLong made = new AtomicLong();
        final CompletableFuture<Void> emitted = new CompletableFuture<>();
        final Flux<Packet> source = Flux.range(0, 5)
                .map(number -> {
                    made.incrementAndGet();
                    return PacketPool.wrap(ContractB.frame(number));
                })
                .concatWith(Flux.<Packet>never().doOnSubscribe(rest -> emitted.complete(null)));
        try (netmap) {
            final NetmapPort a =
                    netmap.open("netmap:x{1", PortOptions.builder().loop(loop).build());
            netmap.faults().on("x{1").tx().failSync(Errno.EIO).once();

            final CompletableFuture<TxReport> sent = a.send(
                            source.subscribeOn(onLoop ? loop.scheduler() : Schedulers.single()),
                            TxOptions.builder().batch(2).build())
                    .toFuture();
            if (!onLoop) {
                emitted.join();
            }
            ContractB.settle(loop);

            assertThat(sent.handle((report, error) -> error).join())
                    .satisfies(error -> assertErrno(error, Errno.EIO))
                    .satisfies(error -> assertThat(error.getSuppressed()).hasOnlyOneElementSatisfying(suppressed -> {
                        final TxReport report = ((SendFailedException) suppressed).report();
                        assertThat(report.sent()).isEqualTo(2);
                        assertThat(report.sent() + report.dropped()).isEqualTo(made.get());
                    }));
        }
        assertBalanced(netmap);
    }

    @Test
    void shouldFailOnlyThePortOfTheFault() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapLoop loop = NetmapLoop.create("shared");
        try (netmap;
                loop) {
            final NetmapPort in = netmap.open("netmap:x}1", ContractA.on(loop));
            final NetmapPort out = netmap.open("netmap:y{1", ContractA.on(loop));
            final NetmapPort other = netmap.open("netmap:y}1", ContractA.on(loop));
            final NetmapPort source = netmap.open("netmap:x{1", ContractA.on(loop));
            final Received all = new Received(other);
            final CompletableFuture<TxReport> forward =
                    in.packets().as(out::send).toFuture();
            source.inject(ContractB.frame(0));
            all.await(1);

            netmap.faults().on("x}1").interfaceGone().always();

            assertErrno(ContractB.errorOf(forward), Errno.EIO);
            out.inject(ContractB.frame(1));
            all.await(2);
            assertThat(all.end).isNotDone();
        }
        assertBalanced(netmap);
    }

    @Test
    void shouldHoldTheSourceBackWhileTheRingIsFull() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final int count = 500;
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final Received stream = new Received(netmap.open("netmap:x}1"));
            final Fault full = netmap.faults().on("x{1").ringFull().always();
            final AtomicLong emitted = new AtomicLong();
            final CompletableFuture<TxReport> send = a.send(ContractB.frames(0, count)
                            .doOnNext(frame -> emitted.incrementAndGet())
                            .map(PacketPool::wrap))
                    .toFuture();
            stream.await(ContractA.FULL);
            ContractB.await(() -> full.struck() > 50, "syncs that show no room");
            assertThat(emitted.get()).as("slots, and as many waiting").isLessThanOrEqualTo(2L * ContractA.SLOTS);
            assertThat(stream.numbers).hasSize(ContractA.FULL);
            assertThat(send).isNotDone();

            full.clear();

            assertThat(send.orTimeout(30, TimeUnit.SECONDS).join().sent()).isEqualTo(count);
            stream.await(count);
            assertThat(stream.numbers).isEqualTo(range(count));
        }
        assertBalanced(netmap);
    }

    @Test
    void shouldWaitForAPeerThatSeemsGoneAndLoseNothing() {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final int count = 200;
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final Received stream = new Received(netmap.open("netmap:x}1"));
            final Fault gone = netmap.faults().on("x}1").peerGone().always();
            final CompletableFuture<TxReport> send =
                    a.sendFrames(ContractB.frames(0, count)).toFuture();
            ContractB.await(() -> gone.struck() > 5, "syncs that show nothing");
            assertThat(stream.numbers).isEmpty();
            assertThat(send).isNotDone();

            gone.clear();

            stream.await(count);
            assertThat(stream.numbers).isEqualTo(range(count));
            send.orTimeout(30, TimeUnit.SECONDS).join();
        }
        assertBalanced(netmap);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldDeliverEverythingWhenWakeUpsAreLate(final int polls) {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final int count = 300;
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final Received stream = new Received(netmap.open("netmap:x}1"));
            final EmbeddedFaults faults = netmap.faults().seed(polls);
            final Fault inTime = faults.on("x}1")
                    .delayWakeUps(Duration.ofMillis(2))
                    .withProbability(0.5)
                    .always();
            faults.on("x}1").delayWakeUps(polls).always();
            faults.on("x{1").delayWakeUps(Duration.ofNanos(1)).always();

            final CompletableFuture<TxReport> send = a.sendFrames(
                            ContractB.frames(0, count).delayElements(Duration.ofNanos(100_000)))
                    .toFuture();

            stream.await(count);
            assertThat(stream.numbers).isEqualTo(range(count));
            assertThat(send.orTimeout(30, TimeUnit.SECONDS).join().sent()).isEqualTo(count);
            assertThat(inTime.struck()).isPositive();
        }
        assertBalanced(netmap);
    }

    /** Two pipe ends on one manual loop. */
    private static final class Line implements AutoCloseable {
        final NetmapLoop loop = NetmapLoop.manual();
        final EmbeddedNetmap netmap = ContractA.netmap();
        final NetmapPort a = netmap.open("netmap:x{1", ContractA.on(loop));
        final NetmapPort b = netmap.open("netmap:x}1", ContractA.on(loop));
        final List<Integer> numbers = new ArrayList<>();
        final List<Integer> slots = new ArrayList<>();

        @Nullable
        Throwable error;

        Line() {
            b.packets()
                    .subscribe(
                            packet -> {
                                slots.add(packet.segments());
                                numbers.add(ContractB.number(packet));
                                packet.release();
                            },
                            e -> error = e);
            ContractB.settle(loop);
        }

        /** One frame in a sync of its own; false if the send failed. */
        boolean send(final int number) {
            final CompletableFuture<TxReport> sent =
                    a.sendFrames(Flux.just(ContractB.frame(number))).toFuture();
            ContractB.settle(loop);
            return sent.isDone() && !sent.isCompletedExceptionally();
        }

        RxStatistics statistics() {
            ContractB.settle(loop);
            ContractB.assertConserved(b);
            return b.rx(0).statistics();
        }

        @Override
        public void close() {
            netmap.faults().clearAll();
            netmap.close();
        }
    }

    @Test
    void shouldGlueATornFrameToTheNextAndGoOn() {
        final Line line = new Line();
        try (line) {
            final Fault torn =
                    line.netmap.faults().on("x}1").rx().tornFrame().after(2).once();
            for (int i = 0; i < 100; i++) {
                line.send(i);
            }

            assertThat(torn.struck()).isOne();
            assertThat(line.slots.indexOf(2))
                    .as("frame 2, with frame 3 behind it")
                    .isEqualTo(2);
            final List<Integer> expected = new ArrayList<>(range(100));
            expected.remove(3);
            expected.set(2, -1);
            assertThat(line.numbers).isEqualTo(expected);
            assertThat(line.statistics().received()).isEqualTo(99);
        }
        assertBalanced(line.netmap);
    }

    @Test
    void shouldCountFramesThatNeverEndAsMalformedAndGoOn() {
        final Line line = new Line();
        try (line) {
            final Fault torn = line.netmap.faults().on("x}1").rx().tornFrame().times(ContractA.FULL);
            for (int i = 0; i < ContractA.FULL; i++) {
                line.send(i);
            }
            assertThat(torn.isArmed()).isFalse();
            assertThat(line.numbers).isEmpty();
            assertThat(line.statistics().malformed()).as("longer than the ring").isOne();

            for (int i = 0; i < 100; i++) {
                line.send(i);
            }

            assertThat(line.numbers)
                    .as("from the first end of a frame")
                    .isEqualTo(range(100).subList(1, 100));
            assertThat(line.statistics().malformed()).isOne();
        }
        assertBalanced(line.netmap);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldOutliveScribbledSlots(final long seed) {
        final Line line = new Line();
        try (line) {
            final Fault scribble = line.netmap
                    .faults()
                    .seed(seed)
                    .on("x}1")
                    .rx()
                    .scribbleSlots()
                    .withProbability(0.3)
                    .always();
            int sent = 0;
            while (sent < 200 && line.error == null && line.send(sent)) {
                sent++;
            }
            final RxStatistics statistics = line.statistics();

            assertThat(scribble.struck()).as("seed %s", seed).isPositive();
            assertThat(statistics.malformed()).as("seed %s", seed).isPositive();
            if (line.error != null) {
                assertThat(line.error).isInstanceOf(RingStateException.class);
            }
            assertThat(line.numbers.size()).isGreaterThan(sent / 3);
        }
        final BufferAudit audit = line.netmap.driver().audit();
        assertThat(audit.lost()).as("seed %s: %s", seed, audit).isEmpty();
        assertThat(audit.duplicated()).as("seed %s: %s", seed, audit).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldEndWithATypedErrorWhenPointersAreScribbled(final long seed) {
        final Line line = new Line();
        try (line) {
            line.netmap
                    .faults()
                    .seed(seed)
                    .on("x}1")
                    .scribblePointers()
                    .after(30)
                    .always();
            for (int i = 0; i < 500 && line.error == null; i++) {
                line.send(i);
            }

            assertThat(line.error)
                    .as("seed %s", seed)
                    .isInstanceOf(RingStateException.class)
                    .hasMessageContaining("x}1");
        }
        assertThat(line.netmap.driver().audit().lost()).as("seed %s", seed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void shouldLoseNothingToFaultsThatOnlyHoldBack(final long seed) {
        final EmbeddedNetmap netmap = ContractA.netmap();
        final int count = 2_000;
        try (netmap) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort in =
                    netmap.open("netmap:x}1", PortOptions.builder().build());
            final NetmapPort out = netmap.open("netmap:y{1", ContractA.on(in.loop()));
            final Received stream = new Received(netmap.open("netmap:y}1"));
            final EmbeddedFaults faults = netmap.faults().seed(seed);
            for (final String port : List.of("x{1", "x}1", "y{1", "y}1")) {
                faults.on(port).ringFull().withProbability(0.2).always();
                faults.on(port).peerGone().withProbability(0.2).always();
                faults.on(port)
                        .delayWakeUps(Duration.ofNanos(300_000))
                        .withProbability(0.2)
                        .always();
            }
            in.packets()
                    .as(packets -> out.send(
                            packets,
                            TxOptions.builder().linger(Duration.ofMillis(1)).build()))
                    .subscribe(report -> {}, e -> {});

            final CompletableFuture<TxReport> send =
                    a.sendFrames(ContractB.frames(0, count)).toFuture();

            stream.await(count);
            assertThat(stream.numbers).as("seed %s", seed).isEqualTo(range(count));
            assertThat(send.orTimeout(30, TimeUnit.SECONDS).join().sent()).isEqualTo(count);
            assertThat(faults.armed()).anyMatch(fault -> fault.struck() > 0);
            faults.clearAll();
        }
        assertBalanced(netmap);
    }
}
