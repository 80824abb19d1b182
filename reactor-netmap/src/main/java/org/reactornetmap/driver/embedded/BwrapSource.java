package org.reactornetmap.driver.embedded;

/**
 * A ring that a NIC in a switch receives into: what arrives goes into the switch at once, by whoever brought it.
 * {@code netmap_bwrap_intr_notify}.
 */
final class BwrapSource implements Runnable {
    private final KernelRing ring;
    private final Forwarder forwarder;
    private final OneAtATime work = new OneAtATime(this::forwardAll);

    /** Between {@link KernelRing#get} and {@link KernelRing#put}. */
    private boolean stopped;

    BwrapSource(final KernelRing ring, final Forwarder forwarder) {
        this.ring = ring;
        this.forwarder = forwarder;
    }

    /** Takes what arrives from now on. */
    void start() {
        ring.interrupt(this);
        run();
    }

    /** When this returns, the ring is left alone. */
    void stop() {
        ring.interrupt(null);
        ring.get();
        stopped = true;
        ring.put();
    }

    @Override
    public void run() {
        work.run();
    }

    private void forwardAll() {
        final boolean moved;
        ring.get();
        try {
            if (stopped) {
                return;
            }
            ring.sync();
            final int end = ring.hwTail;
            forwarder.forward(ring.hwCur, end);
            ring.rHead = end;
            ring.rCur = end;
            ring.rTail = end;
            // Gives the buffers back to the NIC.
            ring.sync();
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
