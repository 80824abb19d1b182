package org.reactornetmap.flow;

import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingStateException;

/** The extra buffers of one descriptor that are in no slot and no packet. Loop thread only. */
final class Spares {
    private final Buffers buffers;
    private final int[] stack;
    private final int granted;
    private int size;

    /** Takes the list at {@code ni_bufs_head} over; the head is 0 until {@link #giveBack(NetmapIf)}. */
    Spares(final NetmapIf netmapIf, final Buffers buffers, final int granted) {
        this.buffers = buffers;
        this.stack = new int[granted];
        this.granted = granted;
        int bufIdx = netmapIf.bufsHead();
        while (bufIdx != 0) {
            if (size == granted || !buffers.isValid(bufIdx)) {
                throw new RingStateException("extra buffer " + size + " of " + granted + " granted has index " + bufIdx
                        + " (valid: " + NetmapSlotDescriptor.FIRST_BUFFER + ".." + (buffers.total() - 1) + ")");
            }
            stack[size++] = bufIdx;
            bufIdx = buffers.listNext(bufIdx);
        }
        netmapIf.bufsHead(0);
    }

    int granted() {
        return granted;
    }

    int available() {
        return size;
    }

    int take() {
        return stack[--size];
    }

    /** Takes a buffer in. There is room: each spare that went out left one buffer outside the rings. */
    void put(final int bufIdx) {
        if (size < stack.length) {
            stack[size++] = bufIdx;
        }
    }

    /** Rebuilds the list at {@code ni_bufs_head}, each buffer once. */
    void giveBack(final NetmapIf netmapIf) {
        int next = 0;
        while (size > 0) {
            final int bufIdx = stack[--size];
            buffers.listNext(bufIdx, next);
            next = bufIdx;
        }
        netmapIf.bufsHead(next);
    }
}
