package org.reactornetmap.benchmarks;

import java.util.concurrent.locks.LockSupport;

/** The baseline: park and unpark, without a ring. */
final class ParkedSleeper extends Sleeper {
    private volatile boolean woken;

    @Override
    boolean sleep() {
        if (!woken) {
            LockSupport.park(this);
        }
        if (!woken) {
            return false;
        }
        woken = false;
        return true;
    }

    @Override
    void wake() {
        woken = true;
        LockSupport.unpark(thread());
    }
}
