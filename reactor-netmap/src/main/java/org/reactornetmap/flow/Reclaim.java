package org.reactornetmap.flow;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Asks for a garbage collection when packets that nobody can reach any more may hold the buffers that a ring needs, as
 * the JDK does for direct buffers. We make no garbage, so none may come by itself. At most one a second for the whole
 * JVM; {@code -Dnetmap.reclaim.gc=false} turns it off. Any thread.
 */
final class Reclaim {
    private static final boolean ENABLED = !"false".equals(System.getProperty("netmap.reclaim.gc"));
    private static final Semaphore REQUESTS = new Semaphore(0);

    static {
        if (ENABLED) {
            final Thread helper = new Thread(Reclaim::run, "netmap-reclaim");
            helper.setDaemon(true);
            helper.start();
        }
    }

    private Reclaim() {}

    static void requestGc() {
        if (ENABLED && REQUESTS.availablePermits() == 0) {
            REQUESTS.release();
        }
    }

    private static void run() {
        try {
            for (; ; ) {
                REQUESTS.acquire();
                REQUESTS.drainPermits();
                System.gc();
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
