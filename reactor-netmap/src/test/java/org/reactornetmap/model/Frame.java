package org.reactornetmap.model;

import java.nio.ByteBuffer;
import org.reactornetmap.ring.Buffers;

/**
 * Frames that follow from one number: 4 bits of it name the destination, 4 bits the source, the rest tells frames apart.
 */
final class Frame {
    /** All that is written of a frame. */
    static final int LENGTH = 64;

    /** Ethernet's header: VALE looks no further, and drops what is shorter. */
    static final int HEADER = 14;

    static final int MULTICAST = 14;
    static final int BROADCAST = 15;

    private static final long LOCAL_EXPERIMENT = 0x88B5;

    private Frame() {}

    static int number(final int destination, final int source, final int serial) {
        return destination | (source << 4) | (serial << 8);
    }

    static int destination(final int frame) {
        return frame & 15;
    }

    static int source(final int frame) {
        return (frame >> 4) & 15;
    }

    /** Whether a host is no host but a group of them. */
    static boolean isGroup(final int host) {
        return host == MULTICAST || host == BROADCAST;
    }

    static String toString(final int frame) {
        return "frame " + Integer.toHexString(frame) + " to " + destination(frame) + " from " + source(frame);
    }

    private static long address(final int host) {
        return switch (host) {
            case MULTICAST -> 0x01_00_5E_00_00_01L;
            case BROADCAST -> 0xFFFF_FFFF_FFFFL;
            default -> 0x02_00_00_00_00_00L + host;
        };
    }

    private static long word(final int frame, final int index) {
        return switch (index) {
            case 0 -> Long.reverseBytes((address(destination(frame)) << 16) | (address(source(frame)) >>> 32));
            case 1 -> Long.reverseBytes((address(source(frame)) << 32) | (LOCAL_EXPERIMENT << 16));
            default -> ((frame + 1L) * 0x9E37_79B9_7F4A_7C15L) ^ index;
        };
    }

    static void write(final Buffers buffers, final int buffer, final int frame) {
        final ByteBuffer block = buffers.block(buffer);
        final int offset = buffers.offset(buffer);
        for (int i = 0; i < LENGTH / Long.BYTES; i++) {
            block.putLong(offset + i * Long.BYTES, word(frame, i));
        }
    }

    /** Compares the first {@code length} bytes, as far as a frame was written. */
    static void check(final Buffers buffers, final int buffer, final int frame, final int length) {
        final ByteBuffer block = buffers.block(buffer);
        final int offset = buffers.offset(buffer);
        for (int at = 0; at < Math.min(length, LENGTH); at += Long.BYTES) {
            final int rest = Math.min(length, LENGTH) - at;
            final long mask = rest >= Long.BYTES ? -1 : (1L << (rest * 8)) - 1;
            final long found = block.getLong(offset + at);
            if (((found ^ word(frame, at / Long.BYTES)) & mask) != 0) {
                throw new AssertionError("buffer " + buffer + " should hold frame " + Integer.toHexString(frame)
                        + ", but differs in the eight bytes at " + at + ": " + Long.toHexString(found));
            }
        }
    }
}
