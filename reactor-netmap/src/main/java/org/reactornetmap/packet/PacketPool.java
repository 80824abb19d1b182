package org.reactornetmap.packet;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of packets that live outside rings: for frames that a program makes. Any thread; never blocks. A
 * released packet goes back to the pool it came from.
 */
public final class PacketPool {
    private final MessagePassingQueue<PooledPacket> free;
    private final int capacity;
    private final int bufferBytes;

    private PacketPool(final int capacity, final int bufferBytes, final boolean direct) {
        if (capacity < 1 || capacity > (1 << 24)) {
            throw new IllegalArgumentException("capacity is " + capacity + ": expected 1..16777216");
        }
        if (bufferBytes < 1 || bufferBytes > (1 << 16)) {
            throw new IllegalArgumentException("bufferBytes is " + bufferBytes + ": expected 1..65536");
        }
        this.capacity = capacity;
        this.bufferBytes = bufferBytes;
        this.free = new MpmcVarHandleArrayQueue<>(Math.max(2, capacity));
        for (int i = 0; i < capacity; i++) {
            final ByteBuffer memory =
                    direct ? ByteBuffer.allocateDirect(bufferBytes) : ByteBuffer.allocate(bufferBytes);
            free.offer(new PooledPacket(this, memory));
        }
    }

    /**
     * A pool in heap memory.
     *
     * @param capacity number of packets, 1..2^24
     * @param bufferBytes largest packet in bytes, 1..65536
     * @return the pool, all packets allocated
     */
    public static PacketPool heap(final int capacity, final int bufferBytes) {
        return new PacketPool(capacity, bufferBytes, false);
    }

    /**
     * A pool in direct memory.
     *
     * @param capacity number of packets, 1..2^24
     * @param bufferBytes largest packet in bytes, 1..65536
     * @return the pool, all packets allocated
     */
    public static PacketPool direct(final int capacity, final int bufferBytes) {
        return new PacketPool(capacity, bufferBytes, true);
    }

    /**
     * A packet over a frame that no pool owns. The packet does not copy: the buffer's bytes must stay as they are until
     * the last release.
     *
     * @param frame its bytes from position to limit become the packet; position and limit are not changed
     * @return a packet with one owner; the caller must release it
     */
    public static Packet wrap(final ByteBuffer frame) {
        return new PooledPacket(null, frame.slice()).acquired(frame.remaining());
    }

    /**
     * A packet over a captured frame, as {@link #wrap(ByteBuffer)}.
     *
     * @param frame its bytes from position to limit become the packet; position and limit are not changed
     * @param linkType what it begins with
     * @param wireLength bytes that it had on the wire, 0 or more
     * @return a packet with one owner; the caller must release it
     * @throws IllegalArgumentException if {@code wireLength} is negative
     */
    public static Packet wrap(final ByteBuffer frame, final LinkType linkType, final int wireLength) {
        if (wireLength < 0) {
            throw new IllegalArgumentException("wireLength is " + wireLength + ": expected 0 or more");
        }
        return new PooledPacket(
                        null,
                        frame.slice(),
                        Objects.requireNonNull(linkType, "linkType"),
                        wireLength - frame.remaining())
                .acquired(frame.remaining());
    }

    /**
     * Takes a packet whose bytes are undefined until written.
     *
     * @param length bytes, 0..{@link #bufferBytes()}
     * @return a writable packet with one owner, which the caller must release; null if the pool is empty
     * @throws IllegalArgumentException if the length doesn't fit
     */
    public @Nullable Packet tryAcquire(final int length) {
        if (length < 0 || length > bufferBytes) {
            throw new IllegalArgumentException("length is " + length + ": expected 0.." + bufferBytes);
        }
        final PooledPacket packet = free.poll();
        return packet == null ? null : packet.acquired(length);
    }

    /**
     * As {@link #tryAcquire(int)}, for callers that can't go on without one.
     *
     * @param length bytes, 0..{@link #bufferBytes()}
     * @return a writable packet with one owner, which the caller must release
     * @throws IllegalStateException if the pool is empty
     */
    public Packet acquire(final int length) {
        final Packet packet = tryAcquire(length);
        if (packet == null) {
            throw new IllegalStateException("all " + capacity
                    + " packets of the pool are in use: release some, make the pool larger, or use tryAcquire");
        }
        return packet;
    }

    /**
     * Number of packets, in use or not.
     *
     * @return 1..2^24
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Packets that can be taken now.
     *
     * @return 0..capacity; an estimate while other threads work
     */
    public int available() {
        return Math.min(capacity, free.size());
    }

    /**
     * Largest packet.
     *
     * @return bytes
     */
    public int bufferBytes() {
        return bufferBytes;
    }

    void giveBack(final PooledPacket packet) {
        free.offer(packet); // never refused: it holds capacity packets and each comes back once
    }
}
