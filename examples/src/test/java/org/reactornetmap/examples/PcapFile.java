package org.reactornetmap.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes classic pcap files, little-endian, microseconds. */
final class PcapFile {

    private PcapFile() {}

    static Path write(Path file, int linkType, byte[]... frames) throws IOException {
        int length = 24;
        for (byte[] frame : frames) {
            length += 16 + frame.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4);
        out.putInt(0).putInt(0).putInt(1 << 18).putInt(linkType);
        for (byte[] frame : frames) {
            out.putInt(0).putInt(0).putInt(frame.length).putInt(frame.length).put(frame);
        }
        return Files.write(file, out.array());
    }
}
