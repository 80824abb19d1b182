package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.BufferAudit;
import org.reactornetmap.driver.embedded.EmbeddedInterface;
import org.reactornetmap.driver.embedded.InterfaceConfig;
import org.reactornetmap.driver.embedded.InterfaceStatistics;
import org.reactornetmap.flow.IdleStrategy;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.packet.Direction;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.RingStateException;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A port that forwards: an interface works for its host while a pipeline looks on. */
@Timeout(120)
@SuppressWarnings("try") // some ports are only held open
class ForwardTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final PortOptions FORWARD =
            PortOptions.builder().forward(true).build();
    private static final int SLOTS = 64;

    private final EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
    private final EmbeddedInterface eth0 = netmap.addInterface(
            "eth0", InterfaceConfig.builder().rings(2).slots(SLOTS).build());

    @AfterEach
    void everyBufferIsInOnePlace() {
        netmap.close();
        assertThat(netmap.driver().audit()).matches(BufferAudit::isBalanced);
    }

    private static ByteBuffer frame(final int number) {
        return Frames.udp("10.0.0.1", number & 0xFFFF, "10.0.0.2", 53);
    }

    private static int number(final Packet packet) {
        return packet.u16(34);
    }

    private static List<Integer> numbers(final List<ByteBuffer> frames) {
        return frames.stream().map(frame -> frame.getShort(34) & 0xFFFF).toList();
    }

    private static List<Integer> sequence(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static void await(final BooleanSupplier done) {
        final long start = System.nanoTime();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TIMEOUT.toNanos());
            Thread.onSpinWait();
        }
    }

    /** What came to an end of the way, as it comes. */
    private static void awaitNumbers(final java.util.function.Supplier<List<ByteBuffer>> end, final List<Integer> all) {
        final List<Integer> got = new ArrayList<>();
        await(() -> {
            got.addAll(numbers(end.get()));
            return got.size() >= all.size();
        });
        assertThat(got).containsExactlyElementsOf(all);
    }

    @ParameterizedTest
    @EnumSource(IdleStrategy.class)
    void shouldKeepAnInterfaceWorkingBothWaysWhileAPipelineLooksOn(final IdleStrategy idle) {
        final long seed = System.nanoTime();
        System.out.println("ForwardTest seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        port.loop().idle(idle);
        final AtomicInteger in = new AtomicInteger();
        final AtomicInteger out = new AtomicInteger();
        final AtomicReference<String> wrong = new AtomicReference<>();
        final Disposable look = port.packets().subscribe(packet -> {
            final boolean fromHost = packet.ring() == 2;
            if (packet.direction() != (fromHost ? Direction.OUTBOUND : Direction.INBOUND)
                    || (number(packet) >= 30_000) != fromHost) {
                wrong.set(packet.direction() + " on ring " + packet.ring() + ": " + number(packet));
            }
            (fromHost ? out : in).incrementAndGet();
            packet.release();
        });
        final int count = 20_000;
        int received = 0;
        int sent = 0;
        int up = 0;
        int down = 0;
        while (received + sent < 2 * count) {
            if (received < count && random.nextBoolean()) {
                while (!eth0.receive(received & 1, frame(received % 30_000))) {
                    Thread.onSpinWait();
                }
                received++;
            } else if (sent < count) {
                while (!eth0.hostStack().send(frame(30_000 + sent % 30_000))) {
                    Thread.onSpinWait();
                }
                sent++;
            }
            if (random.nextInt(100) == 0) {
                up += eth0.hostStack().received().size();
                down += eth0.transmitted().size();
            }
        }
        await(() -> eth0.statistics().raised() == count && eth0.statistics().transmitted() == count);
        look.dispose();
        up += eth0.hostStack().received().size();
        down += eth0.transmitted().size();

        assertThat(wrong).hasValue(null);
        assertThat(in).hasValue(count);
        assertThat(out).hasValue(count);
        assertThat(up).isEqualTo(count);
        assertThat(down).isEqualTo(count);
        port.close();
        final InterfaceStatistics wire = eth0.statistics();
        assertThat(wire.wireReceived()).isEqualTo(wire.raised() + wire.ringFull());
        assertThat(wire.hostSent()).isEqualTo(wire.transmitted() + wire.queueDropped());
        assertThat(port.rx(0).statistics().forwarded() + port.rx(1).statistics().forwarded())
                .isEqualTo(count);
        assertThat(port.rx(2).statistics().forwarded()).isEqualTo(count);
    }

    @Test
    void shouldKeepTheOrderOfARing() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        port.packets().subscribe(Packet::release);
        for (int i = 0; i < 500; i++) {
            final ByteBuffer frame = frame(i);
            await(() -> eth0.receive(frame));
            await(() -> eth0.hostStack().send(frame));
        }
        awaitNumbers(eth0.hostStack()::received, sequence(0, 500));
        awaitNumbers(eth0::transmitted, sequence(0, 500));
    }

    @Test
    void shouldPassOnUnseenWhatNobodySubscribedTo() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        for (int i = 0; i < 300; i++) {
            final ByteBuffer frame = frame(i);
            await(() -> eth0.receive(frame));
            await(() -> eth0.hostStack().send(frame));
        }
        awaitNumbers(eth0.hostStack()::received, sequence(0, 300));
        awaitNumbers(eth0::transmitted, sequence(0, 300));
        assertThat(port.statistics().received()).isZero();
    }

    @Test
    void shouldServeTheRingsThatAreNotLookedAtAndThoseThatNoLongerAre() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        final Disposable look = port.rx(0).packets().subscribe(Packet::release);
        await(() -> eth0.hostStack().send(frame(1)));
        awaitNumbers(eth0::transmitted, List.of(1));
        look.dispose();
        await(() -> eth0.receive(frame(2)));
        awaitNumbers(eth0.hostStack()::received, List.of(2));
        StepVerifier.create(port.packets().map(ForwardTest::released).take(1))
                .expectSubscription()
                .then(() -> eth0.receive(frame(3)))
                .expectNext(3)
                .expectComplete()
                .verify(TIMEOUT);
        awaitNumbers(eth0.hostStack()::received, List.of(3));
    }

    private static int released(final Packet packet) {
        final int number = number(packet);
        packet.release();
        return number;
    }

    @Test
    void shouldStopWhileASubscriberWantsNothing() throws InterruptedException {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        final BaseSubscriber<Packet> idle = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(final org.reactivestreams.Subscription subscription) {
                // no demand
            }

            @Override
            protected void hookOnNext(final Packet packet) {
                packet.release();
            }
        };
        port.packets().subscribe(idle);
        for (int i = 0; i < 10; i++) {
            eth0.receive(frame(i));
        }
        new LoopProbe(port.loop()).assertSleeps(0);
        assertThat(eth0.hostStack().received()).isEmpty();
        idle.request(4);
        awaitNumbers(eth0.hostStack()::received, sequence(0, 4));
        idle.cancel();
        awaitNumbers(eth0.hostStack()::received, sequence(4, 10));
    }

    /** By exchange of buffers, in one memory, and by copy, in another. */
    @ParameterizedTest
    @ValueSource(strings = {"netmap:x{1@1", "netmap:x{1"})
    void shouldNotPassOnWhatASendTook(final String spec) {
        final NetmapLoop loop = NetmapLoop.create("mirror");
        final NetmapPort port = netmap.open(
                "netmap:eth0*", PortOptions.builder().forward(true).loop(loop).build());
        final NetmapPort other =
                netmap.open(spec, PortOptions.builder().loop(loop).build());
        final NetmapPort reader = netmap.open(spec.replace('{', '}'));
        final Disposable look = port.packets()
                .filter(packet -> {
                    final boolean odd = (number(packet) & 1) != 0;
                    if (!odd) {
                        packet.release();
                    }
                    return odd;
                })
                .as(other::send)
                .subscribe(report -> {}, e -> {});
        final ConcurrentLinkedQueue<Integer> diverted = new ConcurrentLinkedQueue<>();
        reader.packets().map(ForwardTest::released).subscribe(diverted::add);
        for (int i = 0; i < 1_000; i++) {
            final ByteBuffer frame = frame(i);
            if (i % 4 < 2) {
                await(() -> eth0.receive(frame));
            } else {
                await(() -> eth0.hostStack().send(frame));
            }
        }
        awaitNumbers(
                eth0.hostStack()::received,
                sequence(0, 1_000).stream().filter(i -> i % 4 == 0).toList());
        awaitNumbers(
                eth0::transmitted,
                sequence(0, 1_000).stream().filter(i -> i % 4 == 2).toList());
        await(() -> diverted.size() >= 500);
        assertThat(diverted)
                .containsExactlyInAnyOrderElementsOf(
                        sequence(0, 1_000).stream().filter(i -> (i & 1) != 0).toList());
        look.dispose();
        netmap.close();
        loop.close();
        assertThat(eth0.hostStack().received()).isEmpty();
        assertThat(eth0.transmitted()).isEmpty();
    }

    @Test
    void shouldPassOnWhatIsSentAsACopyAndKeptByAnother() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        final NetmapPort mirror = netmap.open("netmap:x{1@1");
        final NetmapPort reader = netmap.open("netmap:x}1@1");
        final List<Packet> kept = new ArrayList<>();
        port.packets()
                .doOnNext(packet -> kept.add(packet.retain()))
                .as(mirror::send)
                .subscribe(report -> {}, e -> {});
        for (int i = 0; i < 20; i++) {
            eth0.receive(frame(i));
        }
        StepVerifier.create(reader.packets().map(ForwardTest::released).take(20))
                .expectNextCount(20)
                .expectComplete()
                .verify(TIMEOUT);
        assertThat(eth0.hostStack().received()).isEmpty();
        kept.forEach(Packet::release);
        awaitNumbers(eth0.hostStack()::received, sequence(0, 20));
    }

    @Test
    void shouldPassOnWhatAnotherThreadReleases() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        final Disposable look = port.packets().publishOn(Schedulers.parallel()).subscribe(Packet::release);
        for (int i = 0; i < 2_000; i++) {
            final ByteBuffer frame = frame(i);
            await(() -> eth0.receive(frame));
        }
        awaitNumbers(eth0.hostStack()::received, sequence(0, 2_000));
        look.dispose();
    }

    @Test
    void shouldPassOnWhatThePipelineWrote() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        port.packets().subscribe(packet -> {
            packet.set16(34, 4_711);
            packet.release();
        });
        eth0.receive(frame(1));
        awaitNumbers(eth0.hostStack()::received, List.of(4_711));
    }

    @Test
    void shouldHoldInPlaceAndPassOnTheRightBytesWhenReleasedInAnyOrder() {
        final long seed = System.nanoTime();
        System.out.println("ForwardTest seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final NetmapLoop loop = NetmapLoop.manual();
        final NetmapPort port = netmap.open(
                "netmap:eth0*", PortOptions.builder().forward(true).loop(loop).build());
        final List<Packet> held = new ArrayList<>();
        port.packets().subscribe(packet -> held.add(random.nextBoolean() ? packet : packet.retain()));
        final List<Integer> expected = new ArrayList<>();
        final List<Integer> up = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            if (eth0.receive(frame(i))) {
                expected.add(i);
            }
            work(loop);
            while (!held.isEmpty() && random.nextInt(5) < 3) {
                final Packet packet = held.remove(random.nextInt(held.size()));
                while (!packet.isReleased()) {
                    packet.release();
                }
            }
            up.addAll(numbers(eth0.hostStack().received()));
        }
        for (final Packet packet : held) {
            while (!packet.isReleased()) {
                packet.release();
            }
        }
        work(loop);
        up.addAll(numbers(eth0.hostStack().received()));

        assertThat(up).containsExactlyElementsOf(expected);
        assertThat(port.rx(0).statistics().swapped()).isZero();
        netmap.close();
        loop.close();
    }

    private static void work(final NetmapLoop loop) {
        while (loop.doWork() > 0) {
            // there is more
        }
    }

    @Test
    void shouldMixWhatItSendsItselfWithWhatTheHostSends() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        port.packets().subscribe(Packet::release);
        final Sinks.Many<Packet> own = Sinks.many().unicast().onBackpressureBuffer();
        final var report = port.tx(0).send(own.asFlux()).toFuture();
        final List<Integer> wire = new ArrayList<>();
        final int count = 5_000;
        for (int i = 0; i < count; i++) {
            final ByteBuffer frame = frame(i);
            await(() -> eth0.hostStack().send(frame));
            own.tryEmitNext(PacketPool.wrap(frame(30_000 + i)));
            if (i % 50 == 0) {
                wire.addAll(numbers(eth0.transmitted()));
            }
        }
        own.tryEmitComplete();
        assertThat(report.orTimeout(10, TimeUnit.SECONDS).join().sent()).isEqualTo(count);
        await(() -> {
            wire.addAll(numbers(eth0.transmitted()));
            return wire.size() >= 2 * count;
        });
        assertThat(wire.stream().filter(i -> i < 30_000)).containsExactlyInAnyOrderElementsOf(sequence(0, count));
        assertThat(wire.stream().filter(i -> i >= 30_000)).containsExactlyElementsOf(sequence(30_000, 30_000 + count));
    }

    @Test
    void shouldPutTheHostsPacketsBehindThoseThatLinger() {
        final NetmapLoop loop = NetmapLoop.manual();
        final NetmapPort port = netmap.open(
                "netmap:eth0*", PortOptions.builder().forward(true).loop(loop).build());
        final Disposable own = port.tx(0)
                .send(
                        Flux.range(0, 5).map(i -> PacketPool.wrap(frame(i))).concatWith(Flux.never()),
                        TxOptions.builder().linger(Duration.ofMinutes(1)).build())
                .subscribe(report -> {}, e -> {});
        work(loop);
        assertThat(eth0.transmitted()).isEmpty();
        eth0.hostStack().send(frame(100));
        work(loop);

        assertThat(numbers(eth0.transmitted())).containsExactly(0, 1, 2, 3, 4, 100);
        own.dispose();
        netmap.close();
        loop.close();
    }

    @Test
    void shouldLetTheHostWaitForRoomInsteadOfLosingItsPackets() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        port.packets().subscribe(Packet::release);
        eth0.link(false);
        int sent = 0;
        while (sent < 3 * (SLOTS - 1)) { // both TX rings of the NIC and the ring of the host
            final ByteBuffer frame = frame(sent++);
            await(() -> eth0.hostStack().send(frame));
        }
        assertThat(eth0.transmitted()).isEmpty();
        eth0.link(true);
        final List<Integer> wire = new ArrayList<>();
        final int all = sent;
        await(() -> {
            wire.addAll(numbers(eth0.transmitted()));
            return wire.size() >= all;
        });
        assertThat(wire).containsExactlyInAnyOrderElementsOf(sequence(0, all));
    }

    @Test
    void shouldSleepWhileTheHostWaitsAndWhenNothingComes() throws InterruptedException {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        new LoopProbe(port.loop()).assertSleeps(0);
        eth0.link(false);
        for (int i = 0; i < 3 * (SLOTS - 1); i++) {
            final ByteBuffer frame = frame(i);
            await(() -> eth0.hostStack().send(frame));
        }
        new LoopProbe(port.loop()).assertSleeps(0);
        eth0.link(true);
        await(() -> eth0.statistics().transmitted() == 3 * (SLOTS - 1));
        new LoopProbe(port.loop()).assertSleeps(0);
    }

    /** What is held is revoked: the pipeline can't read it any more, the host gets it all the same. */
    @Test
    void shouldPassOnAtItsCloseWhatIsInTheRings() {
        final NetmapLoop loop = NetmapLoop.manual();
        try (EmbeddedNetmap lenient = EmbeddedNetmap.create()) {
            final EmbeddedInterface eth1 = lenient.addInterface("eth1");
            final NetmapPort port = lenient.open(
                    "netmap:eth1*",
                    PortOptions.builder().forward(true).loop(loop).build());
            final List<Packet> held = new ArrayList<>();
            port.rx(0).packets().take(3).subscribe(held::add);
            loop.doWork();
            for (int i = 0; i < 10; i++) {
                eth1.receive(frame(i));
                eth1.hostStack().send(frame(100 + i));
            }
            loop.doWork();
            assertThat(held).hasSize(3);
            held.get(1).release();
            assertThat(eth1.hostStack().received()).isEmpty();
            port.close();

            assertThat(numbers(eth1.hostStack().received())).containsExactlyElementsOf(sequence(0, 10));
            assertThat(numbers(eth1.transmitted())).containsExactlyElementsOf(sequence(100, 110));
            assertThat(held.get(0).isReleased()).isTrue();
            assertThat(lenient.driver().audit()).matches(BufferAudit::isBalanced);
        }
        loop.close();
    }

    @Test
    void shouldLeaveTheRingsAsTheyWere() {
        try (DriverPort other = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:eth0*")))) {
            final var rings = other.netmapIf().rxRings();
            final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
            assertThat(rings).allMatch(ring -> (ring.flags() & NetmapRingDescriptor.NR_FORWARD) != 0);
            port.close();
            assertThat(rings).allMatch(ring -> (ring.flags() & NetmapRingDescriptor.NR_FORWARD) == 0);
        }
    }

    @Test
    void shouldNotCutLongFrames() {
        final EmbeddedInterface jumbo = netmap.addInterface(
                "jumbo", InterfaceConfig.builder().mtu(9_000).build());
        final NetmapPort port = netmap.open("netmap:jumbo*", FORWARD);
        jumbo.receive(ByteBuffer.allocate(5_000)); // unseen
        jumbo.receive(frame(1));
        awaitNumbers(jumbo.hostStack()::received, List.of(1));
        final var lengths = port.packets().map(packet -> {
            final int length = packet.length();
            packet.release();
            return length;
        });
        StepVerifier.create(lengths.take(2))
                .expectSubscription()
                .then(() -> jumbo.receive(ByteBuffer.allocate(6_000)))
                .then(() -> jumbo.receive(frame(2)))
                .expectNext(6_000)
                .expectNextCount(1)
                .expectComplete()
                .verify(TIMEOUT);
        awaitNumbers(jumbo.hostStack()::received, List.of(2));
    }

    @Test
    void shouldRunInVirtualTime() {
        final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (EmbeddedNetmap virtual = EmbeddedNetmap.virtualTime(time)) {
            final EmbeddedInterface eth1 = virtual.addInterface("eth1");
            final NetmapPort port = virtual.open("netmap:eth1*", FORWARD);
            final List<Integer> seen = new ArrayList<>();
            port.packets().subscribe(packet -> seen.add(released(packet)));
            eth1.receive(frame(1));
            eth1.hostStack().send(frame(2));
            time.advanceTimeBy(Duration.ofMillis(1));
            assertThat(seen).containsExactlyInAnyOrder(1, 2);
            assertThat(numbers(eth1.hostStack().received())).containsExactly(1);
            assertThat(numbers(eth1.transmitted())).containsExactly(2);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RxOptions.Hold.class,
            names = {"SWAP_WHEN_BLOCKING", "SWAP_ALWAYS"})
    void shouldRefuseToTakePacketsOutOfTheirSlots(final RxOptions.Hold hold) {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        final RxOptions options = RxOptions.builder().hold(hold).build();
        for (final Flux<Packet> packets :
                List.of(port.packets(options), port.rx(0).packets(options))) {
            StepVerifier.create(packets)
                    .expectErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("use Hold.IN_PLACE"))
                    .verify(TIMEOUT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "netmap:eth0",
        "netmap:eth0^",
        "netmap:eth0-1",
        "netmap:x{1",
        "vale0:a",
        "netmap:eth0*/R",
        "netmap:eth0*/T"
    })
    void shouldRefusePortsThatLackRings(final String spec) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> netmap.open(spec, FORWARD))
                .withMessageContaining(spec)
                .withMessageContaining("open such as netmap:eth0*");
    }

    @Test
    void shouldRefuseSeveralHostRings() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> netmap.open("netmap:eth0*@conf:host-rings=2", FORWARD))
                .withMessageContaining("first host ring only");
    }

    @Test
    void shouldRefuseOffsetsWhichNetmapForgetsOnTheWay() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> netmap.open("netmap:eth0*@offset=64", FORWARD))
                .withMessageContaining("leave out @offset");
        netmap.open("netmap:eth0*", FORWARD); // nothing was left open
    }

    @Test
    void shouldRefuseOneDescriptorForEachRing() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(
                        () -> PortOptions.builder().forward(true).perRing(true).build())
                .withMessageContaining("leave out perRing");
    }

    @Test
    void shouldRefuseClaimsThatNetmapCouldTake() {
        final NetmapLoop loop = NetmapLoop.manual();
        final NetmapPort port = netmap.open(
                "netmap:eth0*", PortOptions.builder().forward(true).loop(loop).build());
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> port.tx(0).claim(60))
                .withMessageContaining("send(...)");
        final var claim = port.tx(2).claim(60); // the host's
        assertThat(claim).isNotNull();
        claim.buffer().put(frame(1).limit(42));
        claim.commit();
        work(loop);
        assertThat(eth0.hostStack().received()).hasSize(1);
        netmap.close();
        loop.close();
    }

    private static void settle(final LoopProbe probe) {
        try {
            probe.settle();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The head that netmap moves when it forwards is checked as a tail is. */
    @Test
    void shouldFailWhenSomebodyScribblesOverTheHeadOfATxRing() throws InterruptedException {
        try (DriverPort other = netmap.driver().open(OpenRequest.of(PortSpec.parse("netmap:eth0*")))) {
            final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
            final LoopProbe probe = new LoopProbe(port.loop());
            StepVerifier.create(port.packets().map(ForwardTest::released))
                    .expectSubscription()
                    .then(() -> {
                        settle(probe);
                        other.netmapIf().txRings().get(1).head(1_000);
                        eth0.receive(frame(1));
                    })
                    .expectErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(RingStateException.class)
                            .hasMessageContaining("jumped to 1000 while netmap forwarded"))
                    .verify(TIMEOUT);
            other.netmapIf().txRings().get(1).head(0);
        }
    }

    @Test
    void shouldTapWhatItForwards() {
        final NetmapPort port = netmap.open("netmap:eth0*", FORWARD);
        final NetmapPort tap = port.tap(Tap.COPY_RX);
        StepVerifier.create(tap.packets().map(ForwardTest::released).take(2))
                .expectSubscription()
                .then(() -> eth0.receive(frame(1)))
                .expectNext(1)
                .then(() -> eth0.receive(frame(2)))
                .expectNext(2)
                .expectComplete()
                .verify(TIMEOUT);
        awaitNumbers(eth0.hostStack()::received, List.of(1, 2));
    }
}
