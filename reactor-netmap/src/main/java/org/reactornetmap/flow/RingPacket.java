package org.reactornetmap.flow;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.Direction;
import org.reactornetmap.packet.LeakLevel;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketTrace;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/**
 * The view of a packet in a ring's buffers. The loop alone judges who owns it: off the loop, retain and release are
 * messages.
 */
final class RingPacket extends Packet {
    private final RingReceiver receiver;
    private final NetmapLoop loop;
    private final PacketRef ref;
    private final Retain retain = new Retain(this);
    private long timestampNanos;
    private int slotFlags; // of the first slot

    // Loop only; 0 when the packet is back.
    private int owners;

    // Set by the first retain(), before the packet can be shared: then no single owner may end or give away the view.
    private boolean shared;

    // Set by a retain() off the loop, before the packet can come back to the loop: its message may be on the way still,
    // and a release on the loop must stay behind it.
    private boolean retainedElsewhere;

    // A send took the packet and copied it: it is not forwarded.
    private boolean sent;

    // Indexes that a transmitter gives in exchange for the packet's buffers, with the release; 0 if it gives none.
    private int exchanged;
    private int @Nullable [] moreExchanged;

    RingPacket(final RingReceiver receiver, final int view) {
        this.receiver = receiver;
        this.loop = receiver.loop();
        this.ref = new PacketRef(this, receiver, view);
    }

    /** Loop only: makes this the view of a packet of one slot. */
    void emit(
            final Buffers buffers,
            final int slot,
            final int bufIdx,
            final int offset,
            final int bytes,
            final int flags,
            final long timestamp) {
        start(flags, timestamp);
        ref.goOut(slot, bufIdx);
        open(buffers.block(bufIdx), buffers.offset(bufIdx) + offset, bytes, bytes);
    }

    /** Loop only: makes this the view of a packet of several slots, whose words are given. */
    void emit(
            final int slot,
            final long[] words,
            final int count,
            final int bytes,
            final int flags,
            final long timestamp) {
        final Buffers buffers = receiver.buffers();
        final int first = NetmapSlotDescriptor.bufIdx(words[0]);
        start(flags, timestamp);
        ref.goOut(slot, first);
        ref.moreWords(words, count);
        int[] rest = moreExchanged;
        if (rest == null || rest.length < count - 1) {
            rest = new int[count - 1];
            moreExchanged = rest;
        }
        Arrays.fill(rest, 0);
        open(
                buffers.block(first),
                buffers.offset(first) + RingReceiver.offset(words[0]),
                NetmapSlotDescriptor.len(words[0]),
                bytes);
    }

    private void start(final int flags, final long timestamp) {
        slotFlags = flags;
        timestampNanos = timestamp;
        owners = 1;
        shared = false;
        retainedElsewhere = false;
        sent = false;
        exchanged = 0;
    }

    RingReceiver receiver() {
        return receiver;
    }

    PacketRef ref() {
        return ref;
    }

    /** Loop only. */
    boolean isOut() {
        return owners > 0;
    }

    /** Loop only: reads throw from now on, releases do nothing. */
    void end() {
        owners = 0;
        revoke();
    }

    /** Whether the caller, an owner, is the only one there can be. */
    boolean isSole() {
        return !shared;
    }

    /** The owner's transmitter took the buffers and gives these in exchange; then it releases the packet. */
    void exchange(final int bufIdx) {
        exchanged = bufIdx;
    }

    /** As {@link #exchange(int)}, for a packet of several segments. */
    void exchange(final int segment, final int bufIdx) {
        if (segment == 0) {
            exchanged = bufIdx;
        } else if (moreExchanged != null) {
            moreExchanged[segment - 1] = bufIdx;
        }
    }

    /** The owner's transmitter copied the packet; then it releases it. Who retained it keeps it. */
    void copied() {
        sent = !shared;
    }

    boolean isSent() {
        return sent;
    }

    int exchanged() {
        return exchanged;
    }

    int exchanged(final int segment) {
        if (segment == 0) {
            return exchanged;
        }
        final int[] rest = moreExchanged;
        return rest == null ? 0 : rest[segment - 1];
    }

    @Override
    public long timestampNanos() {
        return timestampNanos;
    }

    @Override
    public Direction direction() {
        return (slotFlags & NetmapSlotDescriptor.NS_TXMON) == 0 && !receiver.isHosts()
                ? Direction.INBOUND
                : Direction.OUTBOUND;
    }

    @Override
    public int ring() {
        return receiver.ringId();
    }

    @Override
    public String port() {
        return receiver.group().port().name();
    }

    @Override
    public boolean isWritable() {
        return !shared;
    }

    @Override
    public Packet retain() {
        length(); // throws if released
        if (loop.inLoop()) {
            retainOnLoop();
        } else {
            shared = true;
            retainedElsewhere = true;
            loop.post(retain);
        }
        if (receiver.leakLevel().compareTo(LeakLevel.ADVANCED) >= 0) {
            trace("retain");
        }
        return this;
    }

    private void retainOnLoop() {
        shared = true;
        owners++;
        receiver.retained(this);
    }

    void retainFromMessage() {
        if (owners > 0) {
            retainOnLoop();
        }
    }

    @Override
    public void release() {
        if (loop.inLoop() && !retainedElsewhere) {
            releaseOnLoop();
        } else if (isReleased()) {
            receiver.countIgnoredRelease();
        } else {
            if (!shared) {
                revoke(); // the only owner: later reads by the same owner must throw at once, not when the loop hears
            }
            loop.post(this);
        }
    }

    private void releaseOnLoop() {
        if (owners <= 0) {
            receiver.countIgnoredRelease();
        } else if (--owners == 0) {
            revoke();
            receiver.takeBack(this);
        }
    }

    void releaseFromMessage() {
        receiver.releasedElsewhere();
        releaseOnLoop();
    }

    @Override
    public Packet touch(final Object hint) {
        final LeakLevel level = receiver.leakLevel();
        if (level != LeakLevel.DISABLED) {
            ref.touched(hint);
            if (level.compareTo(LeakLevel.ADVANCED) >= 0) {
                trace(hint);
            }
        }
        return this;
    }

    /** Adds the current stack, if this packet is one of those traced. */
    void trace(final Object what) {
        final PacketTrace trace = ref.trace();
        if (trace != null) {
            trace.record(what);
        }
    }

    @Override
    protected @Nullable Object lastTouch() {
        return ref.touched();
    }

    @Override
    protected ByteBuffer cachedBuffer(final int bytes) {
        if (receiver.hasOffsets()) { // what is cached is the buffer from its start
            return segment(0);
        }
        return receiver.group().cachedBuffer(ref.bufIdx(0)).clear().limit(bytes);
    }

    @Override
    public int segments() {
        return ref.count();
    }

    @Override
    protected ByteBuffer segmentMemory(final int index) {
        return index == 0 ? super.segmentMemory(0) : receiver.buffers().block(ref.bufIdx(index));
    }

    @Override
    protected int segmentBase(final int index) {
        return index == 0
                ? super.segmentBase(0)
                : receiver.buffers().offset(ref.bufIdx(index)) + RingReceiver.offset(ref.slotWord(index));
    }

    /** How far inside its buffer a segment begins. */
    int offsetInBuffer(final int index) {
        return segmentBase(index) - receiver.buffers().offset(ref.bufIdx(index));
    }

    @Override
    protected int segmentLength(final int index) {
        return index == 0 ? super.segmentLength(0) : NetmapSlotDescriptor.len(ref.slotWord(index));
    }

    /** The message "one owner more", made once for each view. */
    static final class Retain {
        private final RingPacket packet;

        Retain(final RingPacket packet) {
            this.packet = packet;
        }

        RingPacket packet() {
            return packet;
        }
    }
}
