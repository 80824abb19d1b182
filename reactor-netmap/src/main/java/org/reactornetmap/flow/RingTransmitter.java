package org.reactornetmap.flow;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.ring.RingStateException;

/**
 * The reactive side of one TX ring: puts packets into slots, by exchange of buffers where it can and by copy where it
 * must. Loop thread only.
 */
final class RingTransmitter {
    /** What became of a packet. */
    enum Outcome {
        /** In slots by exchange of buffers, and released. */
        SWAPPED,
        /** In slots by copy, and released. */
        COPIED,
        /** Not taken: no room. Still the caller's. */
        FULL,
        /** Empty or too long for the ring. Still the caller's. */
        REJECTED,
        /** The port it came from is closed. Still the caller's. */
        DROPPED
    }

    private final RingGroup group;
    private final NetmapRing ring;
    private final Buffers buffers;
    private final int numSlots;
    private final int bufSize;
    private final long offsetMask;
    private final int maxOffset;
    private final TxCounters counters;

    private int head;
    private int syncedHead;
    private int tail;
    private boolean claimed;
    private @Nullable RingGroup lastFrom;
    private boolean lastShares;
    private boolean lastPlain;

    RingTransmitter(final RingGroup group, final NetmapRing ring) {
        this.group = group;
        this.ring = ring;
        this.buffers = ring.buffers();
        this.numSlots = ring.numSlots();
        this.bufSize = buffers.bufSize();
        this.offsetMask = ring.offsetMask();
        this.maxOffset = largestOffset();
        this.counters = new TxCounters(ring.ringId(), numSlots);
        head = ring.head();
        if (head < 0 || head >= numSlots) {
            throw new RingStateException("head of " + ring + " is out of range");
        }
        syncedHead = head;
        tail = head;
        refreshTail();
    }

    /**
     * The largest offset that the kernel is known to accept: netmap tells nobody what was agreed on, but the slots hold
     * it. A larger one it would cut in silence.
     */
    private int largestOffset() {
        long largest = 0;
        if (offsetMask != 0) {
            for (int i = 0; i < numSlots; i++) {
                final long offset = ring.slotPtr(i) & offsetMask;
                if (Long.compareUnsigned(offset, bufSize) <= 0) {
                    largest = Math.max(largest, offset);
                }
            }
        }
        return (int) largest;
    }

    /** How far inside its buffer a frame in a slot of ours begins. */
    private int slotOffset(final int slot) {
        if (offsetMask == 0) {
            return 0;
        }
        final long offset = ring.slotPtr(slot) & offsetMask;
        return Long.compareUnsigned(offset, maxOffset) > 0 ? maxOffset : (int) offset;
    }

    private void slotOffset(final int slot, final int offset) {
        if (offsetMask != 0) {
            ring.slotPtr(slot, (ring.slotPtr(slot) & ~offsetMask) | offset);
        }
    }

    RingGroup group() {
        return group;
    }

    int ringId() {
        return ring.ringId();
    }

    int numSlots() {
        return numSlots;
    }

    TxCounters counters() {
        return counters;
    }

    /** Free slots. */
    int space() {
        return RingMath.distance(head, tail, numSlots);
    }

    /** Slots accepted and not confirmed by tail, and those not synced yet. */
    int pending() {
        return numSlots - 1 - space();
    }

    void beforeSync() {
        if (head != syncedHead) {
            syncedHead = head;
            counters.syncs++;
        }
        ring.head(head);
        ring.cur(head);
    }

    /** A ring parked by cur = tail ends a poll only when tail moves. */
    void beforePoll() {
        ring.head(head);
        ring.cur(tail);
    }

    /** Shows netmap what is ours, before it may put the host's packets behind it. */
    void beforeForwarding() {
        ring.head(head);
        ring.cur(head);
    }

    /**
     * Takes over what netmap forwarded from the host into this ring: it moved head as its owner would. The only time that
     * a head is read back; a tail that moved as well is checked by {@link #refreshTail()}.
     *
     * @return slots
     */
    int takeForwarded() {
        final int seen = ring.head();
        if (seen == head) {
            return 0;
        }
        if (seen < 0 || seen >= numSlots || (ring.tail() == tail && !RingMath.isBetween(seen, head, tail, numSlots))) {
            throw new RingStateException("head of TX ring " + ring.ringId() + " of "
                    + group.port().name() + " jumped to " + seen + " while netmap forwarded: last head " + head
                    + ", tail " + tail + ", " + numSlots + " slots; does another process write to this ring?");
        }
        final int slots = RingMath.distance(head, seen, numSlots);
        head = seen;
        return slots;
    }

    void refreshTail() {
        final int seen = ring.tail();
        if (seen == tail) {
            return;
        }
        if (!RingMath.isBetween(seen, tail, RingMath.previous(head, numSlots), numSlots)) {
            throw new RingStateException(
                    "tail of TX ring " + ring.ringId() + " of " + group.port().name()
                            + " jumped to " + seen + ": head " + head + ", last tail " + tail + ", " + numSlots
                            + " slots; does another process write to this ring?");
        }
        tail = seen;
    }

    /** Longest frame the ring takes, over several slots. */
    int maxFrameBytes() {
        return (int) Math.min(Integer.MAX_VALUE, (long) (bufSize - maxOffset) * (numSlots - 1));
    }

    Outcome put(final Packet packet) {
        if (packet instanceof RingPacket received) {
            final RingGroup from = received.receiver().group();
            if (from.isRevoking()) { // read before the length: a revoked packet has none
                return Outcome.DROPPED;
            }
            final int length = received.length();
            if (length > 0 && received.isSole() && canSwapWith(from) && (lastPlain || canPlace(received))) {
                return swap(received, length);
            }
        }
        final int bytes = packet.length();
        if (bytes == 0 || bytes > maxFrameBytes()) {
            return Outcome.REJECTED;
        }
        return copy(packet, bytes);
    }

    /** Asked for each packet, and packets in a row mostly come from one group. */
    private boolean canSwapWith(final RingGroup from) {
        if (from != lastFrom) {
            lastFrom = from;
            lastShares = from.sharesBuffersWith(group);
            lastPlain = offsetMask == 0 && !from.hasOffsets();
        }
        return lastShares;
    }

    /**
     * Whether our slots can say where in their buffers the packet's bytes are, and may: a pipe's receiver raises an
     * offset to the one that its own slot had, which is where ours came from.
     */
    private boolean canPlace(final RingPacket packet) {
        boolean can = true;
        for (int i = 0, at = head; i < packet.segments(); i++) {
            final int offset = packet.offsetInBuffer(i);
            can &= offset <= maxOffset && offset >= slotOffset(at);
            at = RingMath.next(at, numSlots);
        }
        return can;
    }

    void forgetSource() {
        lastFrom = null;
    }

    private Outcome swap(final RingPacket packet, final int bytes) {
        final int segments = packet.segments();
        if (segments > space() || claimed) {
            return segments >= numSlots ? Outcome.REJECTED : Outcome.FULL;
        }
        if (segments == 1) {
            final int mine = ownBuffer(head);
            if (!lastPlain) {
                slotOffset(head, packet.offsetInBuffer(0));
            }
            ring.slotWord(
                    head,
                    NetmapSlotDescriptor.word(packet.ref().bufIdx(0), bytes, NetmapSlotDescriptor.NS_BUF_CHANGED));
            head = head + 1 == numSlots ? 0 : head + 1;
            packet.exchange(mine);
        } else {
            swapSegments(packet, segments);
        }
        packet.release();
        counters.swapped++;
        counters.bytes += bytes;
        return Outcome.SWAPPED;
    }

    private void swapSegments(final RingPacket packet, final int segments) {
        for (int i = 0, at = head; i < segments; i++) {
            ownBuffer(at); // all are good before the first is given away
            at = RingMath.next(at, numSlots);
        }
        for (int i = 0; i < segments; i++) {
            final int mine = ownBuffer(head);
            final int flags =
                    NetmapSlotDescriptor.NS_BUF_CHANGED | (i < segments - 1 ? NetmapSlotDescriptor.NS_MOREFRAG : 0);
            ring.slotWord(head, NetmapSlotDescriptor.word(packet.ref().bufIdx(i), packet.segmentLength(i), flags));
            if (!lastPlain) {
                slotOffset(head, packet.offsetInBuffer(i));
            }
            packet.exchange(i, mine);
            head = RingMath.next(head, numSlots);
        }
    }

    private Outcome copy(final Packet packet, final int bytes) {
        final int slots = slotsFor(bytes);
        if (slots > space() || claimed) {
            return Outcome.FULL;
        }
        final int end =
                slots == 1 && packet.segments() == 1 ? copyWhole(packet, bytes) : copySegments(packet, bytes, slots);
        if (packet.isReleased()) { // its port was closed while we copied: what we copied may be zeros
            return Outcome.DROPPED;
        }
        head = end;
        if (packet instanceof RingPacket received) {
            received.copied();
        }
        packet.release();
        counters.copied++;
        counters.bytes += bytes;
        return Outcome.COPIED;
    }

    /** The usual case, without a loop. Returns where head goes. */
    private int copyWhole(final Packet packet, final int bytes) {
        final int at = head;
        final int mine = ownBuffer(at);
        final int offset = slotOffset(at);
        final ByteBuffer from = packet.buffer();
        buffers.block(mine).put(buffers.offset(mine) + offset, from, from.position(), bytes);
        ring.slotWord(at, NetmapSlotDescriptor.word(mine, bytes, changed(at)));
        slotOffset(at, offset);
        return at + 1 == numSlots ? 0 : at + 1;
    }

    private int copySegments(final Packet packet, final int bytes, final int slots) {
        int at = head;
        int done = 0;
        int segment = 0;
        int inSegment = 0;
        ByteBuffer from = segmentOf(packet, 0);
        for (int i = 0; i < slots; i++) {
            final int mine = ownBuffer(at);
            final int offset = slotOffset(at);
            final int part = Math.min(bufSize - offset, bytes - done);
            int filled = 0;
            while (filled < part) {
                if (inSegment == from.remaining()) {
                    from = segmentOf(packet, ++segment);
                    inSegment = 0;
                }
                final int chunk = Math.min(part - filled, from.remaining() - inSegment);
                buffers.block(mine)
                        .put(buffers.offset(mine) + offset + filled, from, from.position() + inSegment, chunk);
                filled += chunk;
                inSegment += chunk;
            }
            done += part;
            ring.slotWord(
                    at,
                    NetmapSlotDescriptor.word(
                            mine, part, changed(at) | (i < slots - 1 ? NetmapSlotDescriptor.NS_MOREFRAG : 0)));
            slotOffset(at, offset);
            at = RingMath.next(at, numSlots);
        }
        return at;
    }

    private int slotsFor(final int bytes) {
        if (offsetMask == 0) { // a division costs more than the rest
            return bytes <= bufSize ? 1 : (bytes + bufSize - 1) / bufSize;
        }
        int slots = 0;
        int at = head;
        for (int room = 0; room < bytes && slots < numSlots; slots++) {
            room += bufSize - slotOffset(at);
            at = RingMath.next(at, numSlots);
        }
        return slots;
    }

    private static ByteBuffer segmentOf(final Packet packet, final int segment) {
        return packet.segments() == 1 ? packet.buffer() : packet.segment(segment);
    }

    /** The buffer in a slot of ours; never followed unless it is one. */
    private int ownBuffer(final int slot) {
        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
        if (!buffers.isValid(bufIdx)) {
            throw new RingStateException("slot " + slot + " of TX ring " + ring.ringId() + " of "
                    + group.port().name() + " has buf_idx " + Integer.toUnsignedString(bufIdx) + " (valid: 2.."
                    + (buffers.total() - 1) + "); does another process write to this ring?");
        }
        return bufIdx;
    }

    /** The mark that a zero-copy monitor exchanged this free slot's buffer: the driver has to hear of it. */
    private int changed(final int slot) {
        return NetmapSlotDescriptor.flags(ring.slotWord(slot)) & NetmapSlotDescriptor.NS_BUF_CHANGED;
    }

    // --- claim

    /** Reserves the next slot; null if there is no room. */
    @Nullable
    TxClaim claim(final int bytes) {
        final int offset = slotOffset(head);
        if (bytes < 1 || bytes > bufSize - offset) {
            throw new IllegalArgumentException("length is " + bytes + ": expected 1.." + (bufSize - offset));
        }
        if (group.forwards(this)) {
            throw new IllegalStateException("netmap itself puts the host's packets into this ring, and would take the"
                    + " claimed slot: on a port that forwards use send(...), or open it without forward(true)");
        }
        if (claimed) {
            throw new IllegalStateException("the last claim on this ring is neither committed nor aborted");
        }
        checkOpen();
        if (space() == 0) {
            return null;
        }
        final int mine = ownBuffer(head);
        claimed = true;
        return new TxClaim(this, buffers.block(mine).slice(buffers.offset(mine) + offset, bytes), mine);
    }

    void commit(final int bufIdx, final int bytes) {
        claimed = false;
        checkOpen();
        ring.slotWord(head, NetmapSlotDescriptor.word(bufIdx, bytes, changed(head)));
        slotOffset(head, slotOffset(head));
        head = RingMath.next(head, numSlots);
        counters.copied++;
        counters.bytes += bytes;
        group.filled(0);
        group.flushFull(TxOptions.defaults().batch());
    }

    void abort() {
        claimed = false;
    }

    /** The slots of a closed port may be another's. */
    private void checkOpen() {
        if (group.isRevoking()) {
            throw new PortClosedException(group.port().name());
        }
    }

    void publish() {
        counters.publish(space());
    }
}
