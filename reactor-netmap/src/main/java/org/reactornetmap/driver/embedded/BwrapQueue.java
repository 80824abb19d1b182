package org.reactornetmap.driver.embedded;

import org.reactornetmap.ring.RingMath;

/**
 * A ring that a NIC in a switch sends from: what the switch puts into it is sent at once.
 * {@code netmap_bwrap_notify}.
 */
final class BwrapQueue extends SwitchQueue {
    /** {@code netmap_txsync_retry}. */
    private static final int RETRIES = 2;

    private final KernelRing ring;
    private final OneAtATime work = new OneAtATime(this::sendAll);

    /** Between {@link KernelRing#get} and {@link KernelRing#put}. */
    private boolean stopped;

    BwrapQueue(final KernelRing ring) {
        super(ring);
        this.ring = ring;
    }

    /** When this returns, the ring is left alone. */
    void stop() {
        ring.get();
        stopped = true;
        ring.put();
    }

    @Override
    boolean isStopped() {
        return ring.stopped() != null;
    }

    @Override
    int retries() {
        return RETRIES;
    }

    @Override
    void reclaim() {
        arrived();
    }

    @Override
    void arrived() {
        work.run();
    }

    private void sendAll() {
        final boolean moved;
        ring.get();
        try {
            if (stopped) {
                return;
            }
            final int end = tail();
            ring.rHead = end;
            ring.rCur = end;
            ring.sync();
            ring.rTail = ring.hwTail;
            // What the NIC has sent is free for the switch again; one slot stays empty.
            release(RingMath.next(ring.hwTail, ring.numSlots));
            moved = ring.moved;
            ring.moved = false;
        } finally {
            ring.put();
        }
        if (moved) {
            ring.notifyOtherSide();
        }
    }
}
