package org.reactornetmap.flow;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Lets a scheduler run a loop: now, if there is something to look at, else at the loop's next deadline. The scheduler's
 * one thread only.
 */
final class LoopRuns {
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final NetmapLoop loop;
    private final Scheduler time;
    private final Scheduler.Worker worker;
    private boolean due;
    private @Nullable Disposable later;
    private long laterAt = Long.MAX_VALUE;

    LoopRuns(final NetmapLoop loop, final Scheduler time) {
        this.loop = loop;
        this.time = time;
        this.worker = time.createWorker();
    }

    /** The loop has something to look at. */
    void wake() {
        if (!due) {
            due = true;
            schedule(this::run, 0);
        }
    }

    private void run() {
        due = false;
        if (!loop.isWorking()) { // else the scheduler ran us from inside; after the work hasNews() tells
            loop.doWork();
        }
    }

    /** Arranges the next run of this loop, and of the others if this one may have given them something. */
    void afterWork(final int done) {
        if (done > 0) {
            for (final NetmapLoop other : NetmapLoop.live()) {
                final LoopRuns runs = other.runs();
                if (runs != null && runs.time == time && other.isServing()) {
                    runs.wake();
                }
            }
        }
        if (done > 0 || loop.hasNews()) {
            wake();
        } else {
            wakeLater();
        }
    }

    private void wakeLater() {
        final long now = loop.nanoTime();
        final boolean sure = loop.sleepWithoutThread();
        final long next = loop.nextDeadline(now);
        final long deadline = sure ? next : Math.min(next, now + LOOK_AGAIN_NS);
        if (deadline == laterAt) {
            return;
        }
        if (later != null) {
            later.dispose();
            later = null;
        }
        laterAt = deadline;
        if (deadline != Long.MAX_VALUE) {
            later = schedule(this::deadlineCame, Math.max(1, deadline - now));
        }
    }

    private void deadlineCame() {
        later = null;
        laterAt = Long.MAX_VALUE;
        run();
    }

    /** Null if the scheduler is disposed, as at the end of a verification: then only doWork() and close() work. */
    private @Nullable Disposable schedule(final Runnable task, final long delayNs) {
        try {
            return worker.schedule(task, delayNs, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }
}
