package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo in a JVM of its own, ended from outside. */
@Timeout(120)
class DemoShutdownTest {

    /** By SIGTERM, which takes the same way as Ctrl-C; SIGINT itself may be ignored by whatever started this. */
    @Test
    void shouldDrainAndAccountWhenEnded() throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NetmapCommand.class.getName(),
                        "demo",
                        "--duration",
                        "10m")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = demo.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.contains("pkt/sync")) {
                line = out.readLine();
            }
            assertThat(line).as("it runs").isNotNull();
            demo.toHandle().destroy(); // unlike Process.destroy, leaves its output to be read
            assertThat(out.lines().collect(Collectors.joining("\n")))
                    .contains("received ", "+ held ")
                    .endsWith("balanced to the packet");
            assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.exitValue()).isEqualTo(128 + 15);
        } finally {
            demo.destroyForcibly();
        }
    }
}
