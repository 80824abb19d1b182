package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.reactornetmap.flow.NetmapLoop;

/** Watches what a loop's thread does over a stretch of time: how often it falls asleep, and the CPU time it takes. */
final class LoopProbe {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long WINDOW_MS = 300;
    private static final long LONG_MS = 10_000;

    private final NetmapLoop loop;
    private final long threadId;

    LoopProbe(final NetmapLoop loop) throws InterruptedException {
        this.loop = loop;
        final CountDownLatch ran = new CountDownLatch(1);
        final Thread[] thread = new Thread[1];
        loop.execute(() -> {
            thread[0] = Thread.currentThread();
            ran.countDown();
        });
        assertThat(ran.await(LONG_MS, TimeUnit.MILLISECONDS)).isTrue();
        this.threadId = thread[0].getId();
    }

    /**
     * Over a window in which nothing happens to it, the loop sleeps: it neither goes round through poll nor round without
     * it. A loop that spins takes a large part of the window and falls asleep tens of thousands of times, or never.
     *
     * @param mostSleeps how often it may fall asleep again
     */
    void assertSleeps(final int mostSleeps) throws InterruptedException {
        settle();
        final long sleeps = loop.sleeps();
        final long cpuNs = THREADS.getThreadCpuTime(threadId);
        assertThat(new CountDownLatch(1).await(WINDOW_MS, TimeUnit.MILLISECONDS))
                .isFalse();
        final long usedMs = TimeUnit.NANOSECONDS.toMillis(THREADS.getThreadCpuTime(threadId) - cpuNs);
        assertThat(loop.sleeps() - sleeps).as("times fallen asleep").isBetween(0L, (long) mostSleeps);
        assertThat(usedMs).as("ms of CPU time in %d ms", WINDOW_MS).isLessThan(WINDOW_MS / 5);
        assertThat(state()).as("state of the loop's thread").isIn(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    }

    /** Over a window the loop works without ever falling asleep; how much of it depends on who else has the cores. */
    void assertSpins() throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONG_MS);
        final long cpuNs = THREADS.getThreadCpuTime(threadId);
        final long sleeps = loop.sleeps();
        final CountDownLatch never = new CountDownLatch(1);
        while (THREADS.getThreadCpuTime(threadId) - cpuNs < TimeUnit.MILLISECONDS.toNanos(WINDOW_MS)) {
            assertThat(System.nanoTime() - deadline).as("it does nothing").isNegative();
            assertThat(never.await(1, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(loop.sleeps()).as("times fallen asleep").isEqualTo(sleeps);
    }

    /** Waits until the loop is asleep for the first time after what was done to it. */
    void settle() throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONG_MS);
        final CountDownLatch never = new CountDownLatch(1);
        int quiet = 0;
        while (quiet < 20 && System.nanoTime() - deadline < 0) {
            final Thread.State state = state();
            quiet = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING ? quiet + 1 : 0;
            assertThat(never.await(1, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private Thread.State state() {
        return THREADS.getThreadInfo(threadId).getThreadState();
    }
}
