package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.test.Frames;

@Timeout(120)
class DemoCommandTest {

    private static final int CAPTURES = 40;

    private static Run demo(String args) {
        return Run.of(("demo --json " + args).split(" "));
    }

    /** What the switch dropped is in the account. */
    private static void assertBalancedWithSwitch(Run run) {
        assertThat(run.status()).as("%s", run).isZero();
        assertThat(run.out()).startsWith("{\"balanced\":true,").hasLineCount(1);
        assertThat(run.number("generated"))
                .as("%s", run)
                .isEqualTo(run.number("received") + run.number("refused") + run.number("lostBefore"));
        assertThat(run.number("received"))
                .as("%s", run)
                .isEqualTo(run.number("counted")
                        + run.number("lostBehind")
                        + run.number("filtered")
                        + run.number("dropped"));
        assertThat(run.number("held")).isZero();
    }

    private static void assertBalanced(Run run) {
        assertThat(run.status()).as("%s", run).isZero();
        assertThat(run.out()).startsWith("{\"balanced\":true,").hasLineCount(1);
        assertThat(run.number("received"))
                .as("%s", run)
                .isEqualTo(run.number("transmitted") + run.number("filtered") + run.number("dropped"));
        assertThat(run.number("held")).isZero();
        assertThat(run.number("counted")).isEqualTo(run.number("transmitted"));
        assertThat(run.number("generated")).isEqualTo(run.number("received") + run.number("refused"));
    }

    @Test
    void shouldBalanceByDefault() {
        Run run = demo("--duration 1s");
        assertBalanced(run);
        assertThat(run.number("received")).isGreaterThan(1000);
        assertThat(run.number("filtered")).isPositive();
        assertThat(run.number("tcp")).isPositive();
        assertThat(run.number("udp")).isPositive();
        assertThat(run.number("arp")).isPositive();
        assertThat(run.number("icmp")).as("dropped by default").isZero();
        assertThat(run.number("wrongIpv4Checksums")).isZero();
        assertThat(run.number("copied")).as("all by exchange of buffers").isZero();
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest(name = "{displayName}: {0}")
    @ValueSource(
            strings = {
                "--lane-threads",
                "--lane-threads --lanes 7 --rings 2",
                "--rings 1 --lanes 1",
                "--rings 3 --lanes 5 --slots 100",
                "--slots 16 --batch 1",
                "--lane-threads --slots 16",
                "--drop none",
                "--drop ipv4,ipv6,arp",
                "--drop vlan,port:443",
                "--rate 20000",
                "--flows 1"
            })
    void shouldBalance(String args) {
        Run run = demo("--duration 300ms " + args);
        assertBalanced(run);
        assertThat(run.number("received")).isPositive();
    }

    @ParameterizedTest(name = "{displayName}: {0}")
    @ValueSource(
            strings = {
                "--rate 20000",
                "--rings 16 --lanes 3",
                "--lane-threads --lanes 7 --rings 2",
                "--slots 16 --batch 1",
                "--drop none --flows 1"
            })
    void shouldBalanceThroughASwitch(String args) {
        Run run = demo("--topology vale --duration 300ms " + args);
        assertBalancedWithSwitch(run);
        assertThat(run.number("counted")).isPositive();
        assertThat(run.number("tapped")).isPositive().isLessThanOrEqualTo(run.number("received"));
    }

    @Test
    void shouldSendEachFrameOnce() {
        Run run = demo("--once --duration 1m --flows 5000 --drop none");
        assertBalanced(run);
        assertThat(run.number("generated")).isEqualTo(10_000);
        assertThat(run.number("transmitted")).isEqualTo(10_000);
    }

    @Test
    void shouldKeepToTheRate() {
        Run run = demo("--duration 1s --rate 5000");
        assertBalanced(run);
        assertThat(run.number("generated")).isPositive();
        assertThat(run.number("packetsPerSecond")).isLessThanOrEqualTo(5_000);
    }

    @Test
    void shouldSendTheFramesOfACapture(@TempDir Path folder) throws IOException {
        Path file = PcapFile.write(
                folder.resolve("two.pcap"),
                1,
                Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23).array(),
                Frames.udp("10.0.0.1", 53, "10.0.0.2", 4000).array(),
                Frames.udp("10.0.0.2", 4000, "10.0.0.1", 53).array());
        Run run = demo("--once --drop tcp:23 --input " + file);
        assertBalanced(run);
        assertThat(run.number("filtered")).isEqualTo(1);
        assertThat(run.number("udp")).isEqualTo(2);
    }

    @Test
    void shouldAccountForFramesThatNoRingTakes(@TempDir Path folder) throws IOException {
        Path file = PcapFile.write(
                folder.resolve("odd.pcap"),
                1,
                new byte[0],
                Frames.ethernet()
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .udp(1, 2)
                        .length(9_000)
                        .build()
                        .array(),
                new byte[15 * 2048 + 1],
                new byte[3]);
        Run run = demo("--once --slots 16 --drop none --input " + file);
        assertBalanced(run);
        assertThat(run.number("generated")).isEqualTo(4);
        assertThat(run.number("refused")).isEqualTo(2);
        assertThat(run.number("transmitted")).isEqualTo(2);
    }

    @Test
    void shouldSayWhatIsOddAboutACapture(@TempDir Path folder) throws IOException {
        Path file = PcapFile.write(folder.resolve("raw.pcap"), 101, new byte[40], new byte[50]);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
        Run run = demo("--once --input " + file);
        assertBalanced(run);
        assertThat(run.number("generated")).isEqualTo(1);
        assertThat(run.err()).contains("does not hold Ethernet frames", "cut short", "the 1 frames before it are used");
    }

    @Test
    void shouldRefuseACaptureWithoutFrames(@TempDir Path folder) throws IOException {
        Path file = PcapFile.write(folder.resolve("empty.pcap"), 1);
        Run run = demo("--input " + file);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("empty.pcap holds no frame");
    }

    @Test
    void shouldShowHowItIsDoing() {
        Run run = Run.of("demo", "--duration", "1200ms", "--rings", "2", "--lanes", "2");
        assertThat(run.status()).isZero();
        assertThat(run.out().lines())
                .startsWith("2 rings of 1024 slots, 2 lanes, dropping tcp:25, icmp; Ctrl-C ends it")
                .anyMatch(line -> line.matches(" +\\d\\.\\d s  rx .*pkt/s .*bit/s  tx .*pkt/s .* pkt/sync .*"))
                .contains("balanced to the packet");
        assertThat(run.out()).containsPattern("generated +[\\d,]+ ").containsPattern("\\+ held +0\n");
    }

    @Test
    void shouldPrintNothingButTheAccountWhenQuiet() {
        Run run = Run.of("demo", "--duration", "100ms", "--quiet");
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("generated ").endsWith("balanced to the packet" + System.lineSeparator());
    }

    @Test
    void shouldBalanceOnRealCaptures() throws IOException {
        Path folder = Path.of(System.getProperty("bpf.corpus", "../shared/bpf"), "dev", "captures");
        assumeTrue(
                Files.isDirectory(folder), () -> "SKIPPED: no captures in " + folder + " (system property bpf.corpus)");
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".pcap"))
                    .sorted()
                    .toList();
        }
        int step = Math.max(1, files.size() / CAPTURES);
        for (int i = 0; i < files.size(); i += step) {
            Run run = demo("--once --rings 2 --slots 256 --lanes 3 --drop arp --input " + files.get(i));
            assertBalanced(run);
            assertThat(run.number("generated")).as("%s", files.get(i)).isPositive();
        }
    }
}
