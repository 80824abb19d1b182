package org.reactornetmap.operators.filter.bpf;

import java.nio.ByteBuffer;
import org.reactornetmap.packet.Packet;

/**
 * How to read one kind of frame, so that what looks at frames is written once. Without state: reading makes no garbage.
 * Offsets count from the first byte of the buffer, array or packet, and must be inside it.
 */
interface FrameReader<F> {
    /** Frames in buffers, whose limit must not be before the frame's end. */
    FrameReader<ByteBuffer> BUFFER = new FrameReader<>() {
        @Override
        public int u8(final ByteBuffer frame, final int offset) {
            return FrameAccess.u8(frame, offset);
        }

        @Override
        public int u16(final ByteBuffer frame, final int offset) {
            return FrameAccess.u16(frame, offset);
        }

        @Override
        public int u32(final ByteBuffer frame, final int offset) {
            return FrameAccess.u32(frame, offset);
        }

        @Override
        public int run(
                final BpfMatcher matcher,
                final ByteBuffer frame,
                final int start,
                final int captured,
                final int wireLength) {
            return matcher.run(frame, start, captured, wireLength);
        }
    };

    /** Frames in arrays. */
    FrameReader<byte[]> ARRAY = new FrameReader<>() {
        @Override
        public int u8(final byte[] frame, final int offset) {
            return FrameAccess.u8(frame, offset);
        }

        @Override
        public int u16(final byte[] frame, final int offset) {
            return FrameAccess.u16(frame, offset);
        }

        @Override
        public int u32(final byte[] frame, final int offset) {
            return FrameAccess.u32(frame, offset);
        }

        @Override
        public int run(
                final BpfMatcher matcher,
                final byte[] frame,
                final int start,
                final int captured,
                final int wireLength) {
            return matcher.run(frame, start, captured, wireLength);
        }
    };

    /** Packets, of one slot or several, which begin at 0. */
    FrameReader<Packet> PACKET = new FrameReader<>() {
        @Override
        public int u8(final Packet frame, final int offset) {
            return FrameAccess.u8(frame, offset);
        }

        @Override
        public int u16(final Packet frame, final int offset) {
            return FrameAccess.u16(frame, offset);
        }

        @Override
        public int u32(final Packet frame, final int offset) {
            return FrameAccess.u32(frame, offset);
        }

        @Override
        public int run(
                final BpfMatcher matcher,
                final Packet frame,
                final int start,
                final int captured,
                final int wireLength) {
            return matcher.run(frame);
        }
    };

    /** One byte, 0-extended. */
    int u8(F frame, int offset);

    /** Two bytes, big-endian, 0-extended. */
    int u16(F frame, int offset);

    /** Four bytes, big-endian. */
    int u32(F frame, int offset);

    /** Runs a program on the frame. */
    int run(BpfMatcher matcher, F frame, int start, int captured, int wireLength);
}
