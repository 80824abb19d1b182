package org.reactornetmap.driver.embedded;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Threads that work until the time is over or one of them fails. */
final class Crew {
    /** How long the tests of threads last: {@code -Psoak} sets minutes. */
    static final long SECONDS = Long.getLong("soak.seconds", 2);

    private static final long PATIENCE_SECONDS = 60;

    private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Starts a thread; it is given what to ask whether to go on. */
    void start(final String name, final Consumer<BooleanSupplier> work) {
        final Thread thread = new Thread(
                () -> {
                    try {
                        work.accept(this::goesOn);
                    } catch (final RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private boolean goesOn() {
        return System.nanoTime() - end < 0 && failure.get() == null;
    }

    /** Waits for everybody. */
    void join() {
        try {
            for (final Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(SECONDS + PATIENCE_SECONDS));
                if (thread.isAlive()) {
                    throw new AssertionError(thread.getName() + " does not end:\n" + dump());
                }
            }
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
        final Throwable first = failure.get();
        if (first != null) {
            throw new AssertionError("a thread failed", first);
        }
    }

    private static String dump() {
        final StringBuilder dump = new StringBuilder();
        for (final ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            dump.append(info);
        }
        return dump.toString();
    }
}
