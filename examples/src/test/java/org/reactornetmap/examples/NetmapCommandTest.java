package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetmapCommandTest {

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource({"--help", "-h", "help"})
    void shouldTeachItsCommands(String option) {
        Run run = Run.of(option);
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Usage: netmap", "demo", "ports", "Examples:");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldTeachTheDemo() {
        Run run = Run.of("demo", "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains(
                        "generator -> pipe -> RX rings",
                        "Columns:",
                        "pkt/sync",
                        "Account:",
                        "Exit status:",
                        "Examples:")
                .contains("(default 5s)", "(default tcp:25,icmp)");
    }

    @Test
    void shouldTeachPortSpecs() {
        Run run = Run.of("ports", "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Port specs:", "netmap:x{1", "Columns:", "Exit status:");
    }

    @Test
    void shouldFitItsHelpIntoAHundredColumns() {
        for (String command : new String[] {"demo", "ports"}) {
            assertThat(Run.of(command, "--help").out().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        }
    }

    @Test
    void shouldTellItsVersion() {
        Run run = Run.of("--version");
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("netmap (reactor-netmap) ").contains("Java ");
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''|which command",
                "nonsense|Unmatched argument",
                "demo --nonsense|Unknown option",
                "demo --rings 0|--rings is 0: expected 1 to 64",
                "demo --slots 15|--slots is 15: expected 16 to 4096",
                "demo --lanes 65|--lanes is 65: expected 1 to 64",
                "demo --batch 0|--batch is 0: expected 1 to 65536",
                "demo --flows 0|--flows is 0: expected 1 to 1048576",
                "demo --rate -1|--rate is -1: expected 0 to 1000000000",
                "demo --duration 5x|'5x' is no duration: write 500ms, 5s, 2m or 1h",
                "demo --drop gre|'gre' is not something to drop",
                "demo --drop tcp:65536|'tcp:65536' is not something to drop",
                "demo --drop icmp:1|'icmp:1' is not something to drop",
                "demo --input /nonexistent.pcap|cannot read /nonexistent.pcap",
                "ports --driver nonsense|--driver is 'nonsense': expected auto, embedded or kernel"
            })
    void shouldExplainWrongUsage(String args, String problem) {
        Run run = Run.of(args.isEmpty() ? new String[0] : args.split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(problem, "--help");
        assertThat(run.out()).isEmpty();
    }
}
