package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;

/**
 * One frame in every place where an engine may find it: arrays and buffers of each kind, with other bytes before and behind
 * it, and packets of one slot and of several.
 */
final class EveryForm {
    private static final int MARGIN = 5;
    private static final byte OTHER = (byte) 0xA5;

    private final byte[] array;
    private final List<ByteBuffer> buffers;
    private final int[] starts;
    private final PacketPool heap;
    private final PacketPool direct;
    private int length;

    /** Room for frames of so many bytes. */
    EveryForm(final int most) {
        array = new byte[MARGIN + most + MARGIN];
        final ByteBuffer sliced = ByteBuffer.allocate(array.length + MARGIN).position(MARGIN);
        final ByteBuffer low = ByteBuffer.allocateDirect(array.length).order(ByteOrder.LITTLE_ENDIAN);
        buffers = List.of(
                ByteBuffer.allocate(array.length),
                ByteBuffer.allocate(array.length).order(ByteOrder.LITTLE_ENDIAN),
                sliced.slice(),
                ByteBuffer.allocateDirect(array.length),
                low,
                ByteBuffer.allocate(most));
        starts = new int[] {0, MARGIN, 1, 0, MARGIN, 0};
        heap = PacketPool.heap(1, Math.max(1, most));
        direct = PacketPool.direct(1, Math.max(1, most));
    }

    /** Puts the first bytes of a frame everywhere. */
    void set(final byte[] frame, final int bytes) {
        length = bytes;
        Arrays.fill(array, 0, MARGIN + bytes + MARGIN, OTHER);
        System.arraycopy(frame, 0, array, MARGIN, bytes);
        for (int i = 0; i < starts.length; i++) {
            final ByteBuffer buffer = buffers.get(i).clear();
            buffer.put(starts[i], frame, 0, bytes);
            for (int at = starts[i] + bytes; at < Math.min(buffer.capacity(), starts[i] + bytes + MARGIN); at++) {
                buffer.put(at, OTHER);
            }
        }
    }

    /** Runs the engine on all of them. */
    void assertVerdict(final String of, final BpfMatcher matcher, final int wireLength, final int verdict) {
        check(of, "array", verdict, matcher.run(array, MARGIN, length, wireLength));
        for (int i = 0; i < starts.length; i++) {
            final ByteBuffer buffer = buffers.get(i);
            // Neither position nor limit are where the frame is.
            final int limit = i % 2 == 0 ? buffer.capacity() : Math.min(starts[i] + length / 2, buffer.capacity());
            buffer.limit(limit).position(limit / 2);
            check(of, "buffer " + i, verdict, matcher.run(buffer, starts[i], length, wireLength));
            final ByteBuffer readOnly = buffer.asReadOnlyBuffer();
            check(of, "read-only buffer " + i, verdict, matcher.run(readOnly, starts[i], length, wireLength));
            assertThat(readOnly).as("position and limit stay").isEqualTo(buffer);
        }
        check(of, "heap packet", verdict, heap, matcher, wireLength);
        check(of, "direct packet", verdict, direct, matcher, wireLength);
        for (final int slot : new int[] {1, 3, 14, Math.max(1, length - 1)}) {
            final Packet slots = new SlotsPacket(array, MARGIN, length, slot, wireLength);
            check(of, "packet of slots of " + slot, verdict, matcher.run(slots));
        }
    }

    private void check(
            final String of,
            final String form,
            final int verdict,
            final PacketPool pool,
            final BpfMatcher matcher,
            final int wireLength) {
        if (wireLength != length) {
            return; // a pool's packets are whole
        }
        final Packet packet = pool.acquire(length);
        for (int i = 0; i < length; i++) {
            packet.set8(i, array[MARGIN + i]);
        }
        check(of, form, verdict, matcher.run(packet));
        packet.release();
    }

    private void check(final String of, final String form, final int verdict, final int actual) {
        if (actual != verdict) {
            assertThat(actual)
                    .as("%s: verdict on %s, a frame of %s bytes", of, form, length)
                    .isEqualTo(verdict);
        }
    }

    /** A packet of slots of equal size, the last one shorter. */
    private static final class SlotsPacket extends Packet {
        private final ByteBuffer memory;
        private final int start;
        private final int slot;
        private final int bytes;
        private final int wireLength;

        SlotsPacket(final byte[] array, final int start, final int bytes, final int slot, final int wireLength) {
            this.memory = ByteBuffer.wrap(array);
            this.start = start;
            this.slot = slot;
            this.bytes = bytes;
            this.wireLength = wireLength;
            open(memory, start, Math.min(slot, bytes), bytes);
        }

        @Override
        public int segments() {
            return Math.max(1, (bytes + slot - 1) / slot);
        }

        @Override
        protected int segmentBase(final int index) {
            return start + index * slot;
        }

        @Override
        protected int segmentLength(final int index) {
            return Math.min(slot, bytes - index * slot);
        }

        @Override
        public int wireLength() {
            return wireLength;
        }

        @Override
        protected ByteBuffer cachedBuffer(final int limit) {
            return memory.slice(start, limit).asReadOnlyBuffer();
        }

        @Override
        public long timestampNanos() {
            return 0;
        }

        @Override
        public int ring() {
            return -1;
        }

        @Override
        public String port() {
            return "";
        }

        @Override
        public boolean isWritable() {
            return false;
        }

        @Override
        public Packet retain() {
            throw new UnsupportedOperationException("only read");
        }

        @Override
        public void release() {
            throw new UnsupportedOperationException("only read");
        }

        @Override
        public Packet touch(final Object hint) {
            return this;
        }
    }
}
