package org.reactornetmap.flow;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A {@link Scheduler} on a loop: tasks go through its mailbox, delays through its timers. Any thread. */
final class LoopScheduler implements Scheduler {
    private final NetmapLoop loop;

    LoopScheduler(final NetmapLoop loop) {
        this.loop = loop;
    }

    @Override
    public Disposable schedule(final Runnable task) {
        return submit(new Task(task, null, 0), 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(final Runnable task, final long delay, final TimeUnit unit) {
        return submit(new Task(task, null, 0), delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(
            final Runnable task, final long initialDelay, final long period, final TimeUnit unit) {
        return submit(new Task(task, null, Math.max(1, unit.toNanos(period))), initialDelay, unit);
    }

    @Override
    public long now(final TimeUnit unit) {
        return loop.now(unit);
    }

    @Override
    public Worker createWorker() {
        return new LoopWorker();
    }

    @Override
    public boolean isDisposed() {
        return loop.isClosed();
    }

    private Task submit(final Task task, final long delay, final TimeUnit unit) {
        if (loop.isClosed()) {
            throw Exceptions.failWithRejected();
        }
        final long nanos = unit.toNanos(delay);
        if (nanos <= 0) {
            loop.post(task);
        } else {
            final long deadline = loop.nanoTime() + nanos;
            loop.post((Runnable) () -> task.arm(deadline));
        }
        return task;
    }

    private final class Task implements Runnable, Disposable {
        private final Runnable body;
        private final @Nullable Composite owner;
        private final long periodNs;
        private volatile boolean disposed;
        private LoopTimers.@Nullable Timer timer; // loop only

        Task(final Runnable body, final @Nullable Composite owner, final long periodNs) {
            this.body = Schedulers.onSchedule(body);
            this.owner = owner;
            this.periodNs = periodNs;
        }

        void arm(final long deadline) {
            if (!disposed) {
                timer = loop.timers().add(deadline, this);
            }
        }

        @Override
        public void run() {
            if (disposed) {
                return;
            }
            timer = null;
            try {
                body.run();
            } catch (Throwable t) {
                Exceptions.throwIfFatal(t);
                Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(Thread.currentThread(), t);
            }
            if (periodNs > 0 && !disposed) {
                arm(loop.nanoTime() + periodNs);
            } else {
                finish();
            }
        }

        private void finish() {
            disposed = true;
            if (owner != null) {
                owner.remove(this);
            }
        }

        @Override
        public void dispose() {
            if (!disposed) {
                finish();
                loop.post((Runnable) () -> {
                    if (timer != null) {
                        loop.timers().remove(timer);
                        timer = null;
                    }
                });
            }
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }

    private final class LoopWorker implements Worker {
        private final Disposable.Composite tasks = Disposables.composite();

        @Override
        public Disposable schedule(final Runnable task) {
            return submit(task, 0, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(final Runnable task, final long delay, final TimeUnit unit) {
            return submit(task, delay, 0, unit);
        }

        @Override
        public Disposable schedulePeriodically(
                final Runnable task, final long initialDelay, final long period, final TimeUnit unit) {
            return submit(task, initialDelay, Math.max(1, unit.toNanos(period)), unit);
        }

        private Disposable submit(final Runnable body, final long delay, final long periodNs, final TimeUnit unit) {
            final Task task = new Task(body, tasks, periodNs);
            if (!tasks.add(task)) {
                throw Exceptions.failWithRejected();
            }
            return LoopScheduler.this.submit(task, delay, unit);
        }

        @Override
        public void dispose() {
            tasks.dispose();
        }

        @Override
        public boolean isDisposed() {
            return tasks.isDisposed();
        }
    }
}
