package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Frames in the order they came, as many as fit. The storage grows to what was needed and is then used again. Any thread. */
final class FrameQueue {
    private static final byte[] NOTHING = {};

    private final byte[][] frames;
    private final int[] lengths;
    private int first;
    private int count;

    FrameQueue(final int capacity) {
        frames = new byte[capacity][];
        lengths = new int[capacity];
        Arrays.fill(frames, NOTHING);
    }

    /** Takes a copy of a frame; false if the queue is full. */
    synchronized boolean offer(final ByteBuffer data, final int at, final int len) {
        if (count == frames.length) {
            return false;
        }
        final int last = (first + count) % frames.length;
        if (frames[last].length < len) {
            frames[last] = new byte[len];
        }
        data.get(at, frames[last], 0, len);
        lengths[last] = len;
        count++;
        return true;
    }

    synchronized int size() {
        return count;
    }

    /** Bytes of the first frame; -1 if there is none. */
    synchronized int firstLength() {
        return count == 0 ? -1 : lengths[first];
    }

    /** Moves the first frame to where there is room for it. */
    synchronized void poll(final ByteBuffer into, final int at) {
        into.put(at, frames[first], 0, lengths[first]);
        drop();
    }

    /** Drops the first frame. */
    synchronized void drop() {
        first = (first + 1) % frames.length;
        count--;
    }

    /** The first frame, in a buffer of its own; null if there is none. */
    synchronized @Nullable ByteBuffer poll() {
        if (count == 0) {
            return null;
        }
        final ByteBuffer copy = ByteBuffer.allocate(lengths[first]);
        poll(copy, 0);
        return copy;
    }
}
