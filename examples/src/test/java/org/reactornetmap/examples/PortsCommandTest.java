package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortsCommandTest {

    @Test
    void shouldShowDrivers() {
        Run run = Run.of("ports");
        assertThat(run.status()).isZero();
        assertThat(run.out()).containsPattern("embedded +available");
    }

    @Test
    void shouldShowWhatOpeningGives() {
        Run run = Run.of(
                "ports",
                "--driver",
                "embedded",
                "--extra-buffers",
                "7",
                "netmap:shown{1@conf:rings=3,slots=64",
                "netmap:shown}1/R",
                "null:nothing");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        // A pipe's automatic parent has a memory of its own; 1 is the global one.
        assertThat(run.out())
                .containsPattern(
                        "netmap:shown\\{1@conf:rings=3,slots=64 +embedded +3 x 64 slots +3 x 64 slots +2048 +7 +[2-9]")
                .containsPattern("netmap:shown}1/R +embedded +3 x 64 slots +- +2048 +7 +[2-9]")
                .containsPattern("null:nothing +embedded +- +- +- +7 +1");
    }

    @Test
    void shouldPointAtTheOffendingCharacter() {
        Run run = Run.of("ports", "netmap:x{1/Q", "netmap:y{1");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("  netmap:x{1/Q" + "\n" + "             ^");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldGoOnAfterAPortThatCannotBeOpened() {
        Run run = Run.of("ports", "--driver", "embedded", "netmap:none0", "netmap:other{1");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("netmap:none0: ");
        assertThat(run.out()).contains("netmap:other{1");
    }
}
