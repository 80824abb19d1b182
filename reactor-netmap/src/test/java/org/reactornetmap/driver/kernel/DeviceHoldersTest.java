package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceHoldersTest {
    private static final long OURSELVES = ProcessHandle.current().pid();

    @TempDir
    private Path proc;

    private void process(final String pid, final String name, final String file) throws IOException {
        final Path fd = Files.createDirectories(proc.resolve(pid).resolve("fd"));
        Files.createSymbolicLink(fd.resolve("0"), Path.of("/dev/null"));
        Files.createSymbolicLink(fd.resolve("3"), Path.of(file));
        Files.writeString(fd.resolveSibling("comm"), name + "\n");
    }

    @Test
    void shouldNameTheProcessesThatHaveTheDeviceOpen() throws IOException {
        process("0123", "pkt-gen", "/dev/netmap");
        process("0124", "cat", "/dev/zero");
        process(Long.toString(OURSELVES), "java", "/dev/netmap");
        Files.createDirectory(proc.resolve("0125")); // has ended
        Files.createDirectory(proc.resolve("net"));

        assertThat(DeviceHolders.sentence(proc))
                .isEqualTo(" /dev/netmap is open in: 0123 (pkt-gen), " + OURSELVES + " (this process).");
    }

    @Test
    void shouldSayNothingWhereNobodyIsSeen() throws IOException {
        assertThat(DeviceHolders.sentence(proc)).isEmpty();
        assertThat(DeviceHolders.sentence(proc.resolve("nowhere"))).isEmpty();
    }
}
