package org.reactornetmap.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.operators.PcapReader;
import org.reactornetmap.operators.PcapRecord;

/** The frames of a capture file one behind the other in memory: direct and in an array. */
final class CapturedFrames {
    final ByteBuffer direct;
    final byte[] array;
    final int[] starts;
    final int[] captured;
    final int[] wire;

    private CapturedFrames(final List<PcapRecord> records) {
        final int count = records.size();
        starts = new int[count];
        captured = new int[count];
        wire = new int[count];
        direct = ByteBuffer.allocateDirect(
                records.stream().mapToInt(each -> each.data().remaining()).sum());
        array = new byte[direct.capacity()];
        int start = 0;
        for (int i = 0; i < count; i++) {
            final ByteBuffer data = records.get(i).data();
            starts[i] = start;
            captured[i] = data.remaining();
            wire[i] = records.get(i).wireLength();
            direct.put(start, data, 0, captured[i]);
            start += captured[i];
        }
        direct.get(0, array);
    }

    /** What the corpus beside the checkout has under {@code dev/captures}. */
    static CapturedFrames read(final String file) throws IOException {
        final Path path = Path.of(System.getProperty("bpf.corpus", "../shared/bpf"), "dev", "captures", file);
        final List<PcapRecord> records = new ArrayList<>();
        try (PcapReader reader = PcapReader.open(path)) {
            for (PcapRecord record = reader.next(); record != null; record = reader.next()) {
                records.add(record);
            }
        }
        return new CapturedFrames(records);
    }

    int count() {
        return starts.length;
    }
}
