package org.reactornetmap.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A pooled view of one frame: one slot of a ring, several, or a buffer of a {@link PacketPool}. Nothing is copied; the
 * bytes are those in the ring's buffer.
 *
 * <p><b>Ownership.</b> Who receives a packet in {@code onNext} owns it and must {@link #release()} it once, or pass it
 * to something that does. {@link #retain()} adds one owner. The first release of an owner counts, further ones are
 * ignored and counted. After the last release every read throws {@link PacketReleasedException}, for as long as the view
 * has not been handed out again for another frame.
 *
 * <p><b>Threads.</b> One thread uses a packet at a time; {@link #retain()} and {@link #release()} may be called from any
 * thread that owns it, without blocking.
 *
 * <p>Multi-byte values are big-endian (network order) and may straddle slots. Only this library extends this class.
 */
public abstract class Packet {
    private static final VarHandle SHORT = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final int RELEASED = -1;

    // The first segment is kept here so that access to a one-slot packet, the usual one, is a bounds check and a load.
    // Both lengths are RELEASED after the last release: the same check then refuses every access.
    private ByteBuffer memory = NOTHING;
    private int base;
    private int firstLength = RELEASED;
    private int length = RELEASED;

    /** For this library only. */
    protected Packet() {}

    /**
     * Points the view at a frame.
     *
     * @param block memory of the first segment
     * @param offset where the frame begins in it
     * @param first bytes in the first segment
     * @param total bytes in the frame
     */
    @SuppressWarnings("ReferenceEquality") // the same block, not the same content
    protected final void open(final ByteBuffer block, final int offset, final int first, final int total) {
        if (memory != block) { // a store costs a GC barrier, and most regions have one block
            memory = block;
        }
        base = offset;
        firstLength = first;
        length = total;
    }

    /** Ends the view: every later read throws. */
    protected final void revoke() {
        firstLength = RELEASED;
        length = RELEASED;
    }

    /**
     * Whether the view was released or revoked.
     *
     * @return true if reads throw
     */
    public final boolean isReleased() {
        return length < 0;
    }

    /**
     * Captured length.
     *
     * @return bytes, over all segments
     * @throws PacketReleasedException after the last release
     */
    public final int length() {
        final int bytes = length;
        if (bytes < 0) {
            throw released();
        }
        return bytes;
    }

    /**
     * Length of the frame on the wire; equals {@link #length()} unless a capture cut it.
     *
     * @return bytes
     * @throws PacketReleasedException after the last release
     */
    public int wireLength() {
        return length();
    }

    /**
     * What the first byte is the start of.
     *
     * @return {@link LinkType#ETHERNET} for rings
     */
    public LinkType linkType() {
        return LinkType.ETHERNET;
    }

    /**
     * When the frame was received. Rings stamp a whole burst at once, in microseconds.
     *
     * @return nanoseconds since 1970, 0 if not known
     */
    public abstract long timestampNanos();

    /**
     * Which way the frame went through the port. Only a tap sees what its port sent; what any other port's stream emits
     * was received.
     *
     * @return the direction as seen by the port that was received from, or that is tapped
     */
    public Direction direction() {
        return Direction.INBOUND;
    }

    /**
     * Number of the RX ring it came from.
     *
     * @return 0-based, -1 if it did not come from a ring
     */
    public abstract int ring();

    /**
     * Name of the port it came from.
     *
     * @return netmap's name, such as {@code x}1}, or the empty string if it did not come from a port
     */
    public abstract String port();

    /**
     * Reads one byte.
     *
     * @param offset 0..length-1
     * @return 0..255
     * @throws IndexOutOfBoundsException if the byte is not inside the packet
     * @throws PacketReleasedException after the last release
     */
    public final int u8(final int offset) {
        if (offset >= 0 && offset < firstLength) {
            return memory.get(base + offset) & 0xFF;
        }
        checkRange(offset, 1);
        return segmentByte(offset);
    }

    /**
     * Reads two bytes.
     *
     * @param offset 0..length-2
     * @return 0..65535
     * @throws IndexOutOfBoundsException if the bytes are not inside the packet
     * @throws PacketReleasedException after the last release
     */
    public final int u16(final int offset) {
        if (offset >= 0 && offset <= firstLength - 2) {
            return (short) SHORT.get(memory, base + offset) & 0xFFFF;
        }
        checkRange(offset, 2);
        return segmentByte(offset) << 8 | segmentByte(offset + 1);
    }

    /**
     * Reads four bytes.
     *
     * @param offset 0..length-4
     * @return 0..2^32-1
     * @throws IndexOutOfBoundsException if the bytes are not inside the packet
     * @throws PacketReleasedException after the last release
     */
    public final long u32(final int offset) {
        if (offset >= 0 && offset <= firstLength - 4) {
            return (int) INT.get(memory, base + offset) & 0xFFFFFFFFL;
        }
        checkRange(offset, 4);
        return segmentBytes(offset, 4);
    }

    /**
     * Reads eight bytes.
     *
     * @param offset 0..length-8
     * @return the value as a signed 64-bit number
     * @throws IndexOutOfBoundsException if the bytes are not inside the packet
     * @throws PacketReleasedException after the last release
     */
    public final long i64(final int offset) {
        if (offset >= 0 && offset <= firstLength - 8) {
            return (long) LONG.get(memory, base + offset);
        }
        checkRange(offset, 8);
        return segmentBytes(offset, 8);
    }

    /**
     * Whether {@link #set8(int, int)} and its siblings are allowed.
     *
     * @return true for the only owner of a packet whose memory is writable
     */
    public abstract boolean isWritable();

    /**
     * Writes one byte.
     *
     * @param offset 0..length-1
     * @param value its low 8 bits are written
     * @throws IndexOutOfBoundsException if the byte is not inside the packet
     * @throws IllegalStateException if the packet is not writable
     * @throws PacketReleasedException after the last release
     */
    public final void set8(final int offset, final int value) {
        checkWrite(offset, 1);
        if (offset < firstLength) {
            memory.put(base + offset, (byte) value);
        } else {
            segmentByte(offset, value);
        }
    }

    /**
     * Writes two bytes.
     *
     * @param offset 0..length-2
     * @param value its low 16 bits are written
     * @throws IndexOutOfBoundsException if the bytes are not inside the packet
     * @throws IllegalStateException if the packet is not writable
     * @throws PacketReleasedException after the last release
     */
    public final void set16(final int offset, final int value) {
        checkWrite(offset, 2);
        if (offset <= firstLength - 2) {
            SHORT.set(memory, base + offset, (short) value);
        } else {
            segmentByte(offset, value >>> 8);
            segmentByte(offset + 1, value);
        }
    }

    /**
     * Writes four bytes.
     *
     * @param offset 0..length-4
     * @param value its low 32 bits are written
     * @throws IndexOutOfBoundsException if the bytes are not inside the packet
     * @throws IllegalStateException if the packet is not writable
     * @throws PacketReleasedException after the last release
     */
    public final void set32(final int offset, final long value) {
        checkWrite(offset, 4);
        if (offset <= firstLength - 4) {
            INT.set(memory, base + offset, (int) value);
        } else {
            for (int i = 0; i < 4; i++) {
                segmentByte(offset + i, (int) (value >>> (24 - 8 * i)));
            }
        }
    }

    /**
     * Number of segments (ring slots).
     *
     * @return 1 or more
     */
    public int segments() {
        return 1;
    }

    /**
     * One segment's bytes.
     *
     * @param index 0..segments()-1
     * @return a new read-only view, position 0, big-endian; its content lives as long as the packet
     * @throws IndexOutOfBoundsException if there is no such segment
     * @throws PacketReleasedException after the last release
     */
    public final ByteBuffer segment(final int index) {
        length();
        if (index < 0 || index >= segments()) {
            throw new IndexOutOfBoundsException("segment " + index + " of " + segments());
        }
        return segmentMemory(index)
                .slice(segmentBase(index), segmentLength(index))
                .asReadOnlyBuffer();
    }

    /**
     * The bytes of a one-segment packet without a copy. The buffer is cached and its position, limit and order belong to
     * all users of this packet: read by absolute index, or {@code duplicate()} it. It stays memory-safe beyond the
     * packet's life, but its content may then change.
     *
     * @return read-only, position 0, limit {@link #length()}, big-endian
     * @throws IllegalStateException if the packet has several segments: use {@link #segment(int)} or
     *     {@link #bufferCopy()}
     * @throws PacketReleasedException after the last release
     */
    public final ByteBuffer buffer() {
        final int bytes = length();
        if (segments() != 1) {
            throw new IllegalStateException(
                    "the packet has " + segments() + " segments: use segment(i) or bufferCopy()");
        }
        return cachedBuffer(bytes);
    }

    /**
     * A copy of all bytes.
     *
     * @return a new heap buffer, position 0, limit {@link #length()}, big-endian
     * @throws PacketReleasedException after the last release
     */
    public final ByteBuffer bufferCopy() {
        return ByteBuffer.wrap(toBytes());
    }

    /**
     * A copy of all bytes.
     *
     * @return a new array of {@link #length()} bytes
     * @throws PacketReleasedException after the last release
     */
    public final byte[] toBytes() {
        final byte[] bytes = new byte[length()];
        copyTo(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /**
     * Copies all bytes.
     *
     * @param target where to; its position advances by {@link #length()}
     * @return bytes copied
     * @throws java.nio.BufferOverflowException if they don't fit; nothing is copied then
     * @throws PacketReleasedException after the last release
     */
    public final int copyTo(final ByteBuffer target) {
        final int bytes = length();
        if (target.remaining() < bytes) {
            throw new java.nio.BufferOverflowException();
        }
        final int count = segments();
        int at = target.position();
        for (int i = 0; i < count; i++) {
            final int part = segmentLength(i);
            target.put(at, segmentMemory(i), segmentBase(i), part);
            at += part;
        }
        target.position(at);
        return bytes;
    }

    /**
     * Adds one owner, who must release the packet too. Any thread that owns it; does not block.
     *
     * @return this
     * @throws PacketReleasedException after the last release
     */
    public abstract Packet retain();

    /** Gives up one ownership. Any thread; does not block, does not fail; a release too many is ignored and counted. */
    public abstract void release();

    /**
     * Remembers where the packet was last seen, for leak reports.
     *
     * @param hint anything whose {@code toString()} tells the place; kept until the packet is handed out again, so it
     *     must not refer to the packet
     * @return this
     */
    public abstract Packet touch(Object hint);

    /**
     * Cached read-only view of the first segment.
     *
     * @param bytes the limit it must have
     * @return the view, at position 0
     */
    protected abstract ByteBuffer cachedBuffer(int bytes);

    /**
     * Memory of a segment.
     *
     * @param index 0..segments()-1
     * @return the block that holds it
     */
    protected ByteBuffer segmentMemory(final int index) {
        return memory;
    }

    /**
     * Where a segment begins in its memory.
     *
     * @param index 0..segments()-1
     * @return offset in bytes
     */
    protected int segmentBase(final int index) {
        return base;
    }

    /**
     * Length of a segment.
     *
     * @param index 0..segments()-1
     * @return bytes
     */
    protected int segmentLength(final int index) {
        return firstLength;
    }

    /**
     * What a leak report or an exception says of the last touch.
     *
     * @return the hint, null if there is none
     */
    protected @Nullable Object lastTouch() {
        return null;
    }

    private void checkRange(final int offset, final int bytes) {
        final int limit = length();
        if (offset < 0 || offset > limit - bytes) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + " + " + bytes + " bytes is not inside a packet of " + limit + " bytes");
        }
    }

    private void checkWrite(final int offset, final int bytes) {
        checkRange(offset, bytes);
        if (!isWritable()) {
            throw new IllegalStateException(
                    "the packet is not writable: it is retained by another owner, or its memory is read-only");
        }
    }

    private long segmentBytes(final int offset, final int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | segmentByte(offset + i);
        }
        return value;
    }

    private int segmentByte(final int offset) {
        int segment = 0;
        int at = offset;
        while (at >= segmentLength(segment)) {
            at -= segmentLength(segment++);
        }
        return segmentMemory(segment).get(segmentBase(segment) + at) & 0xFF;
    }

    private void segmentByte(final int offset, final int value) {
        int segment = 0;
        int at = offset;
        while (at >= segmentLength(segment)) {
            at -= segmentLength(segment++);
        }
        segmentMemory(segment).put(segmentBase(segment) + at, (byte) value);
    }

    private PacketReleasedException released() {
        final Object hint = lastTouch();
        return new PacketReleasedException("the packet was released"
                + (hint == null ? "" : "; last touch: " + hint)
                + ": retain() it if it must outlive its release, and do not use it after passing it on");
    }

    @Override
    public String toString() {
        final int bytes = length;
        return bytes < 0 ? "Packet(released)" : "Packet(" + bytes + " bytes, port " + port() + ", ring " + ring() + ")";
    }
}
