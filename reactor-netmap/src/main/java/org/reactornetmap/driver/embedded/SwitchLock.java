package org.reactornetmap.driver.embedded;

import java.util.concurrent.locks.StampedLock;

/**
 * Keeps the ports of a switch as they are while somebody forwards: {@code bdg_lock}. Forwarders share it; whoever holds
 * the world's lock takes it alone to change the ports. A thread that forwards may come back to forward again, when what
 * it delivered runs on into a second switch or into this one; it never waits for a change that waits for itself. No
 * allocation unless a change is under way.
 */
final class SwitchLock {
    /** How many switch locks a thread has. */
    private static final ThreadLocal<int[]> HELD = ThreadLocal.withInitial(() -> new int[1]);

    private final StampedLock lock = new StampedLock();

    /** From here to {@link #unlockRead} the ports stay. */
    long lockRead() {
        final int[] held = HELD.get();
        // Past a waiting writer: it may wait for this very thread.
        final long stamp = held[0] > 0 ? lock.tryReadLock() : 0;
        held[0]++;
        return stamp != 0 ? stamp : lock.readLock();
    }

    void unlockRead(final long stamp) {
        lock.unlockRead(stamp);
        HELD.get()[0]--;
    }

    /** Runs a change of the ports when nobody forwards. World's lock held. */
    void write(final Runnable change) {
        final long stamp = lock.writeLock();
        try {
            change.run();
        } finally {
            lock.unlockWrite(stamp);
        }
    }
}
