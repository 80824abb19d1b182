package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.NicFrames.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;

/** Wire, host stack, syncs, opens and closes of one interface at the same time: every frame is somewhere. */
@Timeout(120)
class InterfaceThreadsTest {
    private static final int FRAMES = 30_000;

    private final EmbeddedDriver driver = NicFrames.world();
    private final EmbeddedInterface eth0 =
            driver.addInterface("eth0", NicFrames.config().rings(2).build());
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger fromWire = new AtomicInteger();
    private final AtomicInteger fromStack = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();
    private final List<CompletableFuture<Long>> workers = new ArrayList<>();

    @AfterEach
    void everyBufferIsInOnePlace() {
        assertThat(driver.audit()).matches(BufferAudit::isBalanced);
    }

    private interface Work {
        long once(int round);
    }

    /** Does it until all is over; the sum of what it returned. */
    private CompletableFuture<Long> start(final Work work) {
        final CompletableFuture<Long> result = new CompletableFuture<>();
        final Thread thread = new Thread(() -> {
            long sum = 0;
            try {
                for (int round = 0; !done.get(); round++) {
                    sum += work.once(round);
                }
                result.complete(sum);
            } catch (final RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        workers.add(result);
        return result;
    }

    private static long await(final CompletableFuture<Long> worker) {
        return worker.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Sends frames from the wire and from the stack, to and by both queues, for so many rounds; then ends the others. */
    private void runTraffic(final int leastRounds) {
        final CompletableFuture<Void> stack = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < FRAMES || rounds.get() < leastRounds; i++) {
                eth0.hostStack().send(i, frame(i), false);
                fromStack.incrementAndGet();
            }
        });
        for (int i = 0; i < FRAMES || rounds.get() < leastRounds; i++) {
            eth0.receive(i, frame(i));
            fromWire.incrementAndGet();
        }
        stack.orTimeout(60, TimeUnit.SECONDS).join();
        done.set(true);
        workers.forEach(InterfaceThreadsTest::await);
    }

    private static int takeAll(final TestPort port) {
        int taken = 0;
        for (final NetmapRing ring : port.port.netmapIf().rxRings()) {
            final int space = TestPort.space(ring);
            TestPort.advance(ring, space);
            taken += space;
        }
        return taken;
    }

    /** Opens one or the other, syncs it a few times, and closes it; the frames it received. */
    private long useRings(final String even, final String odd, final int round) {
        long taken = 0;
        try (TestPort port = TestPort.open(driver, (round & 1) == 0 ? even : odd)) {
            for (int times = 0; times < 200 && taken < 5; times++) {
                port.port.rxSync();
                taken += takeAll(port);
                port.port.txSync();
            }
        }
        rounds.incrementAndGet();
        return taken;
    }

    private void assertBalanced(final InterfaceStatistics s, final long onWire, final long inStack) {
        assertThat(s.wireReceived())
                .isEqualTo(s.ringReceived() + s.hostPassed() + s.ringFull() + s.oversize() + s.linkDown())
                .isEqualTo(fromWire.get());
        assertThat(s.hostSent())
                .isEqualTo(s.direct() + s.queued() + s.queueDropped())
                .isEqualTo(fromStack.get());
        assertThat(s.queued()).isEqualTo(s.hostReceived() + s.queuePurged());
        assertThat(s.raised() + s.hostPassed()).isEqualTo(inStack + s.hostFull());
        assertThat(s.transmitted() + s.direct()).isEqualTo(onWire + s.wireFull() + s.linkDownSent());
    }

    @Test
    void shouldAccountForEveryFrameWhileRingsAreOpenedAndClosed() {
        final CompletableFuture<Long> wire = start(round -> eth0.transmitted().size());
        final CompletableFuture<Long> stack =
                start(round -> eth0.hostStack().received().size());
        // A ring belongs to one thread; so each has rings of its own.
        final CompletableFuture<Long> first = start(round -> useRings("netmap:eth0-0", "netmap:eth0-0/R", round));
        final CompletableFuture<Long> second = start(round -> useRings("netmap:eth0^", "netmap:eth0-1", round));
        runTraffic(300);

        assertThat(await(first) + await(second)).isPositive();
        final long onWire = await(wire) + eth0.transmitted().size();
        final long inStack = await(stack) + eth0.hostStack().received().size();
        assertBalanced(eth0.statistics(), onWire, inStack);
    }

    @Test
    void shouldWakeASleepingReaderForEveryFrame() {
        final CompletableFuture<Long> wire = start(round -> eth0.transmitted().size());
        final TestPort port = TestPort.open(driver, "netmap:eth0*");
        final Poller poller = driver.newPoller();
        poller.add(port.port, Poller.IN);
        final CompletableFuture<Long> reader = start(round -> {
            poller.poll(TimeUnit.SECONDS.toNanos(10));
            return takeAll(port);
        });
        final CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                Thread.onSpinWait();
            }
            poller.wakeup();
        });
        runTraffic(0);
        end.join();
        port.port.rxSync();
        final long read = await(reader) + takeAll(port);
        final InterfaceStatistics statistics = eth0.statistics();

        assertThat(read).isEqualTo(statistics.ringReceived() + statistics.hostReceived());
        port.close();
        poller.close();
        assertBalanced(eth0.statistics(), await(wire) + eth0.transmitted().size(), 0);
    }

    @Test
    void shouldNotLeaveAReaderAsleepWhenTheInterfaceVanishes() {
        for (int i = 0; i < 200; i++) {
            final EmbeddedInterface nic =
                    driver.addInterface("nic" + i, NicFrames.config().build());
            try (TestPort port = TestPort.open(driver, "netmap:nic" + i);
                    Poller poller = driver.newPoller()) {
                poller.add(port.port, Poller.IN);
                final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

                nic.remove();

                assertThat(sleeper.await()).isEqualTo(1);
                assertThat(poller.ready(port.port)).isEqualTo(Poller.ERR);
            }
        }
    }
}
