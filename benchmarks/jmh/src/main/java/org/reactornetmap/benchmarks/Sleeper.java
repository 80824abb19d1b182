package org.reactornetmap.benchmarks;

/** A thread that sleeps until it is woken, says so, and sleeps again. Woken by one other thread. */
abstract class Sleeper {
    private final Thread thread = new Thread(this::run, "sleeper");
    private long asked;
    private volatile long answered;
    private volatile boolean stopping;

    final void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long answers = 0;
        while (!stopping) {
            if (sleep()) {
                answered = ++answers;
            }
        }
    }

    /** Sleeps; whether it was woken for the first time since the last sleep. */
    abstract boolean sleep();

    /** Ends the sleep. */
    abstract void wake();

    final Thread thread() {
        return thread;
    }

    /** Until the thread is really off its core. */
    final void awaitSleep() {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    final long wakeAndWait() {
        asked++;
        wake();
        while (answered != asked) {
            Thread.onSpinWait();
        }
        return asked;
    }

    /** Ends the thread. */
    void end() throws InterruptedException {
        stopping = true;
        wake();
        thread.join();
    }
}
