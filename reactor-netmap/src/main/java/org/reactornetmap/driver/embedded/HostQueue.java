package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;

/**
 * What the host stack sent and a host RX ring has not taken yet: {@code rx_queue}. It is there for as long as the
 * interface is in netmap mode, whether or not anybody has the host ring open. Guarded by itself.
 */
final class HostQueue {
    /** What became of a frame. */
    enum Taken {
        QUEUED,
        DROPPED,
        CLOSED
    }

    final FrameQueue frames;
    private final int numSlots;

    /** Slots of the ring that are not free; kept by the ring's sync. */
    private int busy;

    private boolean closed;

    HostQueue(final int numSlots) {
        this.numSlots = numSlots;
        this.frames = new FrameQueue(numSlots - 1);
    }

    /** Only what is sure to find room in the ring is taken. */
    synchronized Taken offer(final ByteBuffer data, final int at, final int len, final int bufSize) {
        if (closed) {
            return Taken.CLOSED;
        }
        if (len > bufSize || busy + frames.size() >= numSlots - 1) {
            return Taken.DROPPED;
        }
        return frames.offer(data, at, len) ? Taken.QUEUED : Taken.DROPPED;
    }

    /** The lock is held, as it must be from when the slots are filled. */
    void busy(final int slots) {
        busy = slots;
    }

    /** Ends it: the number of frames that were in it. */
    synchronized int close() {
        closed = true;
        final int left = frames.size();
        while (frames.size() > 0) {
            frames.drop();
        }
        return left;
    }
}
