package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file in netmap's place. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class KernelMappingTest {
    private static final int LENGTH = 16_384;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void fill() throws IOException {
        file = Files.write(
                directory.resolve("region"),
                ByteBuffer.allocate(LENGTH).putInt(8_192, 77).array());
    }

    private KernelMapping map() {
        final int fd = Libc.open(file.toString());
        assertThat(fd).isNotNegative();
        try {
            return KernelMapping.of(fd, LENGTH, "file");
        } finally {
            Libc.close(fd);
        }
    }

    private boolean isMapped() throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains(file.toString());
    }

    @Test
    void shouldShareUntilItIsUnshared() throws IOException {
        final KernelMapping mapping = map();
        final ByteBuffer root = mapping.map(4_096, 8_192);
        final ByteBuffer view = root.slice(4_096, 4_096).order(root.order());
        view.putInt(4, 78);
        final byte[] shared = Files.readAllBytes(file);

        mapping.unshare();

        assertThat(isMapped()).isFalse();
        assertThat(view.getInt(4)).isZero();
        assertThat(view.getInt(0)).isZero();
        view.putInt(4, 79);
        assertThat(root.getInt(4_100)).isEqualTo(79);
        assertThat(Files.readAllBytes(file)).isEqualTo(shared);
        assertThat(ByteBuffer.wrap(shared).order(view.order()).getInt(8_196)).isEqualTo(78);
    }

    @Test
    void shouldStayMappedForAsLongAsAViewIsReachable() throws IOException {
        final ByteBuffer view = map().map(0, LENGTH).slice(8_192, 4);
        try {
            for (int i = 0; i < 5; i++) {
                System.gc();
            }

            assertThat(isMapped()).isTrue();
            assertThat(view.getInt(0)).isEqualTo(77);
        } finally {
            Reference.reachabilityFence(view);
        }
    }

    @Test
    void shouldBeUnmappedWhenNoViewIsLeft() throws IOException {
        assertThat(map().map(0, LENGTH).slice(8_192, 4).getInt(0)).isEqualTo(77);
        while (isMapped()) {
            System.gc();
        }

        assertThat(isMapped()).isFalse();
    }

    @Test
    void shouldRefuseRangesOutsideIt() {
        final KernelMapping mapping = map();

        assertThat(mapping.sizeBytes()).isEqualTo(LENGTH);
        assertThatThrownBy(() -> mapping.map(LENGTH - 4, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mapping.map(-4, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mapping.map(Long.MAX_VALUE, 8)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhatCouldNotBeMapped() {
        assertThatThrownBy(() -> KernelMapping.of(-1, LENGTH, "x{1")).hasMessageContaining("mmap of 16384 bytes");
    }
}
