package org.reactornetmap.operators;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One packet of a capture file. The record and its buffer belong to whoever received them; nothing has to be released.
 * The buffer carries a position like any other: who reads it relatively from two places takes a duplicate.
 *
 * @param timestampNanos capture time, nanoseconds since 1970-01-01T00:00Z; 0 or more
 * @param wireLength bytes the packet had on the wire, 0 or more; what the file says, so more than {@code data} where
 *     the capture cut the packet, and less where the file is wrong
 * @param data the captured bytes from the link header on: heap, big-endian, position 0, limit their number
 */
public record PcapRecord(long timestampNanos, int wireLength, ByteBuffer data) {

    /**
     * Checks the numbers.
     *
     * @param timestampNanos nanoseconds since 1970-01-01T00:00Z
     * @param wireLength bytes
     * @param data kept, not copied
     * @throws IllegalArgumentException if {@code timestampNanos} or {@code wireLength} is negative
     */
    public PcapRecord {
        if (timestampNanos < 0) {
            throw new IllegalArgumentException("timestampNanos must be 0 or more, was " + timestampNanos);
        }
        if (wireLength < 0) {
            throw new IllegalArgumentException("wireLength must be 0 or more, was " + wireLength);
        }
        Objects.requireNonNull(data, "data");
    }
}
