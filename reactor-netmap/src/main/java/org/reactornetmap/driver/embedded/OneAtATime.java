package org.reactornetmap.driver.embedded;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Work that any thread may call for and one does at a time: who comes while another does it leaves it to that one, which
 * does it again. So nobody waits. Two switches that are connected in a circle must not keep a thread for ever: one that
 * comes back to its own work goes away, as in the kernel, which finds the ring busy; and after very many times in a row
 * the rest is left for the next call.
 */
final class OneAtATime {
    private static final int MAX_TIMES = 1_000;

    private final Runnable work;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Thread worker;

    OneAtATime(final Runnable work) {
        this.work = work;
    }

    void run() {
        final Thread me = Thread.currentThread();
        if (worker == me || calls.getAndIncrement() != 0) {
            return;
        }
        int done = 1;
        for (int times = 0; done != 0 && times < MAX_TIMES; times++) {
            worker = me;
            try {
                work.run();
            } finally {
                worker = null;
            }
            done = calls.addAndGet(-done);
        }
        if (done != 0) {
            calls.set(0);
        }
    }
}
