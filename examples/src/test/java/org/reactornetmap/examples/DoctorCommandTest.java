package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.kernel.Finding;
import picocli.CommandLine;

class DoctorCommandTest {
    private static final Finding MODULE =
            new Finding("module", Finding.Level.OK, "/dev/netmap is there.", "", Map.of("apiVersion", 14L));
    private static final Finding OFFLOADS = new Finding(
            "offloads", Finding.Level.WARNING, "A \"bad\" one\nis on.", "ethtool -K eth0 gro off", Map.of());

    private final List<String> examined = new ArrayList<>();

    private Run run(List<Finding> findings, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(new DoctorCommand(named -> {
                    examined.add(String.valueOf(Objects.toString(named)));
                    return findings;
                }))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new Run(status, out.toString(), err.toString());
    }

    @Test
    void shouldSayThatThereIsNothingToDo() {
        Run run = run(List.of(MODULE));
        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).containsExactly("ok       module    /dev/netmap is there.", "Nothing to do.");
        assertThat(examined).containsExactly("null");
    }

    @Test
    void shouldSayWhatToDo() {
        Run run = run(List.of(MODULE, OFFLOADS), "netmap:eth0");
        assertThat(run.status()).isOne();
        assertThat(run.out())
                .contains("warning  offloads  A \"bad\" one")
                .contains("                   ethtool -K eth0 gro off")
                .endsWith("See above for what to do." + System.lineSeparator());
        assertThat(examined).containsExactly("netmap:eth0");
    }

    @Test
    void shouldTakeAnInterfacesName() {
        assertThat(run(List.of(MODULE), "eth0").status()).isZero();
        assertThat(examined).containsExactly("netmap:eth0");
    }

    @Test
    void shouldPrintJson() {
        Run run = run(List.of(MODULE, OFFLOADS), "--json", "eth0");
        assertThat(run.status()).isOne();
        assertThat(run.out().strip())
                .isEqualTo("{\"well\":false,\"findings\":["
                        + "{\"subject\":\"module\",\"level\":\"ok\",\"fact\":\"/dev/netmap is there.\","
                        + "\"remedy\":\"\",\"values\":{\"apiVersion\":14}},"
                        + "{\"subject\":\"offloads\",\"level\":\"warning\",\"fact\":\"A \\\"bad\\\" one\\u000ais on.\","
                        + "\"remedy\":\"ethtool -K eth0 gro off\",\"values\":{}}]}");
    }

    @Test
    void shouldPointAtTheOffendingCharacter() {
        Run run = run(List.of(MODULE), "netmap:x{");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("at character 9");
        assertThat(examined).isEmpty();
    }

    @Test
    void shouldSayHowToGetNetmapWhereThereIsNone() {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/netmap")), "netmap is loaded here");
        Run run = Run.of("doctor");
        assertThat(run.status()).isOne();
        assertThat(run.out()).startsWith("failure  module");
        assertThat(run.out().lines())
                .anyMatch(
                        line -> line.startsWith("                   The netmap module is not loaded: modprobe netmap"));
        assertThat(Run.of("doctor", "--json").out()).contains("\"remedy\":\"The netmap module is not loaded: modprobe");
    }
}
