package org.reactornetmap.operators.filter.bpf;

import java.nio.ByteBuffer;
import org.reactornetmap.packet.Packet;

/**
 * A program, ready to run on frames. A read past the captured bytes, or a division by zero, is the verdict 0 at once. Any
 * thread; keeps nothing of a frame, and never throws for what is in one.
 */
public interface BpfMatcher {
    /**
     * Runs on a frame in a buffer, whose position, limit and byte order don't matter and stay.
     *
     * @param frame the buffer
     * @param start offset of the first byte
     * @param captured bytes that are there, from {@code start} on
     * @param wireLength bytes that the frame had on the wire, at least {@code captured}
     * @return what the program returned: 0 is no match, anything else the number of bytes to keep, u32
     * @throws IndexOutOfBoundsException if the range is not inside the buffer's capacity
     */
    int run(ByteBuffer frame, int start, int captured, int wireLength);

    /**
     * Runs on a frame in an array.
     *
     * @param frame the array
     * @param start offset of the first byte
     * @param captured bytes that are there, from {@code start} on
     * @param wireLength bytes that the frame had on the wire, at least {@code captured}
     * @return as {@link #run(ByteBuffer, int, int, int)}
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    int run(byte[] frame, int start, int captured, int wireLength);

    /**
     * Runs on a packet, of one slot or several.
     *
     * @param packet not released
     * @return as {@link #run(ByteBuffer, int, int, int)}
     */
    int run(Packet packet);
}
