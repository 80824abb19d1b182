package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.PortBusyException;

/** How pipes come and go, and who may open which ring. */
@SuppressWarnings("try") // some ports are only held open
class PipeLifecycleTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    @AfterEach
    void freeEveryBuffer() {
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    @Test
    void shouldKeepDataWhenTheSenderCloses() {
        try (TestPort b = TestPort.open(driver, "netmap:x}1", 1, 16)) {
            try (TestPort a = TestPort.open(driver, "netmap:x{1")) {
                a.send(1, 2, 3);
            }
            assertThat(b.receive()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldKeepDataForWhoeverOpensTheOtherEnd() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 16)) {
            a.send(1, 2);
            try (TestPort b = TestPort.open(driver, "netmap:x}1")) {
                b.port.rxSync();
                TestPort.advance(b.rx(), 1);
            }
            a.send(3);
            try (TestPort b = TestPort.open(driver, "netmap:x}1")) {
                assertThat(b.rx().head()).isEqualTo(1);
                assertThat(b.receive()).containsExactly(2, 3);
            }
        }
    }

    @Test
    void shouldForgetEverythingWhenBothEndsAreClosed() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 16)) {
            a.send(1);
        }
        try (TestPort b = TestPort.open(driver, "netmap:x}1", 1, 32)) {
            assertThat(b.rx().numSlots()).isEqualTo(32);
            assertThat(b.receive()).isEmpty();
        }
    }

    @Test
    void shouldGoOnWhenThePeerIsReopened() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 16)) {
            for (int i = 0; i < 40; i++) {
                try (TestPort b = TestPort.open(driver, "netmap:x}1")) {
                    a.send(i);
                    assertThat(b.receive()).containsExactly(i);
                    b.port.rxSync();
                    a.port.txSync();
                }
            }
        }
    }

    @Test
    void shouldTakeTheCreatorsNumbersAndIgnoreLaterOnes() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 3, 2, 16, 8);
                TestPort b = TestPort.open(driver, "netmap:x}1", 9, 9, 99, 99)) {
            assertThat(a.port.portTxRings()).isEqualTo(3);
            assertThat(a.port.portRxRings()).isEqualTo(2);
            assertThat(b.port.portTxRings()).isEqualTo(2);
            assertThat(b.port.portRxRings()).isEqualTo(3);
            assertThat(a.tx().numSlots()).isEqualTo(16);
            assertThat(b.rx().numSlots()).isEqualTo(16);
            assertThat(b.tx().numSlots()).isEqualTo(8);
        }
    }

    @Test
    void shouldTakeNumbersAsTheMastersEvenIfTheSlaveOpensFirst() {
        try (TestPort b = TestPort.open(driver, "netmap:x}1", 3, 2, 16, 8)) {
            assertThat(b.port.portTxRings()).isEqualTo(2);
            assertThat(b.tx().numSlots()).isEqualTo(8);
        }
    }

    @Test
    void shouldTakeNumbersFromConf() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1@conf:rings=2,tx-slots=10,rx-slots=20")) {
            assertThat(a.port.portTxRings()).isEqualTo(2);
            assertThat(a.tx(1).numSlots()).isEqualTo(10);
            assertThat(a.rx(1).numSlots()).isEqualTo(20);
        }
    }

    @Test
    void shouldCutNumbersToTheKernelsLimits() {
        final EmbeddedDriver large = EmbeddedDriver.create(EmbeddedConfig.builder()
                .bufSize(64)
                .buffers(10_240)
                .ifSize(4_096)
                .rings(1_024)
                .ringSize(65_792)
                .build());
        try (TestPort a = TestPort.open(large, "netmap:x{1", 1, 5_000);
                TestPort rings = TestPort.open(large, "netmap:y{1@1@conf:tx-rings=300,rx-rings=200", 0, 2)) {
            assertThat(a.tx().numSlots()).isEqualTo(4_096);
            assertThat(rings.port.portTxRings()).isEqualTo(256);
            assertThat(rings.port.netmapIf().txRings()).hasSize(256);
        }
        assertThat(large.freeBuffers()).isEqualTo(10_238);
    }

    @Test
    void shouldTellPipesApartByParentAndId() {
        try (TestPort x1 = TestPort.open(driver, "netmap:x{1", 1, 16);
                TestPort x2 = TestPort.open(driver, "netmap:x}2", 1, 16);
                TestPort y1 = TestPort.open(driver, "netmap:y}1", 1, 16)) {
            x1.send(1);
            assertThat(x2.receive()).isEmpty();
            assertThat(y1.receive()).isEmpty();
        }
    }

    @Test
    void shouldMakeAtMost64PipesOfOneParent() {
        final EmbeddedDriver large = EmbeddedDriver.create(
                EmbeddedConfig.builder().buffers(1_000).rings(400).build());
        final TestPort[] ports = new TestPort[64];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = TestPort.open(large, "netmap:x{" + i, 1, 2);
        }
        assertErrno(() -> TestPort.open(large, "netmap:x{64", 1, 2), Errno.EINVAL);
        TestPort.open(large, "netmap:y{64", 1, 2).close();
        for (final TestPort port : ports) {
            port.close();
        }
    }

    @Test
    void shouldBindOneRingPair() {
        try (TestPort a1 = TestPort.open(driver, "netmap:x{1-1", 3, 16);
                TestPort b = TestPort.open(driver, "netmap:x}1")) {
            assertThat(a1.port.netmapIf().txRings()).hasSize(1);
            assertThat(a1.tx().ringId()).isEqualTo(1);
            assertThat(a1.port.portTxRings()).isEqualTo(3);
            a1.send(5);
            b.port.rxSync();
            assertThat(TestPort.take(b.rx(1))).containsExactly(5);
            // Rings that the first opener did not bind work as well.
            TestPort.put(b.tx(2), 6);
            b.port.txSync();
            try (TestPort a2 = TestPort.openRing(driver, "netmap:x{1", 2, 0)) {
                assertThat(a2.receive()).containsExactly(6);
            }
        }
    }

    @Test
    void shouldLetTheRequestsRingGoBeforeTheSpecs() {
        try (TestPort a = TestPort.openRing(driver, "netmap:x{1-0", 1, 2)) {
            assertThat(a.tx().ringId()).isEqualTo(1);
        }
    }

    @Test
    void shouldFallBackToRing0InTheDirectionThatLacksTheRing() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1-2", 3, 1, 16, 16)) {
            assertThat(a.tx().ringId()).isEqualTo(2);
            assertThat(a.rx().ringId()).isZero();
        }
    }

    @Test
    void shouldRefuseARingThatExistsInNeitherDirection() {
        assertErrno(() -> TestPort.open(driver, "netmap:x{1-2", 2, 16), Errno.EINVAL);
    }

    @Test
    void shouldBindOneDirection() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1/T", 1, 16);
                TestPort b = TestPort.open(driver, "netmap:x}1/R")) {
            assertThat(a.port.netmapIf().rxRings()).isEmpty();
            assertThat(b.port.netmapIf().txRings()).isEmpty();
            a.send(1);
            assertThat(b.receive()).containsExactly(1);
            a.port.rxSync();
            b.port.txSync();
            // Only that lane has buffers.
            assertThat(driver.freeBuffers()).isEqualTo(4_094 - 16);
        }
    }

    @Test
    void shouldRefuseRingsThatAreOpenedExclusively() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1/x", 1, 16)) {
            assertBusy("netmap:x{1");
            assertBusy("netmap:x{1/x");
            TestPort.open(driver, "netmap:x}1/x").close();
        }
    }

    @Test
    void shouldRefuseToOpenExclusivelyWhatIsOpen() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 16);
                TestPort again = TestPort.open(driver, "netmap:x{1")) {
            assertBusy("netmap:x{1/x");
            assertThat(again.tx().numSlots()).isEqualTo(16);
        }
    }

    @Test
    void shouldLimitExclusiveToTheRingsOfTheRequest() {
        try (TestPort ring0 = TestPort.open(driver, "netmap:x{1-0/x", 2, 16);
                TestPort ring1 = TestPort.open(driver, "netmap:x{1-1/x")) {
            assertBusy("netmap:x{1-1");
            assertBusy("netmap:x{1");
            assertThat(ring0.tx().ringId() + ring1.tx().ringId()).isEqualTo(1);
        }
    }

    @Test
    void shouldReleaseExclusiveAtClose() {
        try (TestPort b = TestPort.open(driver, "netmap:x}1", 1, 16)) {
            TestPort.open(driver, "netmap:x{1/x").close();
            TestPort.open(driver, "netmap:x{1/x").close();
            TestPort.open(driver, "netmap:x{1").close();
        }
    }

    @Test
    void shouldLetExclusiveInOneDirectionLeaveTheOther() {
        try (TestPort tx = TestPort.open(driver, "netmap:x{1/xT", 1, 16);
                TestPort rx = TestPort.open(driver, "netmap:x{1/xR")) {
            assertBusy("netmap:x{1");
        }
    }

    @Test
    void shouldFailEverySyncAfterClose() {
        final TestPort a = TestPort.open(driver, "netmap:x{1", 1, 16);
        a.close();
        a.close();
        assertErrno(a.port::txSync, Errno.EBADF);
        assertErrno(a.port::rxSync, Errno.EBADF);
        // Views stay valid memory.
        a.tx().head(3);
        assertThat(a.tx().head()).isEqualTo(3);
        assertThat(a.port.netmapIf().bufsHead()).isZero();
    }

    @Test
    void shouldNotLetAViewOfAClosedPortReachAnotherRing() {
        final TestPort old = TestPort.open(driver, "netmap:x{1", 1, 16);
        old.close();
        try (TestPort fresh = TestPort.open(driver, "netmap:y{1", 1, 16)) {
            old.tx().head(7);
            old.tx().slotWord(0, 0);
            assertThat(fresh.tx().head()).isZero();
            assertThat(fresh.tx().slotWord(0)).isNotZero();
        }
    }

    private void assertBusy(final String spec) {
        assertThatThrownBy(() -> TestPort.open(driver, spec))
                .isInstanceOf(PortBusyException.class)
                .hasMessageContaining("EBUSY");
    }

    private static void assertErrno(final ThrowingCallable call, final Errno errno) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
