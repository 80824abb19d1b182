package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The slots that one TX ring is forwarding, in the order they were sent: {@code nm_bdg_fwd}. Each packet's first slot is
 * linked to the next packet for the same destination. Then, for one destination at a time, which packets are to go
 * there: the merge, in arrival order, of those for it alone and those for everybody. One thread at a time.
 */
final class SwitchBatch {
    /** Ends a list; higher than any slot, so that the merge never follows it. */
    static final int END = Integer.MAX_VALUE;

    /** Where a slot's data is; null if it can't be read. */
    final @Nullable ByteBuffer[] data;

    final int[] offset;
    final int[] len;

    /** Slots of the packet; set in its first slot. */
    final int[] frags;

    /** First slot of the next packet of the list; set in a packet's first slot. */
    final int[] next;

    /** What is still to go to the destination: the first packet of either list, and the slots of both. */
    int unicast = END;

    int broadcast = END;
    int needed;

    SwitchBatch(final int slots) {
        data = new @Nullable ByteBuffer[slots];
        offset = new int[slots];
        len = new int[slots];
        frags = new int[slots];
        next = new int[slots];
    }

    boolean isEmpty() {
        return unicast == END && broadcast == END;
    }

    /** First slot of the packet that arrived first. */
    int first() {
        return Math.min(unicast, broadcast);
    }

    /** Goes on to the packet behind {@link #first}. */
    void advance() {
        if (unicast < broadcast) {
            unicast = next[unicast];
        } else {
            broadcast = next[broadcast];
        }
    }
}
