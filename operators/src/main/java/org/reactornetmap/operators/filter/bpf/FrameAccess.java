package org.reactornetmap.operators.filter.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.Objects;
import org.reactornetmap.packet.Packet;

/** How compiled programs check a frame's place and read big-endian values. Their code names these methods. */
final class FrameAccess {
    private static final VarHandle CHARS = MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BUFFER_CHARS =
            MethodHandles.byteBufferViewVarHandle(char[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BUFFER_INTS =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private FrameAccess() {}

    /** The array, if the frame is inside. */
    static byte[] whole(final byte[] frame, final int start, final int captured) {
        Objects.checkFromIndexSize(start, captured, frame.length);
        return frame;
    }

    /** A buffer whose limit, which views keep to, is behind the frame. */
    static ByteBuffer whole(final ByteBuffer frame, final int start, final int captured) {
        return (start | captured) >= 0 && captured <= frame.limit() - start
                ? frame
                : withoutLimit(frame, start, captured);
    }

    private static ByteBuffer withoutLimit(final ByteBuffer frame, final int start, final int captured) {
        Objects.checkFromIndexSize(start, captured, frame.capacity());
        return frame.duplicate().clear();
    }

    static int u8(final byte[] frame, final int at) {
        return frame[at] & 0xFF;
    }

    static int u16(final byte[] frame, final int at) {
        return (char) CHARS.get(frame, at);
    }

    static int u32(final byte[] frame, final int at) {
        return (int) INTS.get(frame, at);
    }

    /** Whether a frame is in direct, big-endian memory, begins below 2^30, and is inside the limit. */
    static boolean isDirect(final ByteBuffer frame, final int start, final int captured) {
        return frame instanceof MappedByteBuffer
                && frame.order() == ByteOrder.BIG_ENDIAN
                && (start | (start << 1) | captured) >= 0
                && captured <= frame.limit() - start;
    }

    // The JDK's direct buffers are mapped ones. One class has all their getters, so HotSpot need not ask for the class,
    // and it
    // knows that they don't read from the heap; a view of a buffer of any kind costs more.

    static int u8(final MappedByteBuffer frame, final int at) {
        return frame.get(at) & 0xFF;
    }

    static int u16(final MappedByteBuffer frame, final int at) {
        return frame.getChar(at);
    }

    static int u32(final MappedByteBuffer frame, final int at) {
        return frame.getInt(at);
    }

    static int u8(final ByteBuffer frame, final int at) {
        return frame.get(at) & 0xFF;
    }

    static int u16(final ByteBuffer frame, final int at) {
        return (char) BUFFER_CHARS.get(frame, at);
    }

    static int u32(final ByteBuffer frame, final int at) {
        return (int) BUFFER_INTS.get(frame, at);
    }

    static int u8(final Packet packet, final int at) {
        return packet.u8(at);
    }

    static int u16(final Packet packet, final int at) {
        return packet.u16(at);
    }

    static int u32(final Packet packet, final int at) {
        return (int) packet.u32(at);
    }
}
