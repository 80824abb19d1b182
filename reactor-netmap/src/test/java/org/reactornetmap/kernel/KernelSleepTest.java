package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.kernel.BufferCount;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** What stands in rings that nobody waits for does not end the kernel's poll: the loop sleeps, and loses nothing. */
@Tag("kernel")
@Timeout(240)
class KernelSleepTest {
    private static final int RINGS = 4;
    private static final int SLOTS = 64;
    private static final int FULL = SLOTS - 1;
    private static final String CONF = "@1@conf:rings=" + RINGS + ",slots=" + SLOTS;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final PortOptions OPTIONS =
            PortOptions.builder().driver("kernel").build();

    private static Flux<Packet> frames(final int count) {
        final ByteBuffer frame = Frames.udp("10.0.0.1", 1, "10.0.0.2", 53);
        return Flux.range(0, count).map(i -> PacketPool.wrap(frame.duplicate()));
    }

    private static void send(final NetmapPort port, final int ring, final int count) {
        final TxReport report = port.tx(ring).send(frames(count)).block(TIMEOUT);
        assertThat(report).isNotNull();
        assertThat(report.sent()).isEqualTo(count);
    }

    @Test
    void shouldSleepWithOneRxRingOfFourSubscribedAndTheOthersFull() throws InterruptedException {
        try (BufferCount buffers = new BufferCount();
                NetmapPort far = NetmapPort.open("netmap:sleep{1" + CONF, OPTIONS);
                NetmapPort port = NetmapPort.open("netmap:sleep}1" + CONF, OPTIONS)) {
            assertThat(buffers.free()).isPositive();
            final CompletableFuture<Long> received = port.rx(2)
                    .packets()
                    .doOnNext(Packet::release)
                    .take(3L * FULL)
                    .count()
                    .toFuture();
            IntStream.range(0, RINGS).forEach(ring -> send(far, ring, FULL));
            final Loop loop = new Loop(port.loop());

            loop.assertSleeps();
            send(far, 2, 2 * FULL);
            assertThat(received.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(3 * FULL);
            loop.assertSleeps();
            assertThat(port.packets()
                            .doOnNext(Packet::release)
                            .take(3L * FULL)
                            .count()
                            .block(TIMEOUT))
                    .as("what waited in the others is all there")
                    .isEqualTo(3L * FULL);
        }
    }

    @Test
    void shouldSleepWithOneTxRingOfFourBlocked() throws InterruptedException {
        try (BufferCount buffers = new BufferCount();
                NetmapPort port = NetmapPort.open("netmap:sleep{1" + CONF, OPTIONS);
                NetmapPort far = NetmapPort.open("netmap:sleep}1" + CONF, OPTIONS)) {
            assertThat(buffers.free()).isPositive();
            final CompletableFuture<TxReport> blocked =
                    port.tx(1).send(frames(3 * SLOTS)).toFuture();
            final Loop loop = new Loop(port.loop());

            loop.assertSleeps();
            send(port, 0, 5);
            loop.assertSleeps();
            assertThat(blocked).isNotDone();
            final CompletableFuture<Long> received = far.packets()
                    .doOnNext(Packet::release)
                    .take(3 * SLOTS + 5)
                    .count()
                    .toFuture();
            assertThat(blocked.orTimeout(60, TimeUnit.SECONDS).join().sent()).isEqualTo(3 * SLOTS);
            assertThat(received.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(3 * SLOTS + 5);
            loop.assertSleeps();
        }
    }

    @Test
    void shouldWakeNoMoreOftenThanOthersSync() throws InterruptedException {
        try (BufferCount buffers = new BufferCount();
                NetmapPort far = NetmapPort.open("netmap:sleep{1" + CONF, OPTIONS);
                NetmapPort port = NetmapPort.open("netmap:sleep}1" + CONF, OPTIONS)) {
            assertThat(buffers.free()).isPositive();
            final Disposable subscription =
                    port.rx(2).packets().doOnNext(Packet::release).subscribe();
            final Loop loop = new Loop(port.loop());
            loop.settle();
            final long sleeps = port.loop().sleeps();
            final int rounds = 20;
            for (int i = 0; i < rounds; i++) {
                IntStream.range(0, RINGS).forEach(ring -> send(far, ring, 1));
            }
            loop.settle();

            assertThat(port.loop().sleeps() - sleeps).isLessThanOrEqualTo(rounds * RINGS);
            subscription.dispose();
        }
    }

    /** A loop's thread. In a system call it is RUNNABLE for Java, so that only its CPU time tells whether it sleeps. */
    private static final class Loop {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
        private static final long WINDOW_MS = 1_500;
        private static final long QUIET_MS = 50;

        private final NetmapLoop loop;
        private final long threadId;

        Loop(final NetmapLoop loop) {
            this.loop = loop;
            final CompletableFuture<Long> id = new CompletableFuture<>();
            loop.execute(() -> id.complete(Thread.currentThread().getId()));
            threadId = id.orTimeout(60, TimeUnit.SECONDS).join();
        }

        private static void pass(final long millis) throws InterruptedException {
            assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS))
                    .isFalse();
        }

        /** Waits until the loop has not fallen asleep again for a while. */
        void settle() throws InterruptedException {
            final long deadline = System.nanoTime() + TIMEOUT.toNanos();
            long before;
            do {
                before = loop.sleeps();
                pass(QUIET_MS);
            } while (loop.sleeps() != before && System.nanoTime() - deadline < 0);
        }

        /** Over a window longer than the pieces that a kernel's sleep is made of, it does not go round. */
        void assertSleeps() throws InterruptedException {
            settle();
            final long sleeps = loop.sleeps();
            final long cpuNs = THREADS.getThreadCpuTime(threadId);
            pass(WINDOW_MS);
            final long usedMs = TimeUnit.NANOSECONDS.toMillis(THREADS.getThreadCpuTime(threadId) - cpuNs);
            assertThat(loop.sleeps()).as("times fallen asleep").isEqualTo(sleeps);
            assertThat(usedMs).as("ms of CPU time in %d ms", WINDOW_MS).isLessThan(WINDOW_MS / 5);
        }
    }
}
