package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.Poller;

/** What a monitor is as a port, of either kind (netmap_monitor.c): how it opens, what it has, and when it ends. */
@SuppressWarnings("try") // some ports are only held open, some close early
class MonitorTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    @AfterEach
    void accountForEveryBuffer() {
        assertThat(driver.audit().isBalanced()).isTrue();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    private static void assertRefused(final Runnable open, final Errno errno) {
        assertThatThrownBy(open::run)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"netmap:x{1/r", "netmap:x{1/t", "netmap:x{1/z"})
    void shouldNotMonitorAPortThatIsNotOpen(final String spec) {
        assertRefused(() -> TestPort.open(driver, spec), Errno.EINVAL);
        try (TestPort other = TestPort.open(driver, "netmap:x}1", 1, 8)) {
            // The other end exists, but is not in netmap mode.
            assertRefused(() -> TestPort.open(driver, spec), Errno.EINVAL);
        }
    }

    @Test
    void shouldNotMonitorAnInterfaceThatIsNotThere() {
        assertRefused(() -> TestPort.open(driver, "netmap:eth7/r"), Errno.ENXIO);
    }

    @Test
    void shouldNotMonitorARingThatThePortDoesNotHave() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 2, 8)) {
            assertRefused(() -> TestPort.open(driver, "netmap:x{1-2/r"), Errno.EINVAL);
            assertRefused(() -> TestPort.open(driver, "netmap:x{1-2/z"), Errno.EINVAL);
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"netmap:x{1/rt", "netmap:x{1/z"})
    void shouldHaveOneTxRingAndAsManyRxRingsAsThePortHasOfEither(final String spec) {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 3, 16, 32);
                TestPort monitor = TestPort.open(driver, spec)) {
            assertThat(monitor.port.portTxRings()).isEqualTo(1);
            assertThat(monitor.port.portRxRings()).isEqualTo(3);
            assertThat(monitor.tx().numSlots()).isEqualTo(16);
            assertThat(monitor.rx(2).numSlots()).isEqualTo(32);
        }
    }

    @ParameterizedTest(name = "{displayName} {0} gets {1}")
    @CsvSource({"2, 2", "100, 100", "4096, 4096", "5000, 4096"})
    void shouldHaveAsManySlotsAsAskedForUpTo4096(final int wanted, final int granted) {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 8);
                TestPort monitor = TestPort.open(driver, "netmap:x{1/rt", 0, wanted)) {
            assertThat(monitor.rx().numSlots()).isEqualTo(granted);
            assertThat(monitor.tx().numSlots()).isEqualTo(granted);
        }
    }

    @Test
    void shouldBeNamedAfterThePortWhatItSeesAndANumber() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 8);
                TestPort both = TestPort.open(driver, "netmap:x{1/rt");
                TestPort tx = TestPort.open(driver, "netmap:x{1/t");
                TestPort rx = TestPort.open(driver, "netmap:x{1/r");
                TestPort zero = TestPort.open(driver, "netmap:x{1/z")) {
            assertThat(both.port.netmapIf().name()).isEqualTo("x{1/rt#0");
            assertThat(tx.port.netmapIf().name()).isEqualTo("x{1/t#1");
            assertThat(rx.port.netmapIf().name()).isEqualTo("x{1/r#2");
            assertThat(zero.port.netmapIf().name()).isEqualTo("x{1/zrt#3");
        }
    }

    @Test
    void shouldCopyIntoMemoryOfItsOwnAndExchangeInThePorts() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 8);
                TestPort copy = TestPort.open(driver, "netmap:x{1/rt");
                TestPort zero = TestPort.open(driver, "netmap:x{1/z")) {
            assertThat(copy.port.region().memId()).isNotEqualTo(a.port.region().memId());
            assertThat(zero.port.region().memId()).isEqualTo(a.port.region().memId());
        }
    }

    @Test
    void shouldWatchAPortThatAnotherHasExclusively() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1/x", 1, 8);
                TestPort first = TestPort.open(driver, "netmap:x{1/rx");
                TestPort second = TestPort.open(driver, "netmap:x{1/rx")) {
            assertThat(first.port.netmapIf().name()).isEqualTo("x{1/r#0");
            assertThat(second.port.netmapIf().name()).isEqualTo("x{1/r#1");
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"netmap:x{1/rt", "netmap:x{1/z"})
    void shouldFailToSend(final String spec) {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 8);
                TestPort monitor = TestPort.open(driver, spec);
                Poller poller = driver.newPoller()) {
            assertRefused(monitor.port::txSync, Errno.EIO);
            TestPort.put(monitor.tx(), 1);
            assertRefused(monitor.port::txSync, Errno.EIO);
            poller.add(monitor.port, Poller.OUT);
            assertThat(poller.poll(0)).isEqualTo(1);
            assertThat(poller.ready(monitor.port)).isEqualTo(Poller.ERR);
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(strings = {"netmap:x{1/rt", "netmap:x{1/z", "netmap:x{1-1/r"})
    void shouldFailOnceThePortHasLeft(final String spec) {
        final TestPort a = TestPort.open(driver, "netmap:x{1", 2, 8);
        final TestPort again = TestPort.open(driver, "netmap:x{1");
        try (TestPort monitor = TestPort.open(driver, spec);
                Poller poller = driver.newPoller()) {
            poller.add(monitor.port, Poller.IN);
            a.close();
            monitor.port.rxSync();
            assertThat(poller.poll(0)).isZero();
            again.close();
            assertRefused(monitor.port::rxSync, Errno.EIO);
            assertThat(poller.poll(-1)).isEqualTo(1);
            assertThat(poller.ready(monitor.port)).isEqualTo(Poller.ERR);
            try (TestPort reopened = TestPort.open(driver, "netmap:x{1", 2, 8)) {
                assertRefused(monitor.port::rxSync, Errno.EIO);
            }
        }
    }

    @Test
    void shouldOutliveItsPortWithTheBuffersItHas() {
        final TestPort a = TestPort.open(driver, "netmap:x{1", 1, 8);
        final TestPort b = TestPort.open(driver, "netmap:x}1");
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/z")) {
            b.send(1, 2, 3);
            a.receive();
            a.port.rxSync();
            assertThat(monitor.receive()).containsExactly(1, 2, 3);
            a.close();
            b.close();
            assertThat(driver.audit().isBalanced()).isTrue();
            assertThat(TestPort.valueAt(monitor.rx(), 1)).isEqualTo(2);
        }
    }

    @Test
    void shouldSeeARingThatThePortOpensLater() {
        try (TestPort a0 = TestPort.open(driver, "netmap:x{1-0", 2, 8);
                TestPort monitor = TestPort.open(driver, "netmap:x{1/t");
                TestPort a1 = TestPort.open(driver, "netmap:x{1-1")) {
            TestPort.put(a1.tx(0), 7);
            a1.port.txSync();
            monitor.port.rxSync();
            assertThat(TestPort.take(monitor.rx(1))).containsExactly(7);
        }
    }

    @Test
    void shouldSeeTheSelectedRingOnly() {
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 2, 8);
                TestPort monitor = TestPort.open(driver, "netmap:x{1-1/t")) {
            assertThat(monitor.port.netmapIf().rxRings()).hasSize(1);
            TestPort.put(a.tx(0), 6);
            TestPort.put(a.tx(1), 7);
            a.port.txSync();
            monitor.port.rxSync();
            assertThat(monitor.rx(0).ringId()).isEqualTo(1);
            assertThat(TestPort.take(monitor.rx(0))).containsExactly(7);
        }
    }
}
