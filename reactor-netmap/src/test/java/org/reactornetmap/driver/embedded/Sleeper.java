package org.reactornetmap.driver.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A thread that is expected to go to sleep in a poll. */
final class Sleeper<T> {
    final Thread thread;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    private Sleeper(final Supplier<T> body) {
        this.thread = new Thread(
                () -> {
                    try {
                        result.complete(body.get());
                    } catch (final RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                "sleeper");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the body and comes back when its thread is parked by a poller. */
    static <T> Sleeper<T> asleep(final Supplier<T> body) {
        final Sleeper<T> sleeper = new Sleeper<>(body);
        sleeper.awaitPark();
        return sleeper;
    }

    void awaitPark() {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!(LockSupport.getBlocker(thread) instanceof EmbeddedPoller) || !isWaiting()) {
            if (result.isDone()) {
                throw new AssertionError("it did not sleep, but returned " + await());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not sleep");
            }
            Thread.onSpinWait();
        }
    }

    private boolean isWaiting() {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    boolean isDone() {
        return result.isDone();
    }

    T await() {
        try {
            return result.get(20, TimeUnit.SECONDS);
        } catch (final TimeoutException | ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
