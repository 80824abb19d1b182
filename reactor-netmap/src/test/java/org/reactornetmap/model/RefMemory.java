package org.reactornetmap.model;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import org.reactornetmap.ring.Buffers;

/** The model of one memory: where each buffer is and which frame was written into it. */
final class RefMemory {
    /** What a buffer can be in. Each is in one of these at a time. */
    enum Place {
        FREE,
        RING,
        EXTRA,
        /** User space took it out of a list of extra buffers and keeps it to itself. */
        POCKET
    }

    final int id;
    final int total;
    final int bufSize;

    /** Buffers that were in the pocket when the memory's last port closed. */
    long reclaimed;

    private final Map<Place, BitSet> members = new EnumMap<>(Place.class);
    private final int[] frames;
    private final int[] lengths;

    int openPorts;

    RefMemory(final int id, final int total, final int bufSize) {
        this.id = id;
        this.total = total;
        this.bufSize = bufSize;
        this.frames = new int[total];
        this.lengths = new int[total];
        for (final Place place : Place.values()) {
            members.put(place, new BitSet(total));
        }
        in(Place.FREE).set(2, total);
    }

    /** The buffers in one place. */
    BitSet in(final Place place) {
        return members.get(place);
    }

    int count(final Place place) {
        return in(place).cardinality();
    }

    boolean isValid(final int buffer) {
        return buffer >= 2 && buffer < total;
    }

    void move(final int buffer, final Place from, final Place to) {
        if (!isValid(buffer)) {
            throw new AssertionError("buf_idx " + buffer + " is not in 2.." + (total - 1));
        }
        if (!in(from).get(buffer)) {
            throw new AssertionError(
                    "buffer " + buffer + " is not " + from + ": it would be in two places when it becomes " + to);
        }
        in(from).clear(buffer);
        in(to).set(buffer);
    }

    /** What the kernel does when a memory's last user is gone. */
    void lastPortClosed() {
        reclaimed += count(Place.POCKET);
        in(Place.FREE).or(in(Place.POCKET));
        in(Place.POCKET).clear();
    }

    /** Frame 0 means that nothing is known. */
    void wrote(final int buffer, final int frame, final int length) {
        frames[buffer] = frame;
        lengths[buffer] = length;
    }

    void copied(final RefMemory from, final int source, final int buffer, final int length) {
        wrote(buffer, from.frames[source], Math.min(length, from.lengths[source]));
    }

    /** Whether the first bytes of a buffer are known to be those of a frame. */
    boolean hasFrame(final int buffer, final int bytes) {
        return frames[buffer] != 0 && lengths[buffer] >= bytes;
    }

    int frame(final int buffer) {
        return frames[buffer];
    }

    void checkFrame(final Buffers buffers, final int buffer, final int length) {
        if (frames[buffer] != 0) {
            Frame.check(buffers, buffer, frames[buffer], Math.min(length, lengths[buffer]));
        }
    }
}
