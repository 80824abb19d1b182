package org.reactornetmap.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.PcapFormatException;
import org.reactornetmap.operators.PcapReader;
import org.reactornetmap.operators.PcapRecord;
import org.reactornetmap.packet.LinkType;

/**
 * The frames of a capture file, in memory, to be sent again and again.
 *
 * @param frames as captured, empty ones included
 * @param remarks what is odd about the file, for the user
 */
record CaptureFrames(List<ByteBuffer> frames, List<String> remarks) {

    private static final long MAX_BYTES = 512 << 20;

    /**
     * Reads the file; one that is damaged further on gives the frames before that place and a remark.
     *
     * @throws IOException if it gives no frame; the message says why
     */
    static CaptureFrames read(Path file) throws IOException {
        List<ByteBuffer> frames = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        long bytes = 0;
        long cut = 0;
        try (PcapReader reader = PcapReader.open(file)) {
            if (reader.linkTypeCode() != LinkType.ETHERNET.code()) {
                remarks.add(file + " does not hold Ethernet frames (link type " + reader.linkTypeCode()
                        + "): sent as they are, and headers are not recognised");
            }
            for (PcapRecord next = nextGood(reader, frames, remarks);
                    next != null;
                    next = nextGood(reader, frames, remarks)) {
                if (bytes + next.data().remaining() > MAX_BYTES) {
                    remarks.add(file + " is larger than " + (MAX_BYTES >> 20) + " MiB: only its first " + frames.size()
                            + " frames are used");
                    break;
                }
                bytes += next.data().remaining();
                cut += next.wireLength() > next.data().remaining() ? 1 : 0;
                frames.add(next.data());
            }
        }
        if (frames.isEmpty()) {
            throw new IOException(remarks.isEmpty() ? file + " holds no frame" : remarks.get(remarks.size() - 1));
        }
        if (cut > 0) {
            remarks.add(cut + " of " + frames.size() + " frames were cut by the capture and are sent as captured");
        }
        return new CaptureFrames(List.copyOf(frames), List.copyOf(remarks));
    }

    private static @Nullable PcapRecord nextGood(PcapReader reader, List<ByteBuffer> frames, List<String> remarks)
            throws IOException {
        try {
            return reader.next();
        } catch (PcapFormatException e) {
            remarks.add(e.getMessage() + "; the " + frames.size() + " frames before it are used");
            return null;
        }
    }
}
