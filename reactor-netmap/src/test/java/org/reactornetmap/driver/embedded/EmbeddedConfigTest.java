package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddedConfigTest {
    @Test
    void shouldHaveDefaults() {
        final EmbeddedConfig config = EmbeddedConfig.defaults();
        assertThat(config.buffers()).isEqualTo(32_768);
        assertThat(config.bufSize()).isEqualTo(2_048);
        assertThat(config.interfaces()).isEqualTo(100);
        assertThat(config.ifSize()).isEqualTo(1_024);
        assertThat(config.rings()).isEqualTo(200);
        assertThat(config.ringSize()).isEqualTo(9 * 4_096);
        assertThat(config.privIfNum()).isEqualTo(2);
        assertThat(config.privIfSize()).isEqualTo(1_024);
        assertThat(config.privRingNum()).isEqualTo(4);
        assertThat(config.privRingSize()).isEqualTo(5 * 4_096);
        assertThat(config.privBufNum()).isEqualTo(4_098);
        assertThat(config.privBufSize()).isEqualTo(2_048);
        assertThat(config.defaultRings()).isEqualTo(1);
        assertThat(config.defaultSlots()).isEqualTo(1_024);
        assertThat(config.strictness()).isEqualTo(Strictness.STRICT);
    }

    @Test
    void shouldGiveNewPipesItsRingsAndSlots() {
        final EmbeddedDriver driver = EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(1_000)
                .defaultRings(3)
                .defaultSlots(33)
                .build());
        try (TestPort port = TestPort.open(driver, "netmap:x{1")) {
            assertThat(port.port.netmapIf().txRings()).hasSize(3);
            assertThat(port.rx(2).numSlots()).isEqualTo(33);
        }
    }

    static Stream<Consumer<EmbeddedConfig.Builder>> mistakes() {
        return Stream.of(
                b -> b.buffers(2),
                b -> b.bufSize(0),
                b -> b.bufSize(100),
                b -> b.bufSize(65_536),
                b -> b.interfaces(0),
                b -> b.rings(0),
                b -> b.rings(1_025),
                b -> b.ifSize(4_160),
                b -> b.ringSize(192),
                b -> b.ringSize(1_000),
                b -> b.privIfNum(101),
                b -> b.privIfSize(0),
                b -> b.privRingNum(0),
                b -> b.privRingSize(131_136),
                b -> b.privBufNum(1_000_001),
                b -> b.privBufSize(65_536),
                b -> b.defaultRings(257),
                b -> b.defaultSlots(1),
                b -> b.defaultSlots(4_097));
    }

    @ParameterizedTest(name = "{displayName} {index}")
    @MethodSource("mistakes")
    void shouldRefuseNumbersOutOfRange(final Consumer<EmbeddedConfig.Builder> mistake) {
        assertThatThrownBy(() -> mistake.accept(EmbeddedConfig.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("\\w+ is \\d+: expected .*");
    }

    @Test
    void shouldTellTheTimeOfDay() {
        final long before = System.currentTimeMillis();
        final long nanos = EmbeddedConfig.defaults().clock().getAsLong();
        assertThat(nanos / 1_000_000).isBetween(before - 1_000, System.currentTimeMillis() + 1_000);
    }
}
