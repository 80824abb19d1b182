package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.Fault;
import org.reactornetmap.flow.CloseReport;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A topology in virtual time: one thread, deadlines to the nanosecond, the same every time. */
@Timeout(60)
class VirtualTimeContractTest {
    private static final Duration LINGER = Duration.ofMillis(5);

    private VirtualTimeScheduler time;

    @BeforeEach
    void start() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void stop() {
        VirtualTimeScheduler.reset();
    }

    private static Flux<Packet> packets(final int from, final int count) {
        return ContractB.frames(from, count).map(PacketPool::wrap);
    }

    private static TxOptions lingering() {
        return TxOptions.builder().linger(LINGER).build();
    }

    private <T> StepVerifier.FirstStep<T> verify(final Mono<T> mono) {
        return StepVerifier.withVirtualTime(() -> mono, () -> time, Long.MAX_VALUE);
    }

    private <T> StepVerifier.FirstStep<T> verify(final Flux<T> flux) {
        return StepVerifier.withVirtualTime(() -> flux, () -> time, Long.MAX_VALUE);
    }

    @Test
    void shouldSyncWhenTheLingerIsOverAndNotBefore() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time)) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            a.send(packets(0, 3).concatWith(Flux.never()), lingering())
                    .onErrorComplete()
                    .subscribe();

            verify(ContractB.numbers(b.packets()).take(3))
                    .expectSubscription()
                    .expectNoEvent(LINGER.minusNanos(1))
                    .thenAwait(Duration.ofNanos(1))
                    .expectNext(0, 1, 2)
                    .verifyComplete();
        }
    }

    @Test
    void shouldWaitForTheDrainAndReportWhatStayed() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time)) {
            final NetmapPort nowhere = netmap.open(
                    "null:n", PortOptions.builder().rings(1).slots(16).build());

            verify(nowhere.sendFrames(ContractB.frames(0, 2)))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(1).minusNanos(1))
                    .thenAwait(Duration.ofNanos(1))
                    .assertNext(report -> assertThat(report.pending()).isEqualTo(2))
                    .verifyComplete();
        }
    }

    @Test
    void shouldCloseWhenTheDrainTimeIsOver() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time)) {
            final NetmapPort a =
                    netmap.open("netmap:x{1", PortOptions.builder().slots(4).build());
            netmap.open("netmap:x}1");
            final TxOptions patient =
                    TxOptions.builder().drain(Duration.ofSeconds(7)).build();
            a.send(packets(0, 9), patient).onErrorComplete().subscribe();

            verify(a.closeAsync())
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(7).minusNanos(1))
                    .thenAwait(Duration.ofNanos(1))
                    .expectNextCount(1)
                    .verifyComplete();
        }
    }

    @Test
    void shouldNotWaitInRealTimeForAClockThatOnlyTheCallerMoves() {
        final AtomicLong clock = new AtomicLong();
        final NetmapLoop loop = NetmapLoop.manual(clock::get);
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open(
                    "netmap:x{1", PortOptions.builder().loop(loop).slots(4).build());
            a.send(
                            packets(0, 9),
                            TxOptions.builder().drain(Duration.ofMinutes(1)).build())
                    .onErrorComplete()
                    .subscribe();
            loop.doWork();
            final long before = System.nanoTime();

            a.close();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            assertThat(a.closeAsync().map(CloseReport::dropped).block()).isEqualTo(3);
        }
    }

    @Test
    void shouldStampPacketsWithTheSchedulersTime() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time)) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final List<Long> stamps = new ArrayList<>();
            b.packets().subscribe(packet -> {
                stamps.add(packet.timestampNanos());
                packet.release();
            });

            a.inject(ContractB.frame(0));
            time.advanceTimeBy(Duration.ofSeconds(3));
            a.inject(ContractB.frame(1));

            assertThat(stamps).containsExactly(0L, 3_000_000_000L);
            assertThat(a.loop().scheduler().now(TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void shouldRunTimersOfTheLoopInVirtualTime() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time)) {
            final NetmapPort port = netmap.open("netmap:x{1");

            verify(Flux.interval(Duration.ofHours(1), port.loop().scheduler()).take(3))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofHours(1).minusNanos(1))
                    .thenAwait(Duration.ofHours(2).plusNanos(1))
                    .expectNext(0L, 1L, 2L)
                    .verifyComplete();
        }
    }

    @Test
    void shouldGoOnWhenAHeldPacketIsReleasedOutsideTheLoop() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time, ContractA.config())) {
            final NetmapPort a = netmap.open(
                    "netmap:x{1", PortOptions.builder().extraBuffers(0).build());
            final NetmapPort b = netmap.open(
                    "netmap:x}1", PortOptions.builder().extraBuffers(0).build());
            final ContractA.Sink sink = new ContractA.Sink(Long.MAX_VALUE);
            b.packets().subscribe(sink);
            final List<TxReport> reports = new ArrayList<>();
            a.send(packets(0, 2 * ContractA.FULL)).subscribe(reports::add);
            assertThat(sink.numbers()).hasSize(ContractA.FULL);
            assertThat(reports).isEmpty();

            sink.releaseAll();

            assertThat(reports)
                    .singleElement()
                    .satisfies(r -> assertThat(r.sent()).isEqualTo(2 * ContractA.FULL));
            assertThat(sink.numbers()).hasSize(ContractA.FULL);
            sink.releaseAll();
        }
    }

    /** Every event of a run, with its time, and the counters at its end. */
    private List<String> run(final long seed, final boolean severalLoops) {
        VirtualTimeScheduler.reset();
        time = VirtualTimeScheduler.getOrSet();
        final Random random = new Random(seed);
        final List<String> events = new ArrayList<>();
        final EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time, ContractA.config());
        try (netmap) {
            final NetmapPort[] ports = new NetmapPort[8];
            for (int i = 0; i < ports.length; i++) {
                final PortOptions.Builder options = PortOptions.builder();
                if (severalLoops) {
                    options.loop(NetmapLoop.on(time));
                }
                ports[i] =
                        netmap.open("netmap:" + (char) ('a' + i / 2) + (i % 2 == 0 ? "{" : "}") + 1, options.build());
            }
            // a -> b -> c, and every third packet late by d
            forward(events, "b", ports[1].packets().filter(p -> number(p) % 5 != 0), ports[2]);
            forward(events, "c", ports[3].packets(), ports[4]);
            ports[5].packets()
                    .transform(source -> late(source, 3))
                    .as(source -> ports[6].send(source, lingering()))
                    .subscribe(report -> note(events, "d sent " + report));
            ContractB.numbers(ports[7].packets()).subscribe(number -> note(events, "got " + number));
            int number = 0;
            for (int burst = 0; burst < 60; burst++) {
                final int frames = 1 + random.nextInt(40);
                final int from = number;
                ports[0].sendFrames(ContractB.frames(from, frames))
                        .subscribe(report -> note(events, "a sent " + from + " " + report));
                number += frames;
                time.advanceTimeBy(Duration.ofNanos(random.nextInt(20_000_000)));
            }
            time.advanceTimeBy(Duration.ofSeconds(10));
            for (final NetmapPort port : ports) {
                note(events, port.name() + " " + port.statistics());
                ContractB.assertConserved(port);
            }
            for (final NetmapPort port : ports) {
                port.closeAsync().subscribe(report -> note(events, port.name() + " closed " + report));
                time.advanceTimeBy(Duration.ofSeconds(2));
            }
            note(events, "sent " + number);
        }
        assertThat(netmap.driver().audit().isBalanced())
                .as("buffers after seed %s", seed)
                .isTrue();
        return events;
    }

    private static int number(final Packet packet) {
        return ContractB.number(packet);
    }

    private void forward(
            final List<String> events, final String name, final Flux<Packet> source, final NetmapPort out) {
        out.send(source).subscribe(report -> note(events, name + " sent " + report), e -> note(events, name + " " + e));
    }

    private static Flux<Packet> late(final Flux<Packet> source, final int oneIn) {
        return source.concatMap(packet ->
                number(packet) % oneIn == 0 ? Mono.just(packet).delayElement(Duration.ofMillis(1)) : Mono.just(packet));
    }

    private void note(final List<String> events, final String event) {
        events.add(time.now(TimeUnit.NANOSECONDS) + " " + event);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDoTheSameTwiceFromOneSeed(final boolean severalLoops) {
        final long seed = System.nanoTime();
        final List<String> first = run(seed, severalLoops);

        assertThat(first).as("events of seed %s", seed).anyMatch(event -> event.contains(" got "));
        assertThat(run(seed, severalLoops)).as("events of seed %s, again", seed).isEqualTo(first);
        assertThat(run(seed + 1, severalLoops)).isNotEqualTo(first);
    }

    @Test
    void shouldDoTheSameTwiceWhileOtherLoopsLive() {
        try (EmbeddedNetmap busy = EmbeddedNetmap.forTests()) {
            final NetmapPort a = busy.open("netmap:x{1");
            final Disposable reading =
                    ContractB.numbers(busy.open("netmap:x}1").packets()).subscribe();
            final Disposable sending =
                    a.sendFrames(ContractB.frames(0, 1000).repeat()).subscribe();
            final List<String> first = run(3, true);

            assertThat(run(3, true)).isEqualTo(first);
            sending.dispose();
            reading.dispose();
        }
    }

    @Test
    void shouldLoseNothingBetweenSeveralPortsInVirtualTime() {
        final List<String> events = run(7, true);
        final List<Integer> got = events.stream()
                .filter(event -> event.contains(" got "))
                .map(event -> Integer.valueOf(event.substring(event.lastIndexOf(' ') + 1)))
                .toList();
        final int sent = Integer.parseInt(events.get(events.size() - 1)
                .substring(events.get(events.size() - 1).lastIndexOf(' ') + 1));

        assertThat(got).isSorted().doesNotHaveDuplicates();
        assertThat(got).hasSize((int) java.util.stream.IntStream.range(0, sent)
                .filter(n -> n % 5 != 0)
                .count());
    }

    /** A frame that says its number, from one station to another. */
    private static ByteBuffer frame(final int number, final int from, final int to) {
        final ByteBuffer frame = ContractB.frame(number);
        frame.putShort(0, (short) 0x0200)
                .putInt(2, to)
                .putShort(6, (short) 0x0200)
                .putInt(8, from);
        return frame;
    }

    /** Stations on a switch, each on a loop of its own, with rings so small that some frames are dropped. */
    private List<String> runSwitch(final long seed) {
        VirtualTimeScheduler.reset();
        time = VirtualTimeScheduler.getOrSet();
        final Random random = new Random(seed);
        final List<String> events = new ArrayList<>();
        final EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time);
        final int stations = 4;
        try (netmap) {
            netmap.faults()
                    .seed(seed)
                    .on("vale0:2")
                    .rx()
                    .peerGone()
                    .withProbability(0.1)
                    .always();
            final List<NetmapPort> ports = new ArrayList<>();
            for (int i = 0; i < stations; i++) {
                final int station = i;
                final PortOptions options = PortOptions.builder()
                        .loop(NetmapLoop.on(time))
                        .slots(16)
                        .build();
                ports.add(netmap.open("vale0:" + i, options));
                final Flux<Packet> received = i == 0
                        ? ports.get(i).packets().concatMap(p -> Mono.just(p).delayElement(LINGER), 1)
                        : ports.get(i).packets();
                ContractB.numbers(received).subscribe(number -> note(events, station + " got " + number));
            }
            for (int burst = 0; burst < 100; burst++) {
                final int from = random.nextInt(stations);
                final int first = burst * 100;
                final List<ByteBuffer> frames = new ArrayList<>();
                for (int i = random.nextInt(20); i >= 0; i--) {
                    frames.add(frame(first + i, from, random.nextInt(stations + 1)));
                }
                ports.get(from)
                        .sendFrames(Flux.fromIterable(frames))
                        .subscribe(report -> note(events, from + " sent " + report));
                time.advanceTimeBy(Duration.ofNanos(random.nextInt(10_000_000)));
            }
            time.advanceTimeBy(Duration.ofSeconds(10));
            netmap.driver().switchStatistics().forEach(each -> note(events, each.toString()));
            ports.forEach(port -> note(events, port.name() + " " + port.statistics()));
            ports.forEach(ContractB::assertConserved);
        }
        assertThat(netmap.driver().audit().isBalanced())
                .as("buffers after seed %s", seed)
                .isTrue();
        return events;
    }

    @Test
    void shouldSwitchTheSameTwiceFromOneSeedWithFaults() {
        final long seed = System.nanoTime();
        final List<String> first = runSwitch(seed);

        assertThat(first).as("events of seed %s", seed).anyMatch(event -> event.contains(" got "));
        assertThat(runSwitch(seed)).as("events of seed %s, again", seed).isEqualTo(first);
        assertThat(runSwitch(seed + 1)).isNotEqualTo(first);
    }

    @Test
    void shouldHearOfADriversPortAndOfAClearedFault() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time, ContractA.config())) {
            final NetmapPort b = netmap.open("netmap:x}1");
            final List<Integer> got = new ArrayList<>();
            ContractB.numbers(b.packets()).subscribe(got::add);
            final DriverPort raw = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:x{1")));
            final NetmapRing tx = raw.netmapIf().txRings().get(0);

            put(tx, 0);
            raw.txSync();
            assertThat(got).as("without time or message").containsExactly(0);

            final Fault gone = netmap.faults().on("x}1").peerGone().always();
            put(tx, 1);
            raw.txSync();
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(got).containsExactly(0);
            assertThat(gone.struck()).as("one look in each millisecond").isBetween(1000L, 1010L);

            gone.clear();
            assertThat(got).containsExactly(0, 1);
            raw.close();
        }
    }

    private static void put(final NetmapRing tx, final int number) {
        final int slot = tx.head();
        final int bufIdx = NetmapSlotDescriptor.bufIdx(tx.slotWord(slot));
        tx.buffers().slice(bufIdx).put(ContractB.frame(number));
        tx.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, ContractB.FRAME_BYTES, 0));
        tx.head(RingMath.next(slot, tx.numSlots()));
        tx.cur(tx.head());
    }

    @Test
    void shouldWaitInVirtualTimeForARingThatAFaultKeepsFull() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time, ContractA.config())) {
            final NetmapPort a = netmap.open("netmap:x{1");
            ContractB.numbers(netmap.open("netmap:x}1").packets()).subscribe();
            netmap.faults().on("x{1").ringFull().during(Duration.ofSeconds(30));

            verify(a.send(
                            packets(0, ContractA.FULL),
                            TxOptions.builder().drain(Duration.ofSeconds(40)).build()))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(30).minusNanos(1))
                    .thenAwait(Duration.ofMillis(1))
                    .assertNext(report -> assertThat(report.sent()).isEqualTo(ContractA.FULL))
                    .verifyComplete();
        }
    }
}
