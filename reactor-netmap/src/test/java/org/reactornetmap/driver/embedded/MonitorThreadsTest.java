package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;

/** Monitors that are opened, read and closed by threads of their own while the monitored ports are at work in theirs. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitorThreadsTest {
    private static final int PACKETS = 200_000;
    private static final Executor THREADS = task -> new Thread(task, "monitors").start();
    private static final List<String> MONITORS =
            List.of("netmap:x{1/t", "netmap:x}1/r", "netmap:x{1/z", "netmap:x}1/z", "netmap:x{1/rt");

    static LongStream seeds() {
        return LongStream.range(0, 3).map(i -> System.nanoTime() + i);
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("seeds")
    void shouldKeepTheAccountWhileMonitorsComeAndGo(final long seed) throws InterruptedException {
        final SplittableRandom random = new SplittableRandom(seed);
        final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 64);
                TestPort b = TestPort.open(driver, "netmap:x}1")) {
            final CompletableFuture<Void> receiver = CompletableFuture.runAsync(() -> receive(driver, b), THREADS);
            final List<CompletableFuture<Void>> watchers = new ArrayList<>();
            final CountDownLatch watching = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                final SplittableRandom own = random.split();
                watchers.add(CompletableFuture.runAsync(
                        () -> {
                            watchUntilSomethingIsSeen(driver, watching);
                            watch(driver, own, receiver::isDone);
                        },
                        THREADS));
            }
            assertThat(watching.await(20, TimeUnit.SECONDS)).isTrue();
            final CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> send(driver, a), THREADS);
            sender.orTimeout(50, TimeUnit.SECONDS).join();
            receiver.orTimeout(50, TimeUnit.SECONDS).join();
            watchers.forEach(CompletableFuture::join);
            a.port.txSync();
            assertThat(driver.audit().isBalanced()).isTrue();
        }
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private static void send(final EmbeddedDriver driver, final TestPort port) {
        try (Poller poller = driver.newPoller()) {
            poller.add(port.port, Poller.OUT);
            int next = 0;
            while (next < PACKETS) {
                while (next < PACKETS && TestPort.space(port.tx()) > 0) {
                    TestPort.put(port.tx(), next++);
                }
                poller.poll(-1);
            }
            port.port.txSync();
        }
    }

    private static void receive(final EmbeddedDriver driver, final TestPort port) {
        try (Poller poller = driver.newPoller()) {
            poller.add(port.port, Poller.IN);
            int next = 0;
            while (next < PACKETS) {
                poller.poll(-1);
                for (final int value : TestPort.take(port.rx())) {
                    if (value != next++) {
                        throw new AssertionError(value + " instead of " + (next - 1));
                    }
                }
            }
            port.port.rxSync();
        }
    }

    private static void watchUntilSomethingIsSeen(final EmbeddedDriver driver, final CountDownLatch watching) {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t", 0, 8)) {
            watching.countDown();
            while (monitor.receive().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * What a monitor sees comes in order, each packet at most once, and is what was sent; but a zero-copy monitor of the
     * sender may see again what one of the receiver had seen, in the buffers which that one gave for those it took.
     */
    private static void watch(final EmbeddedDriver driver, final SplittableRandom random, final BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            final String spec = MONITORS.get(random.nextInt(MONITORS.size()));
            try (TestPort monitor = TestPort.open(driver, spec, 0, 2 + random.nextInt(200))) {
                int last = -1;
                for (int syncs = random.nextInt(200); syncs > 0; syncs--) {
                    monitor.port.rxSync();
                    final NetmapRing rx = monitor.rx();
                    for (final int value : TestPort.take(rx)) {
                        if ((value <= last && !spec.equals("netmap:x{1/z")) || value >= PACKETS) {
                            throw new AssertionError(spec + ": " + value + " after " + last);
                        }
                        last = value;
                    }
                }
            }
        }
    }
}
