package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapDrivers;

/** Which drivers see which ports. */
class EmbeddedDriverTest {
    private static NetmapDriver loaded() {
        return ServiceLoader.load(NetmapDriver.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(driver -> driver.name().equals(EmbeddedDriver.NAME))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldBeFoundByServiceLoader() {
        assertThat(NetmapDrivers.byName("embedded")).isInstanceOf(EmbeddedDriver.class);
        assertThat(loaded().isAvailable()).isTrue();
        assertThat(loaded().unavailabilityCause()).isNull();
    }

    @Test
    void shouldShareOneWorldBetweenAllLoadedInstances() {
        final NetmapDriver one = loaded();
        final NetmapDriver two = new EmbeddedDriver();
        assertThat(one).isNotSameAs(two).isEqualTo(two).hasSameHashCodeAs(two);
        try (TestPort a = TestPort.open(one, "netmap:shared_world{1", 1, 16);
                TestPort b = TestPort.open(two, "netmap:shared_world}1")) {
            a.send(1, 2);
            assertThat(b.receive()).containsExactly(1, 2);
            assertThat(a.port.driver()).isEqualTo(b.port.driver());
        }
    }

    @Test
    void shouldIsolateCreatedWorlds() {
        final EmbeddedDriver one = TestPort.world(Strictness.STRICT);
        final EmbeddedDriver two = TestPort.world(Strictness.STRICT);
        assertThat(one).isNotEqualTo(two).isNotEqualTo(new EmbeddedDriver());
        try (TestPort a = TestPort.open(one, "netmap:x{1", 1, 16);
                TestPort b = TestPort.open(two, "netmap:x}1", 1, 16)) {
            a.send(1);
            assertThat(b.receive()).isEmpty();
            assertThat(two.freeBuffers()).isEqualTo(4_094 - 32);
        }
    }

    @Test
    void shouldFillTheLargestMemory() {
        // A million buffers is netmap's limit. Small ones keep the test small; the rings alone take 63 MB.
        final EmbeddedDriver driver = EmbeddedDriver.create(EmbeddedConfig.builder()
                .bufSize(64)
                .buffers(1_000_000)
                .ifSize(4_096)
                .rings(1_024)
                .ringSize(65_792)
                .build());
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 240, 1, 4_096, 2)) {
            assertThat(a.tx(239).numSlots()).isEqualTo(4_096);
            try (TestPort b = TestPort.open(driver, "netmap:x}1")) {
                TestPort.put(a.tx(239), 42);
                a.port.txSync();
                b.port.rxSync();
                assertThat(TestPort.take(b.rx(239))).containsExactly(42);
            }
        }
        assertThat(driver.freeBuffers()).isEqualTo(999_998);
    }
}
