package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.IdleStrategy;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.PacketPool;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A ring is touched by its loop only, and the loop is where its signals and tasks run. */
@Timeout(60)
class ThreadsContractTest {
    private static PortOptions on(final NetmapLoop loop) {
        return PortOptions.builder().loop(loop).build();
    }

    @Test
    void shouldSignalOnTheLoop() throws InterruptedException {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:x{1");
            final NetmapPort b = netmap.open("netmap:x}1");
            final Set<Thread> threads = ConcurrentHashMap.newKeySet();
            final CompletableFuture<Integer> last = ContractB.numbers(
                            b.packets().doOnNext(packet -> threads.add(Thread.currentThread())))
                    .doOnComplete(() -> threads.add(Thread.currentThread()))
                    .doOnNext(number -> {
                        if (number == 2) {
                            b.closeAsync().subscribe();
                        }
                    })
                    .last()
                    .toFuture();
            a.inject(ContractB.frame(0), ContractB.frame(1), ContractB.frame(2));

            assertThat(ContractB.get(last)).isEqualTo(2);
            assertThat(threads).hasSize(1).allMatch(thread -> thread.getName().equals("netmap-x}1"));
        }
    }

    @Test
    void shouldLeaveAManualLoopToItsCaller() {
        final NetmapLoop loop = NetmapLoop.manual();
        final List<Throwable> errors = new ArrayList<>();
        loop.execute(() -> {
            try {
                loop.doWork();
            } catch (IllegalStateException e) {
                errors.add(e);
            }
        });

        assertThat(loop.doWork()).isEqualTo(1);
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0)).hasMessageContaining("from inside doWork()");
        assertThat(loop.doWork()).isZero();
        try (NetmapLoop threaded = NetmapLoop.create("threaded")) {
            assertThatThrownBy(threaded::doWork)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("NetmapLoop.manual()");
        }
    }

    @Test
    void shouldRunTasksInOrder() {
        final NetmapLoop loop = NetmapLoop.manual();
        final List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            final int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.doWork();

        assertThat(ran).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void shouldScheduleByItsClock() {
        final AtomicLong clock = new AtomicLong();
        final NetmapLoop loop = NetmapLoop.builder("manual").clock(clock::get).buildManual();
        final Scheduler scheduler = loop.scheduler();
        final List<String> ran = new ArrayList<>();
        final List<Disposable> tasks = new ArrayList<>();
        tasks.add(scheduler.schedule(() -> ran.add("now")));
        tasks.add(scheduler.schedule(() -> ran.add("late"), 20, TimeUnit.MILLISECONDS));
        tasks.add(scheduler.schedule(() -> ran.add("soon"), 10, TimeUnit.MILLISECONDS));
        final Disposable never = scheduler.schedule(() -> ran.add("never"), 10, TimeUnit.MILLISECONDS);
        ContractB.settle(loop);
        assertThat(ran).containsExactly("now");
        never.dispose();
        assertThat(never.isDisposed()).isTrue();
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        ContractB.settle(loop);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        ContractB.settle(loop);

        assertThat(ran).containsExactly("now", "soon", "late");
        assertThat(tasks).allMatch(Disposable::isDisposed);
    }

    @Test
    void shouldSchedulePeriodically() {
        final AtomicLong clock = new AtomicLong();
        final NetmapLoop loop = NetmapLoop.builder("manual").clock(clock::get).buildManual();
        final AtomicInteger ran = new AtomicInteger();
        final Disposable task =
                loop.scheduler().schedulePeriodically(ran::incrementAndGet, 5, 10, TimeUnit.NANOSECONDS);
        ContractB.settle(loop);
        for (final int due : new int[] {1, 2, 3}) {
            clock.addAndGet(due == 1 ? 5 : 10);
            ContractB.settle(loop);
            assertThat(ran).hasValue(due);
        }
        task.dispose();
        clock.addAndGet(100);
        ContractB.settle(loop);
        assertThat(ran).hasValue(3);
    }

    @Test
    void shouldDisposeWhatAWorkerScheduled() {
        final AtomicLong clock = new AtomicLong();
        final NetmapLoop loop = NetmapLoop.builder("manual").clock(clock::get).buildManual();
        final List<String> ran = new ArrayList<>();
        final Scheduler.Worker worker = loop.scheduler().createWorker();
        final Disposable first = worker.schedule(() -> ran.add("first"));
        final Disposable second = worker.schedule(() -> ran.add("second"), 1, TimeUnit.SECONDS);
        ContractB.settle(loop);
        worker.dispose();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        ContractB.settle(loop);

        assertThat(ran).containsExactly("first");
        assertThat(List.of(first, second, worker)).allMatch(Disposable::isDisposed);
        assertThatThrownBy(() -> worker.schedule(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void shouldRejectTasksAfterClose() {
        final NetmapLoop loop = NetmapLoop.create("closed");
        loop.close();

        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.scheduler().schedule(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(loop.scheduler().isDisposed()).isTrue();
    }

    @Test
    void shouldChangeItsIdleStrategyWhileItRuns() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
                NetmapLoop loop = NetmapLoop.create("idle")) {
            final NetmapPort a = netmap.open("netmap:x{1", on(loop));
            final NetmapPort b = netmap.open("netmap:x}1", on(loop));
            for (final IdleStrategy strategy : IdleStrategy.values()) {
                loop.idle(strategy);
                assertThat(loop.idle()).isEqualTo(strategy);
                a.inject(ContractB.frame(strategy.name().length()));
                assertThat(ContractB.numbers(b.packets()).next().block(ContractB.TIMEOUT))
                        .isEqualTo(strategy.name().length());
            }
            loop.idle(IdleStrategy.POLL);
        }
    }

    @Test
    void shouldNotServePortsOfTwoDrivers() {
        try (EmbeddedNetmap one = EmbeddedNetmap.forTests();
                EmbeddedNetmap two = EmbeddedNetmap.forTests();
                NetmapLoop loop = NetmapLoop.create("shared")) {
            one.open("netmap:x{1", on(loop));

            assertThatThrownBy(() -> two.open("netmap:x{1", on(loop)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("shared");
            assertThat(two.driver().audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldMergeRingsThatHaveTheirOwnLoops() {
        final int rings = 3;
        final int each = 1_000;
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a =
                    netmap.open("netmap:x{1", PortOptions.builder().rings(rings).build());
            final NetmapPort b = netmap.open(
                    "netmap:x}1", PortOptions.builder().perRing(true).build());
            assertThat(b.rxRings()).isEqualTo(rings);
            final AtomicInteger received = new AtomicInteger();
            final AtomicReference<String> problem = new AtomicReference<>();
            final int[] next = new int[rings];
            final Disposable stream = b.packets().subscribe(packet -> {
                final int number = ContractB.number(packet);
                final int ring = packet.ring();
                if (number != next[ring]++) {
                    problem.compareAndSet(null, "ring " + ring + " brought " + number);
                }
                packet.release();
                received.incrementAndGet();
            });
            for (int ring = 0; ring < rings; ring++) {
                assertThat(a.tx(ring)
                                .send(ContractB.frames(0, each).map(PacketPool::wrap))
                                .block(ContractB.TIMEOUT))
                        .isNotNull();
            }

            ContractB.await(() -> received.get() == rings * each, "all packets");
            assertThat(problem.get()).isNull();
            assertThat(next).containsOnly(each);
            stream.dispose();
            ContractB.await(() -> b.statistics().held() == 0, "all packets back");
            ContractB.await(() -> b.statistics().received() == rings * each, "statistics");
            ContractB.assertConserved(b);
        }
    }
}
