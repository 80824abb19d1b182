package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.test.Frames;

class FilterCommandTest {
    private static final int ETHERNET = 1;
    private static final int RAW = 101;

    @TempDir
    Path folder;

    private String mixed = "";
    private String raw = "";

    @BeforeEach
    void writeFiles() throws IOException {
        final byte[] dns = bytes(Frames.udp("10.0.0.1", 4000, "10.0.0.2", 53));
        final byte[] web = bytes(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80));
        final byte[] arp = bytes(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
        mixed = PcapFile.write(folder.resolve("mixed.pcap"), ETHERNET, dns, web, arp, dns)
                .toString();
        raw = PcapFile.write(folder.resolve("raw.pcap"), RAW, Arrays.copyOfRange(dns, 14, dns.length))
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--engine=interpreted", "--engine=compiled", "--no-optimize"})
    void shouldTellWhichPacketsMatch(final String option) {
        final Run run = Run.of("filter", option, "udp port 53", mixed, raw);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).containsExactly(mixed + ": 0 3", raw + ": 0");
    }

    @Test
    void shouldPrintNothingBehindTheColonWhereNoneMatches() {
        final Run run = Run.of("filter", "icmp", mixed);
        assertThat(run.out()).isEqualTo(mixed + ":\n");
    }

    @Test
    void shouldMatchEverythingByTheEmptyExpression() {
        assertThat(Run.of("filter", "", mixed).out()).isEqualTo(mixed + ": 0 1 2 3\n");
    }

    @Test
    void shouldPrintTheProgram() {
        final Run run = Run.of("filter", "-d", "ip");
        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("""
                        (000) ldh      [12]
                        (001) jeq      #0x800           jt 2\tjf 3
                        (002) ret      #262144
                        (003) ret      #0
                        """);
        assertThat(Run.of("filter", "-ddd", "--dlt", "EN10MB", "ip").out())
                .isEqualTo("4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n");
    }

    @Test
    void shouldPrintTheProgramForALinkType() {
        assertThat(Run.of("filter", "-d", "--dlt", "LINUX_SLL", "ip").out()).startsWith("(000) ldh      [14]\n");
        assertThat(Run.of("filter", "-d", "--dlt", "ipv4", "ip").out()).startsWith("(000) ret ");
        assertThat(Run.of("filter", "-d", "ip", raw).out()).startsWith("(000) ldb      [0]\n");
    }

    @Test
    void shouldPointAtWhatIsWrongWithAnExpression() {
        for (final String[] arguments : new String[][] {
            {"filter", "udp prot 53", mixed}, {"filter", "-d", "udp prot 53"}, {"filter", "-ddd", "udp prot 53"}
        }) {
            final Run run = Run.of(arguments);
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("netmap filter: ", "character 5", "  udp prot 53\n      ^\n");
        }
    }

    @Test
    void shouldPointAtWhatIsWrongWithAnExpressionEvenIfNoFileCanBeRead() {
        final String none = folder.resolve("none.pcap").toString();
        for (final String[] arguments :
                new String[][] {{"filter", "udp prot 53", none, none}, {"filter", "-d", "udp prot 53", none}}) {
            final Run run = Run.of(arguments);
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("none.pcap", "character 5");
        }
        assertThat(Run.of("filter", "inbound", none).status()).isEqualTo(1); // a filter for LINUX_SLL
        assertThat(Run.of("filter", "-d", "inbound", none).status()).isEqualTo(1);
    }

    @Test
    void shouldGoOnAfterAFileThatCannotBeRead() throws IOException {
        final Path cut = folder.resolve("cut.pcap");
        final byte[] whole = Files.readAllBytes(Path.of(mixed));
        Files.write(cut, Arrays.copyOf(whole, whole.length - 1));
        final Run run = Run.of("filter", "udp", folder.resolve("none.pcap").toString(), cut.toString(), mixed);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out().lines()).containsExactly(cut + ": 0", mixed + ": 0 3");
        assertThat(run.err()).contains("none.pcap", "cut short");
    }

    @Test
    void shouldRefuseUnknownLinkTypesOfFiles() throws IOException {
        final Path other = PcapFile.write(folder.resolve("other.pcap"), 147);
        final Run run = Run.of("filter", "udp", other.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(other.toString(), "147");
    }

    @Test
    void shouldRefuseWrongArguments() {
        assertThat(Run.of("filter", "udp").status()).isEqualTo(2);
        assertThat(Run.of("filter").status()).isEqualTo(2);
        assertThat(Run.of("filter", "-d", "--dlt", "TOKENRING", "udp").err()).contains("TOKENRING", "EN10MB");
        assertThat(Run.of("filter", "--dlt", "RAW", "udp", mixed).status()).isEqualTo(2);
        assertThat(Run.of("filter", "-d", "udp", mixed, raw).status()).isEqualTo(2);
        assertThat(Run.of("filter", "--engine", "steam", "udp", mixed).status()).isEqualTo(2);
        assertThat(Run.of("filter", "--netmask", "255.0", "udp", mixed).status())
                .isEqualTo(2);
    }

    @Test
    void shouldKnowTheNetmask() {
        assertThat(Run.of("filter", "--netmask", "255.255.255.252", "ip broadcast", mixed)
                        .out())
                .isEqualTo(mixed + ":\n");
        assertThat(Run.of("filter", "--netmask", "255.255.255.0", "-d", "ip broadcast")
                        .out())
                .contains("#0xff");
    }

    @Test
    void shouldHelp() {
        final Run run = Run.of("filter", "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("netmap filter", "EXPR", "FILE", "-ddd", "--dlt", "--engine", "--no-optimize");
    }

    private static byte[] bytes(final ByteBuffer frame) {
        final byte[] bytes = new byte[frame.remaining()];
        frame.duplicate().get(bytes);
        return bytes;
    }
}
