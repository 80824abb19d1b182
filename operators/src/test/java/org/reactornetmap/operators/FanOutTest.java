package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.operators.TestPackets.number;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.reactornetmap.flow.BurstListener;
import org.reactornetmap.operators.filter.PacketFilter;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

@Timeout(60)
class FanOutTest {

    private final TestPackets packets = new TestPackets(1 << 12);

    @AfterEach
    void everyPacketIsBack() {
        packets.assertAllBack();
    }

    private static FanOut.Plan byNumber(int lanes) {
        return FanOut.by(lanes, TestPackets::number);
    }

    private static Taker taker(long demand) {
        return new Taker(demand, Context.empty());
    }

    private static Taker taker(long demand, Context context) {
        return new Taker(demand, context);
    }

    /** Takes and releases packets, and remembers their numbers. */
    private static final class Taker extends BaseSubscriber<Packet> {
        final List<Integer> numbers = new ArrayList<>();
        final AtomicReference<String> end = new AtomicReference<>("");
        private final long demand;
        private final Context context;

        Taker(long demand, Context context) {
            this.demand = demand;
            this.context = context;
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                request(demand);
            }
        }

        @Override
        protected void hookOnNext(Packet packet) {
            numbers.add(number(packet));
            packet.release();
        }

        @Override
        protected void hookOnComplete() {
            end.set("complete");
        }

        @Override
        protected void hookOnError(Throwable error) {
            end.set(error.getMessage());
        }
    }

    @Test
    void shouldKeepEachFlowInItsLaneAndInOrder() {
        FanOut lanes = packets.numbered(0, 1000).as(byNumber(4));
        List<Taker> takers = subscribeAll(lanes, Long.MAX_VALUE);
        for (int lane = 0; lane < 4; lane++) {
            int first = lane;
            assertThat(takers.get(lane).numbers)
                    .isEqualTo(
                            IntStream.range(0, 250).mapToObj(i -> first + 4 * i).toList());
            assertThat(takers.get(lane).end).hasValue("complete");
            assertThat(lanes.statistics().get(lane)).isEqualTo(new LaneStatistics(lane, 250, 0, 0));
        }
    }

    private static List<Taker> subscribeAll(FanOut lanes, long demand) {
        List<Taker> takers = new ArrayList<>();
        for (Flux<Packet> lane : lanes.lanes()) {
            Taker taker = taker(demand);
            lane.subscribe(taker);
            takers.add(taker);
        }
        return takers;
    }

    @Test
    void shouldSendBothDirectionsOfAFlowToOneLane() {
        List<Packet> both = new ArrayList<>();
        for (int port = 1000; port < 1100; port++) {
            both.add(packets.of(Frames.tcp("10.0.0.1", port, "10.0.0.2", 443)));
            both.add(packets.of(Frames.tcp("10.0.0.2", 443, "10.0.0.1", port)));
        }
        FanOut lanes = Flux.fromIterable(both).as(FanOut.byFlow(3));
        for (int i = 0; i < 3; i++) {
            List<Integer> flows = new ArrayList<>();
            lanes.lane(i).subscribe(packet -> {
                flows.add(packet.u16(34) + packet.u16(36));
                packet.release();
            });
            if (i == 2) {
                assertThat(flows).isNotEmpty();
                assertThat(flows.stream().distinct().count() * 2).isEqualTo(flows.size());
            }
        }
        assertThat(lanes.statistics())
                .allSatisfy(each -> assertThat(each.passed() % 2).isZero());
    }

    @Test
    void shouldSubscribeTheSourceOnceAllLanesAreSubscribed() {
        AtomicInteger subscriptions = new AtomicInteger();
        FanOut lanes = packets.numbered(0, 10)
                .doOnSubscribe(s -> subscriptions.incrementAndGet())
                .as(byNumber(3));
        lanes.lane(2).subscribe(taker(Long.MAX_VALUE));
        lanes.lane(0).subscribe(taker(Long.MAX_VALUE));
        assertThat(subscriptions).hasValue(0);
        lanes.lane(1).subscribe(taker(Long.MAX_VALUE));
        assertThat(subscriptions).hasValue(1);
    }

    @Test
    void shouldNeverAskForMoreThanTheFullestLaneCouldTake() {
        int prefetch = 8;
        AtomicInteger asked = new AtomicInteger();
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux()
                .doOnRequest(n -> asked.addAndGet(Math.toIntExact(n)))
                .as(byNumber(2).prefetch(prefetch));
        Taker slow = taker(0);
        Taker fast = taker(Long.MAX_VALUE);
        lanes.lane(0).subscribe(slow);
        lanes.lane(1).subscribe(fast);
        assertThat(asked).hasValue(8);

        int sent = 0;
        for (int toSlow = 1; toSlow <= 5; toSlow++) {
            source.next(packets.numbered(0));
            sent++;
            assertThat(asked.get() - sent).as("outstanding").isLessThanOrEqualTo(prefetch - toSlow);
        }
        while (asked.get() > sent && sent < 100) {
            source.next(packets.numbered(1));
            sent++;
            assertThat(asked.get() - sent).as("outstanding").isLessThanOrEqualTo(prefetch - 5);
        }
        assertThat(sent).as("the fast lane goes on").isEqualTo(100);
        for (int i = 0; i < 3; i++) {
            source.next(packets.numbered(0));
            sent++;
        }
        assertThat(asked).as("the slow lane's queue is full").hasValue(sent);
        assertThat(lanes.statistics().get(0)).isEqualTo(new LaneStatistics(0, 0, 8, 0));

        slow.request(1);
        assertThat(asked.get() - sent).isEqualTo(1);
        slow.request(100);
        assertThat(asked.get() - sent).isBetween(2, 8);
        source.complete();
        assertThat(slow.numbers).hasSize(8);
        assertThat(slow.end).hasValue("complete");
        assertThat(fast.end).hasValue("complete");
    }

    @Test
    void shouldGoOnWhenOneLaneIsCancelled() {
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux().as(byNumber(2).prefetch(4));
        Taker leaves = taker(0);
        Taker stays = taker(Long.MAX_VALUE);
        lanes.lane(0).subscribe(leaves);
        lanes.lane(1).subscribe(stays);
        for (int i = 0; i < 4; i++) {
            source.next(packets.numbered(0));
        }
        source.assertMinRequested(0);
        leaves.cancel();
        assertThat(packets.out()).as("queued packets are released").isZero();
        for (int i = 0; i < 100; i++) {
            source.next(packets.numbered(i));
        }
        source.complete();
        assertThat(stays.numbers).hasSize(50);
        assertThat(stays.end).hasValue("complete");
        assertThat(leaves.end).hasValue("");
        assertThat(lanes.statistics())
                .containsExactly(new LaneStatistics(0, 0, 0, 54), new LaneStatistics(1, 50, 0, 0));
    }

    @Test
    void shouldCancelTheSourceWhenAllLanesAre() {
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux().as(byNumber(2));
        List<Taker> takers = subscribeAll(lanes, 1);
        takers.get(0).cancel();
        source.assertNotCancelled();
        takers.get(1).cancel();
        source.assertCancelled();
    }

    @Test
    void shouldNotSubscribeTheSourceIfAllLanesAreCancelledBefore() {
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux().as(byNumber(2));
        for (Flux<Packet> lane : lanes.lanes()) {
            lane.subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    cancel();
                }
            });
        }
        source.assertWasNotSubscribed();
    }

    @Test
    void shouldPassAnErrorAfterTheQueue() {
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux().as(byNumber(2));
        List<Taker> takers = subscribeAll(lanes, 0);
        source.next(packets.numbered(0), packets.numbered(2), packets.numbered(1));
        source.error(new IllegalStateException("up"));
        takers.forEach(taker -> assertThat(taker.end).hasValue(taker.numbers.isEmpty() ? "" : "x"));
        takers.get(0).request(1);
        assertThat(takers.get(0).end).hasValue("");
        takers.get(0).request(1);
        assertThat(takers.get(0).numbers).containsExactly(0, 2);
        assertThat(takers.get(0).end).hasValue("up");
        takers.get(1).request(1);
        assertThat(takers.get(1).end).hasValue("up");
    }

    @Test
    void shouldCompleteAnEmptyLaneWithoutDemand() {
        List<Taker> takers = subscribeAll(Flux.<Packet>empty().as(byNumber(3)), 0);
        takers.forEach(taker -> assertThat(taker.end).hasValue("complete"));
    }

    @Test
    void shouldReleaseThePacketWhenTheLaneFunctionThrows() {
        FanOut lanes = packets.numbered(0, 10).as(FanOut.by(2, packet -> {
            if (number(packet) == 5) {
                throw new IllegalStateException("five");
            }
            return number(packet);
        }));
        List<Taker> takers = subscribeAll(lanes, Long.MAX_VALUE);
        assertThat(takers.get(0).numbers).containsExactly(0, 2, 4);
        assertThat(takers.get(1).numbers).containsExactly(1, 3);
        takers.forEach(taker -> assertThat(taker.end).hasValue("five"));
    }

    @Test
    void shouldFailWhenTheSourceIgnoresDemand() {
        TestPublisher<Packet> source = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        FanOut lanes = source.flux().as(byNumber(1).prefetch(4));
        Taker taker = subscribeAll(lanes, 0).get(0);
        for (int i = 0; i < 5; i++) {
            source.next(packets.numbered(i));
        }
        taker.request(10);
        assertThat(taker.numbers).containsExactly(0, 1, 2, 3);
        assertThat(taker.end).hasValue("more packets than were asked for");
        source.assertCancelled();
    }

    @Test
    void shouldReleaseWhatComesAfterTheEnd() {
        TestPublisher<Packet> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        subscribeAll(source.flux().as(byNumber(2)), 10);
        source.complete();
        source.next(packets.numbered(1));
    }

    @Test
    void shouldRefuseASecondSubscriber() {
        FanOut lanes = packets.numbered(0, 4).as(byNumber(2));
        lanes.lane(0).subscribe(taker(1));
        StepVerifier.create(lanes.lane(0))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("lane 0"))
                .verify();
    }

    @Test
    void shouldEmitWithinRequestWithoutRecursion() {
        FanOut lanes = packets.numbered(0, 2000).as(byNumber(1).prefetch(4));
        List<Integer> numbers = new ArrayList<>();
        AtomicInteger depth = new AtomicInteger();
        lanes.lane(0).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Packet packet) {
                assertThat(depth.incrementAndGet()).isEqualTo(1);
                numbers.add(number(packet));
                packet.release();
                request(1);
                depth.decrementAndGet();
            }
        });
        assertThat(numbers).hasSize(2000).isSorted();
    }

    @Test
    void shouldSignalTheEndOfABurstToEachLaneThatHadPackets() {
        List<AtomicInteger> bursts = List.of(new AtomicInteger(), new AtomicInteger());
        AtomicReference<BurstListener> upstream = new AtomicReference<>();
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = listenedTo(source.flux(), upstream).as(byNumber(2));
        for (int i = 0; i < 2; i++) {
            AtomicInteger count = bursts.get(i);
            lanes.lane(i)
                    .subscribe(taker(Long.MAX_VALUE, BurstListener.in(Context.empty(), () -> count.incrementAndGet())));
        }
        source.next(packets.numbered(0), packets.numbered(2), packets.numbered(4));
        assertThat(bursts.get(0)).hasValue(0);
        upstream.get().onBurstEnd();
        assertThat(bursts.get(0)).hasValue(1);
        assertThat(bursts.get(1)).hasValue(0);
        upstream.get().onBurstEnd();
        assertThat(bursts.get(0)).hasValue(1);
        source.next(packets.numbered(1));
        upstream.get().onBurstEnd();
        assertThat(bursts.get(1)).hasValue(1);
    }

    @Test
    void shouldSignalTheEndOfABurstThatWaitedForDemand() {
        AtomicInteger bursts = new AtomicInteger();
        AtomicReference<BurstListener> upstream = new AtomicReference<>();
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = listenedTo(source.flux(), upstream).as(byNumber(1));
        Taker taker = taker(0, BurstListener.in(Context.empty(), () -> bursts.incrementAndGet()));
        lanes.lane(0).subscribe(taker);
        source.next(packets.numbered(0), packets.numbered(1));
        upstream.get().onBurstEnd();
        assertThat(bursts).hasValue(0);
        taker.request(2);
        assertThat(bursts).hasValue(1);
    }

    private static Flux<Packet> listenedTo(Flux<Packet> source, AtomicReference<BurstListener> listener) {
        return Flux.deferContextual(context -> {
            listener.set(BurstListener.of(context));
            return source;
        });
    }

    @Test
    void shouldPassTheContextsOfItsLanesUpstream() {
        AtomicReference<String> seen = new AtomicReference<>();
        FanOut lanes = Flux.<Packet>deferContextual(context -> {
                    seen.set(context.get("a") + " " + context.get("b"));
                    return Flux.empty();
                })
                .as(byNumber(2));
        lanes.lane(0).contextWrite(Context.of("a", "lane 0")).subscribe();
        lanes.lane(1).contextWrite(Context.of("a", "lane 1", "b", "lane 1")).subscribe();
        assertThat(seen).hasValue("lane 0 lane 1");
    }

    @Test
    void shouldWakeALaneOncePerBurst() {
        ManualScheduler scheduler = new ManualScheduler();
        AtomicInteger bursts = new AtomicInteger();
        FanOut lanes = packets.numbered(0, 100).as(byNumber(2).runOn(scheduler));
        List<Taker> takers = new ArrayList<>();
        for (Flux<Packet> lane : lanes.lanes()) {
            Taker taker = taker(Long.MAX_VALUE, BurstListener.in(Context.empty(), () -> bursts.incrementAndGet()));
            lane.subscribe(taker);
            takers.add(taker);
        }
        assertThat(scheduler.scheduled).isEqualTo(2);
        scheduler.runAll();
        takers.forEach(taker -> assertThat(taker.numbers).hasSize(50).isSorted());
        takers.forEach(taker -> assertThat(taker.end).hasValue("complete"));
        assertThat(scheduler.scheduled).isEqualTo(2);
    }

    @Test
    void shouldReleaseWhatIsQueuedWhenALaneIsCancelledBeforeItsWorkerRuns() {
        ManualScheduler scheduler = new ManualScheduler();
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux().as(byNumber(1).runOn(scheduler));
        Taker taker = subscribeAll(lanes, 10).get(0);
        source.next(packets.numbered(0), packets.numbered(1));
        taker.cancel();
        source.assertCancelled();
        scheduler.runAll();
        packets.assertAllBack();
        assertThat(lanes.statistics()).containsExactly(new LaneStatistics(0, 0, 0, 2));
        assertThat(scheduler.disposed).isEqualTo(1);
    }

    @Test
    void shouldFailTheLaneWhenItsSchedulerIsGone() {
        ManualScheduler scheduler = new ManualScheduler();
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux().as(byNumber(2).runOn(scheduler));
        List<Taker> takers = subscribeAll(lanes, 10);
        scheduler.runAll();
        scheduler.rejecting = true;
        source.next(packets.numbered(0), packets.numbered(1));
        source.assertCancelled();
        takers.forEach(taker -> assertThat(taker.end.get()).contains("Scheduler unavailable"));
    }

    @Test
    void shouldFailALaneThatGetsNoWorker() {
        TestPublisher<Packet> source = TestPublisher.create();
        ManualScheduler scheduler = new ManualScheduler();
        scheduler.rejecting = true;
        List<Taker> takers = subscribeAll(source.flux().as(byNumber(2).runOn(scheduler)), 10);
        takers.forEach(taker -> assertThat(taker.end.get()).containsIgnoringCase("reject"));
        source.assertWasNotSubscribed();
    }

    @Test
    void shouldSpreadWorkOverThreads() {
        Scheduler scheduler = Schedulers.newParallel("lane", 3);
        try {
            FanOut lanes = packets.numbered(0, 30_000).as(byNumber(3).runOn(scheduler));
            StepVerifier.create(Flux.fromIterable(lanes.lanes())
                            .flatMap(lane -> lane.map(packet -> {
                                        packet.release();
                                        return Thread.currentThread().getName();
                                    })
                                    .distinct())
                            .collectList())
                    .assertNext(threads -> assertThat(threads)
                            .as("one for each lane")
                            .hasSize(3)
                            .doesNotHaveDuplicates()
                            .allMatch(name -> name.startsWith("lane-")))
                    .verifyComplete();
            assertThat(lanes.statistics())
                    .allSatisfy(each -> assertThat(each.passed()).isEqualTo(10_000));
        } finally {
            scheduler.dispose();
        }
    }

    @Test
    void shouldSaveConditionalSubscribersTheirRequests() {
        FanOut lanes = packets.numbered(0, 1000).as(byNumber(1).prefetch(8));
        PacketFilter filter = PacketFilter.where(packet -> number(packet) % 100 == 0);
        StepVerifier.create(lanes.lane(0).transform(filter).doOnNext(Packet::release), 2)
                .expectNextCount(2)
                .thenRequest(8)
                .expectNextCount(8)
                .thenRequest(1)
                .verifyComplete();
    }

    @Test
    void shouldBeScannable() {
        TestPublisher<Packet> source = TestPublisher.create();
        FanOut lanes = source.flux().as(byNumber(1).prefetch(8));
        AtomicReference<Scannable> seen = new AtomicReference<>();
        Taker taker = taker(0);
        lanes.lane(0).doOnSubscribe(s -> seen.set(Scannable.from(s))).subscribe(taker);
        Scannable lane = seen.get();
        source.next(packets.numbered(1));
        taker.request(3);
        source.next(packets.numbered(1));
        assertThat(lane.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(1);
        assertThat(lane.scan(Scannable.Attr.BUFFERED)).isZero();
        assertThat(lane.scan(Scannable.Attr.CAPACITY)).isEqualTo(8);
        assertThat(lane.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.SYNC);
        assertThat(lane.scan(Scannable.Attr.CANCELLED)).isFalse();
        Scannable distributor = lane.scan(Scannable.Attr.PARENT);
        assertThat(distributor.scan(Scannable.Attr.PREFETCH)).isEqualTo(8);
        assertThat(distributor.inners()).hasSize(1);
        assertThat(distributor.scan(Scannable.Attr.TERMINATED)).isFalse();
        source.error(new IllegalStateException("up"));
        assertThat(lane.scan(Scannable.Attr.TERMINATED)).isTrue();
        assertThat(lane.scan(Scannable.Attr.ERROR)).hasMessage("up");
        assertThat(distributor.scan(Scannable.Attr.ERROR)).hasMessage("up");
    }

    @Test
    void shouldCheckItsArguments() {
        assertThatThrownBy(() -> FanOut.byFlow(0)).hasMessage("lanes is 0: expected 1..256");
        assertThatThrownBy(() -> FanOut.byFlow(257)).hasMessage("lanes is 257: expected 1..256");
        assertThatThrownBy(() -> FanOut.byFlow(1).prefetch(0)).hasMessage("prefetch is 0: expected 1..65536");
        assertThatThrownBy(() -> Flux.<Packet>empty().as(FanOut.byFlow(2)).lane(2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldReportALateError() {
        AtomicReference<Throwable> dropped = new AtomicReference<>();
        Hooks.onErrorDropped(dropped::set);
        try {
            TestPublisher<Packet> source =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            subscribeAll(source.flux().as(byNumber(2)), 10);
            source.complete();
            source.error(new IllegalStateException("late"));
            assertThat(dropped.get()).hasMessage("late");
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    /** Keeps tasks until told to run them. */
    private static final class ManualScheduler implements Scheduler {
        private final List<Runnable> tasks = new ArrayList<>();
        int scheduled;
        int disposed;
        boolean rejecting;

        @Override
        public Disposable schedule(Runnable task) {
            if (rejecting) {
                throw new RejectedExecutionException("rejected");
            }
            scheduled++;
            tasks.add(task);
            return () -> {};
        }

        @Override
        public Worker createWorker() {
            if (rejecting) {
                throw new RejectedExecutionException("rejected");
            }
            return new Worker() {
                private boolean gone;

                @Override
                public Disposable schedule(Runnable task) {
                    return ManualScheduler.this.schedule(task);
                }

                @Override
                public void dispose() {
                    if (!gone) {
                        gone = true;
                        disposed++;
                    }
                }
            };
        }

        void runAll() {
            List<Runnable> due = List.copyOf(tasks);
            tasks.clear();
            due.forEach(Runnable::run);
        }
    }
}
