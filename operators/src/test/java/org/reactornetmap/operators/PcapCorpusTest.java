package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.test.Frames;

/** Real captures, where they are: the folder that the system property {@code bpf.corpus} names. */
class PcapCorpusTest {

    private static final Path CORPUS = Path.of(System.getProperty("bpf.corpus", "../../shared/bpf"));

    private static final Path DEV_CAPTURES = CORPUS.resolve("dev/captures");
    private static final Path MORE_CAPTURES = CORPUS.resolve("more-captures");

    private static final Pattern CATALOGUE_ENTRY =
            Pattern.compile("\\{[^}]*\"file\": \"([^\"]+)\"[^}]*\"packets\": (\\d+)[^}]*\"bytes\": (\\d+)");

    /** What a file holds. */
    private record Contents(long records, long capturedBytes, long wireBytes, long timestampSum) {}

    @Test
    void shouldReadEveryCaptureWhole() throws IOException {
        for (Path file : captures()) {
            assertThat(read(file)).as(file.toString()).isEqualTo(scan(file));
        }
    }

    @Test
    void shouldFindAsManyRecordsAsTheCatalogueSays() throws IOException {
        Map<String, Long> packets = new HashMap<>();
        packets.putAll(catalogue(CORPUS.resolve("dev/captures.json")));
        packets.putAll(catalogue(MORE_CAPTURES.resolve("captures.json")));

        List<Path> files = captures();
        assertThat(files).hasSameSizeAs(packets.keySet());
        for (Path file : files) {
            assertThat(read(file).records())
                    .as(file.toString())
                    .isEqualTo(packets.get(file.getFileName().toString()));
        }
    }

    @Test
    void shouldStreamTheLargeCapture() throws IOException {
        Path file = large();

        Contents streamed = PcapReader.read(file)
                .map(PcapCorpusTest::contents)
                .reduce(PcapCorpusTest::plus)
                .block(Duration.ofSeconds(60));

        assertThat(streamed).isEqualTo(scan(file));
    }

    @Test
    void shouldFindTheChecksumsOfRealFramesValidUnlessTheyWereLeftToTheNic() throws IOException {
        List<String> unexplained = new ArrayList<>();
        Map<String, Integer> verdicts = new TreeMap<>();
        try (PcapReader reader = PcapReader.open(large())) {
            assertThat(LinkType.of(reader.linkTypeCode())).isEqualTo(LinkType.ETHERNET);
            for (PcapRecord record = reader.next(); record != null; record = reader.next()) {
                assertThat(record.data().remaining()).as("whole").isEqualTo(record.wireLength());
                String line = Frames.describe(record.data());
                boolean valid = Frames.checksumsValid(record.data());
                verdicts.merge((valid ? "valid " : "invalid ") + protocol(line), 1, Integer::sum);
                if (!valid && !leftToTheNic(record.data())) {
                    unexplained.add(line);
                }
            }
        }
        assertThat(verdicts).containsKeys("valid TCP", "valid UDP", "valid ICMP", "valid ICMP6", "invalid TCP");
        assertThat(unexplained).as("%s", verdicts).hasSizeLessThan(50);
    }

    @Test
    void shouldDescribeEveryCapturedFrameWithoutFailing() throws IOException {
        for (Path file : captures()) {
            try (PcapReader reader = PcapReader.open(file)) {
                for (PcapRecord record = reader.next(); record != null; record = reader.next()) {
                    assertThat(Frames.describe(record.data())).isNotEmpty();
                    Frames.checksumsValid(record.data());
                }
            }
        }
    }

    private static String protocol(String line) {
        Matcher matcher = Pattern.compile(": (TCP|UDP|ICMP6|ICMP)").matcher(line);
        return matcher.find() ? matcher.group(1) : "other";
    }

    /**
     * Whether a checksum is what a sender's stack hands to a NIC that computes checksums: 0 in the IPv4 header, and in
     * the transport header 0 or the sum of the pseudo header alone.
     */
    private static boolean leftToTheNic(ByteBuffer frame) {
        boolean v4 = frame.getShort(12) == 0x0800;
        if (!v4 && frame.getShort(12) != (short) 0x86dd) {
            return false;
        }
        if (v4 && frame.getShort(24) == 0) {
            return true;
        }
        int transport = v4 ? 14 + (frame.get(14) & 0xf) * 4 : 54;
        int end = 14 + (v4 ? frame.getShort(16) : 40 + frame.getShort(18));
        int protocol = frame.get(v4 ? 23 : 20);
        int sum = end - transport + protocol;
        for (int i = v4 ? 26 : 22; i < (v4 ? 34 : 54); i += 2) {
            sum += frame.getShort(i) & 0xffff;
        }
        int checksum = frame.getShort(transport + (protocol == 6 ? 16 : 6)) & 0xffff;
        return checksum == 0 || checksum == sum % 0xffff;
    }

    private static Contents read(Path file) throws IOException {
        Contents sum = new Contents(0, 0, 0, 0);
        try (PcapReader reader = PcapReader.open(file)) {
            for (PcapRecord record = reader.next(); record != null; record = reader.next()) {
                sum = plus(sum, contents(record));
            }
        }
        return sum;
    }

    /** The whole file at once, with nothing shared with the reader. */
    private static Contents scan(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        int magic = bytes.getInt(0);
        boolean big = magic == 0xa1b2c3d4 || magic == 0xa1b23c4d;
        bytes.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long nanosPerTick = bytes.getInt(0) == 0xa1b23c4d ? 1 : 1000;
        Contents sum = new Contents(0, 0, 0, 0);
        for (int offset = 24; offset < bytes.limit(); offset += 16 + bytes.getInt(offset + 8)) {
            long seconds = bytes.getInt(offset) & 0xffffffffL;
            long ticks = bytes.getInt(offset + 4) & 0xffffffffL;
            long nanos = seconds * 1_000_000_000 + ticks * nanosPerTick;
            sum = plus(sum, new Contents(1, bytes.getInt(offset + 8), bytes.getInt(offset + 12), nanos));
        }
        return sum;
    }

    private static Contents contents(PcapRecord record) {
        return new Contents(1, record.data().remaining(), record.wireLength(), record.timestampNanos());
    }

    private static Contents plus(Contents a, Contents b) {
        return new Contents(
                a.records + b.records,
                a.capturedBytes + b.capturedBytes,
                a.wireBytes + b.wireBytes,
                a.timestampSum * 31 + b.timestampSum); // in order, too
    }

    private static Map<String, Long> catalogue(Path json) throws IOException {
        assumeTrue(Files.isRegularFile(json), () -> "no catalogue of captures at " + json.toAbsolutePath());
        Map<String, Long> packets = new HashMap<>();
        Matcher matcher = CATALOGUE_ENTRY.matcher(Files.readString(json));
        while (matcher.find()) {
            packets.put(matcher.group(1), Long.valueOf(matcher.group(2)));
        }
        return packets;
    }

    private static Path large() {
        Path file = DEV_CAPTURES.resolve("mixed-large.pcap");
        assumeTrue(Files.isRegularFile(file), () -> "no capture at " + file.toAbsolutePath());
        return file;
    }

    private static List<Path> captures() throws IOException {
        assumeTrue(
                Files.isDirectory(DEV_CAPTURES) && Files.isDirectory(MORE_CAPTURES),
                () -> "no captures below " + CORPUS.toAbsolutePath());
        List<Path> files = new ArrayList<>();
        for (Path folder : List.of(DEV_CAPTURES, MORE_CAPTURES)) {
            try (Stream<Path> list = Files.list(folder)) {
                list.filter(file -> file.toString().endsWith("cap")).forEach(files::add);
            }
        }
        return files;
    }
}
