package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.operators.TestPackets.number;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import org.reactornetmap.packet.Packet;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.util.RaceTestUtils;

/** Two and more threads at one fan-out: every packet is passed or released once, and nothing hangs. */
@Timeout(120)
class FanOutRaceTest {

    private static final Scheduler WORKERS = Schedulers.newParallel("lane", 2);
    private static final long SEED = 4711;

    @AfterAll
    static void disposeWorkers() {
        WORKERS.dispose();
    }

    private static FanOut.Plan plan(boolean workers, int prefetch) {
        FanOut.Plan plan = FanOut.by(2, TestPackets::number).prefetch(prefetch);
        return workers ? plan.runOn(WORKERS) : plan;
    }

    @ParameterizedTest(name = "{displayName}, workers: {0}")
    @ValueSource(booleans = {false, true})
    void shouldLoseNothingWhenCancelRacesOnNext(boolean workers) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 4_000; round++) {
            TestPackets packets = new TestPackets(64);
            Source source = new Source(packets, 40);
            FanOut lanes = source.as(plan(workers, 8));
            Taker leaves = new Taker(random.nextInt(20));
            Taker stays = new Taker(Long.MAX_VALUE);
            lanes.lane(0).subscribe(leaves);
            lanes.lane(1).subscribe(stays);
            int spins = random.nextInt(50);
            RaceTestUtils.race(source::emitAll, () -> {
                spin(spins);
                leaves.cancel();
            });
            stays.awaitEnd(SEED, round);
            assertConserved(lanes, packets, source);
            assertThat(stays.taken).hasValue(20);
        }
    }

    @ParameterizedTest(name = "{displayName}, workers: {0}")
    @ValueSource(booleans = {false, true})
    void shouldLoseNothingWhenAllLanesAreCancelled(boolean workers) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 4_000; round++) {
            TestPackets packets = new TestPackets(64);
            Source source = new Source(packets, 40);
            FanOut lanes = source.as(plan(workers, 8));
            Taker one = new Taker(random.nextInt(20));
            Taker two = new Taker(random.nextInt(20));
            lanes.lane(0).subscribe(one);
            lanes.lane(1).subscribe(two);
            int spins = random.nextInt(50);
            RaceTestUtils.race(
                    source::emitUntilCancelled,
                    () -> {
                        spin(spins);
                        one.cancel();
                    },
                    two::cancel);
            assertConserved(lanes, packets, source);
        }
    }

    @ParameterizedTest(name = "{displayName}, workers: {0}")
    @ValueSource(booleans = {false, true})
    void shouldDeliverAllWhenRequestRacesOnNext(boolean workers) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 2_000; round++) {
            TestPackets packets = new TestPackets(64);
            Source source = new Source(packets, 60);
            FanOut lanes = source.as(plan(workers, 1 + random.nextInt(8)));
            Taker one = new Taker(0);
            Taker two = new Taker(0);
            lanes.lane(0).subscribe(one);
            lanes.lane(1).subscribe(two);
            RaceTestUtils.race(source::emitAll, () -> one.requestSingly(30), () -> two.requestSingly(31));
            one.awaitEnd(SEED, round);
            two.awaitEnd(SEED, round);
            assertThat(one.taken).hasValue(30);
            assertThat(two.taken).hasValue(30);
            assertConserved(lanes, packets, source);
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    /** Workers may still be releasing: waits for them, bounded by the test's timeout. */
    private static void assertConserved(FanOut lanes, TestPackets packets, Source source) {
        while (sum(lanes) != source.emitted || packets.out() != 0) {
            assertThat(sum(lanes)).isLessThanOrEqualTo(source.emitted);
            Thread.onSpinWait();
        }
        assertThat(lanes.statistics())
                .allSatisfy(each -> assertThat(each.queued()).isZero());
    }

    private static long sum(FanOut lanes) {
        return lanes.statistics().stream()
                .mapToLong(each -> each.passed() + each.queued() + each.discarded())
                .sum();
    }

    /** Emits on the thread of its test, when there is demand. */
    private static final class Source extends Flux<Packet> implements Subscription {
        private final TestPackets packets;
        private final int count;
        private final AtomicInteger demand = new AtomicInteger();
        private volatile boolean cancelled;
        private CoreSubscriber<? super Packet> actual;
        int emitted;

        Source(TestPackets packets, int count) {
            this.packets = packets;
            this.count = count;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Packet> subscriber) {
            actual = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            assertThat(demand.addAndGet((int) n)).isLessThanOrEqualTo(8);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void emitAll() {
            while (emitted < count) {
                emit();
            }
            actual.onComplete();
        }

        void emitUntilCancelled() {
            while (!cancelled) {
                emit();
            }
            // A source may not have seen the cancel yet.
            if (demand.get() > 0) {
                emit();
            }
        }

        private void emit() {
            if (demand.get() > 0) {
                demand.decrementAndGet();
                Packet packet = packets.numbered(emitted);
                emitted++;
                actual.onNext(packet);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static final class Taker implements CoreSubscriber<Packet> {
        private final long initial;
        private final CountDownLatch end = new CountDownLatch(1);
        private final List<Integer> numbers = new ArrayList<>();
        private Subscription subscription;
        final AtomicInteger taken = new AtomicInteger();

        Taker(long initial) {
            this.initial = initial;
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            if (initial > 0) {
                s.request(initial);
            }
        }

        @Override
        public void onNext(Packet packet) {
            numbers.add(number(packet));
            packet.release();
            taken.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {
            end.countDown();
        }

        void cancel() {
            subscription.cancel();
        }

        void requestSingly(int times) {
            for (int i = 0; i < times; i++) {
                subscription.request(1);
            }
        }

        void awaitEnd(long seed, int round) throws InterruptedException {
            assertThat(end.await(20, TimeUnit.SECONDS))
                    .as("seed %s, round %s: ended after %s", seed, round, numbers)
                    .isTrue();
            assertThat(numbers).isSorted();
        }
    }
}
