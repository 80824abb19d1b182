package org.reactornetmap.flow;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.PacketTrace;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/**
 * The loop's only hold on a view that is out, and all it must know to get slot and buffers back if the view becomes
 * unreachable. One for each view, made once. Loop thread only, except touch and trace.
 */
final class PacketRef extends WeakReference<RingPacket> {
    /** {@link #slot()} of a packet that has left its slot. */
    static final int NO_SLOT = -1;

    private final RingReceiver receiver;
    private final int view;
    private int slot = NO_SLOT;
    private int count = 1;
    private int bufIdx; // 0: not out
    private long @Nullable [] moreWords; // of a packet of several slots, after the first: see RingReceiver.placed
    private boolean retired;
    private long outSince;
    private @Nullable Object touched;
    private @Nullable PacketTrace trace;

    PacketRef(final RingPacket packet, final RingReceiver receiver, final int view) {
        super(packet, receiver.loop().lost());
        this.receiver = receiver;
        this.view = view;
    }

    RingReceiver receiver() {
        return receiver;
    }

    /** Index of the view in its receiver. */
    int view() {
        return view;
    }

    /** The view is handed out for a packet of one slot. */
    void goOut(final int firstSlot, final int firstBuf) {
        slot = firstSlot;
        bufIdx = firstBuf;
        if (touched != null) { // both are rare, and a store costs a GC barrier
            touched = null;
        }
        if (trace != null) {
            trace = null;
        }
    }

    void comeBack() {
        bufIdx = 0;
        if (count > 1) {
            count = 1;
        }
    }

    boolean isOut() {
        return bufIdx != 0;
    }

    /** First slot the packet stands in, or {@link #NO_SLOT}. */
    int slot() {
        return slot;
    }

    void leaveSlot() {
        slot = NO_SLOT;
    }

    /** Slots, and so buffers, of the packet. */
    int count() {
        return count;
    }

    int bufIdx(final int segment) {
        return segment == 0 ? bufIdx : NetmapSlotDescriptor.bufIdx(slotWord(segment));
    }

    /** The slot word of a segment after the first as it was at emission, its offset where its flags were. */
    long slotWord(final int segment) {
        final long[] words = moreWords;
        if (words == null) {
            throw new IndexOutOfBoundsException("segment " + segment + " of a packet of one");
        }
        return words[segment - 1];
    }

    /** Keeps all but the first of {@code slots} words. */
    void moreWords(final long[] words, final int slots) {
        count = slots;
        long[] more = moreWords;
        if (more == null || more.length < slots - 1) {
            more = new long[slots - 1];
            moreWords = more;
        }
        System.arraycopy(words, 1, more, 0, slots - 1);
    }

    boolean isRetired() {
        return retired;
    }

    /** The view is not used again after this packet. */
    void retire() {
        retired = true;
    }

    long outSince() {
        return outSince;
    }

    void outSince(final long nanos) {
        outSince = nanos;
    }

    @Nullable
    Object touched() {
        return touched;
    }

    void touched(final Object hint) {
        touched = hint;
    }

    @Nullable
    PacketTrace trace() {
        return trace;
    }

    void trace(final PacketTrace newTrace) {
        trace = newTrace;
    }

    String lastTouch() {
        final PacketTrace traced = trace;
        return (touched == null ? "not touched" : "last touch: " + touched)
                + (traced == null ? "" : System.lineSeparator() + traced);
    }
}
