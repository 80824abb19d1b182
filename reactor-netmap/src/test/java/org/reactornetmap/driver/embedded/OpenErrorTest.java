package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapMemoryException;

/** What cannot be opened, the error number it gets, and that a refusal leaves no trace. */
@SuppressWarnings("try") // some ports are only held open
class OpenErrorTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    @ParameterizedTest(name = "{displayName} {0} {1}")
    @CsvSource(
            delimiter = ' ',
            value = {
                "netmap:eth0 ENXIO",
                "netmap:eth0-3 ENXIO",
                "netmap:eth0^ ENXIO",
                "netmap:eth0/r ENXIO",
                "netmap:sixteen_letters_{1 ENXIO",
                "netmap:x{1/r EINVAL",
                "netmap:x{1/t EINVAL",
                "netmap:x{1/z EINVAL",
                "netmap:x{1^ EINVAL",
                "netmap:x{1^0 EINVAL",
                "netmap:x{1* EINVAL",
                "netmap:x{1@2 EINVAL",
                "netmap:x{1@share=netmap:y{1 EINVAL",
                "netmap:x{1@extmem=/no/such/file ENOENT",
                "netmap:x{1@share=netmap:eth0 ENXIO",
                "netmap:x{1@conf:slots=1 EINVAL",
                "null:n@conf:rings=1,slots=1 EINVAL",
                "null:n@2 EINVAL"
            })
    void shouldRefuse(final String spec, final Errno errno) {
        assertThatThrownBy(() -> TestPort.open(driver, spec)).isInstanceOfSatisfying(NetmapErrnoException.class, e -> {
            assertThat(e.errno()).isEqualTo(errno);
            assertThat(e.port()).startsWith(spec);
            assertThat(e.getMessage()).contains(". ");
        });
    }

    @Test
    void shouldAcceptItsOwnMemoryId() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1@1", 1, 16)) {
            assertThat(a.port.region().memId()).isEqualTo(1);
        }
    }

    @Test
    void shouldNameThePoolThatLacksBuffers() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 2, 1_000)) {
            assertThatThrownBy(() -> TestPort.open(driver, "netmap:y{1", 1, 90))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("buf_num is 4096")
                    .hasMessageContaining("94 are free")
                    .hasMessageContaining("180 are needed")
                    .hasMessageContaining("EmbeddedConfig.buffers to 4182");
            assertThat(driver.freeBuffers()).isEqualTo(94);
            TestPort.open(driver, "netmap:y{1", 1, 47).close();
            assertThat(driver.freeBuffers()).isEqualTo(94);
        }
    }

    @Test
    void shouldDropTheRingsOfAnOpenThatFailsHalfWay() {
        final EmbeddedDriver small = EmbeddedDriver.create(
                EmbeddedConfig.builder().buffers(1_000).rings(9).build());
        try (TestPort a = TestPort.open(small, "netmap:x{1-0", 3, 16)) {
            // 12 rings would be needed, and 9 fit.
            assertThatThrownBy(() -> TestPort.open(small, "netmap:x}1")).isInstanceOf(NetmapMemoryException.class);
            assertThat(small.freeBuffers()).isEqualTo(998 - 32);
            assertThat(small.audit().isBalanced()).isTrue();
            TestPort.open(small, "netmap:x}1-1").close();
        }
    }

    @Test
    void shouldNameThePoolThatLacksRings() {
        final EmbeddedDriver small = EmbeddedDriver.create(
                EmbeddedConfig.builder().buffers(1_000).rings(5).build());
        try (TestPort a = TestPort.open(small, "netmap:x{1", 1, 16)) {
            assertThatThrownBy(() -> TestPort.open(small, "netmap:y{1", 1, 16))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("ring_num is 5 and 1 are free, but 4 are needed")
                    .hasMessageContaining("EmbeddedConfig.rings to 8");
        }
        assertThat(small.freeBuffers()).isEqualTo(998);
        TestPort.open(small, "netmap:y{1", 1, 16).close();
    }

    @Test
    void shouldNameThePoolThatLacksInterfaces() {
        final EmbeddedDriver small = EmbeddedDriver.create(
                EmbeddedConfig.builder().buffers(1_000).interfaces(4).build());
        try (TestPort a = TestPort.open(small, "netmap:x{1", 1, 16);
                TestPort b = TestPort.open(small, "netmap:x{1");
                TestPort c = TestPort.open(small, "netmap:x{1");
                TestPort d = TestPort.open(small, "netmap:x{1")) {
            assertThatThrownBy(() -> TestPort.open(small, "netmap:x}1"))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("if_num is 4 and 0 are free, but 1 are needed")
                    .hasMessageContaining("EmbeddedConfig.interfaces to 5");
            a.send(1);
        }
        TestPort.open(small, "netmap:x}1", 1, 16).close();
        assertThat(small.freeBuffers()).isEqualTo(998);
    }
}
