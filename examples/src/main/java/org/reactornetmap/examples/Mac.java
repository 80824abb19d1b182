package org.reactornetmap.examples;

import java.nio.ByteBuffer;
import org.reactornetmap.packet.Packet;

/** The locally administered MAC addresses of the demo's ports. */
enum Mac {
    GENERATOR(1),
    IN(2),
    OUT(3),
    SINK(4);

    /** Bytes of an address. */
    static final int BYTES = 6;

    /** Where the destination is in a frame. */
    static final int DESTINATION = 0;

    /** Where the source is in a frame. */
    static final int SOURCE = BYTES;

    private static final int FIRST = 0x0200;

    private final int last;

    Mac(int last) {
        this.last = last;
    }

    void write(ByteBuffer frame, int at) {
        frame.putShort(at, (short) FIRST);
        frame.putInt(at + Short.BYTES, last);
    }

    void write(Packet frame, int at) {
        frame.set16(at, FIRST);
        frame.set32(at + Short.BYTES, last);
    }
}
