package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Poller;

/** Ports whose rings move nothing (netmap_null.c). */
class NullPortTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    @AfterEach
    void freeEveryBuffer() {
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    @Test
    void shouldHaveTheRingsAskedFor() {
        try (TestPort port = TestPort.open(driver, "null:n", 10, 5, 256, 100)) {
            assertThat(port.port.netmapIf().txRings()).hasSize(10);
            assertThat(port.port.netmapIf().rxRings()).hasSize(5);
            assertThat(port.tx(9).numSlots()).isEqualTo(256);
            assertThat(port.rx(4).numSlots()).isEqualTo(100);
            port.port.txSync();
            port.port.rxSync();
            assertThat(driver.audit().inRings()).isEqualTo(3_060);
        }
    }

    @Test
    void shouldHaveNoRingsUnlessAskedFor() {
        try (TestPort port = TestPort.open(driver, "null:n", 0, 0, 7)) {
            assertThat(port.port.netmapIf().txRings()).isEmpty();
            assertThat(port.port.netmapIf().rxRings()).isEmpty();
            assertThat(port.port.extraBuffers()).isEqualTo(7);
            port.port.txSync();
            port.port.rxSync();
        }
    }

    @Test
    void shouldTakeARingfulAndNoMore() {
        // The kernel's sync does nothing at all, so hwcur stays and the space never comes back.
        try (TestPort port = TestPort.open(driver, "null:n", 1, 8)) {
            port.send(1, 2, 3, 4, 5, 6, 7);
            port.port.txSync();
            assertThat(TestPort.space(port.tx())).isZero();
        }
    }

    @Test
    void shouldReceiveNothing() {
        try (TestPort port = TestPort.open(driver, "null:n", 1, 8);
                Poller poller = driver.newPoller()) {
            port.send(1);
            assertThat(port.receive()).isEmpty();
            poller.add(port.port, Poller.IN);
            assertThat(poller.poll(0)).isZero();
        }
    }

    @Test
    void shouldBeANewPortAtEachOpen() {
        try (TestPort one = TestPort.open(driver, "null:n/x", 1, 8);
                TestPort two = TestPort.open(driver, "null:n/x", 2, 16)) {
            assertThat(one.tx().numSlots()).isEqualTo(8);
            assertThat(two.tx(1).numSlots()).isEqualTo(16);
        }
    }
}
