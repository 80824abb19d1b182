package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_TXMON;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.ring.NetmapRing;

/** What a zero-copy monitor sees, when, and what it leaves in the port's slots. */
@SuppressWarnings("try") // some ports are only held open, some close early
class ZeroCopyMonitorTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final TestPort a = TestPort.open(driver, "netmap:x{1", 1, 8);
    private final TestPort b = TestPort.open(driver, "netmap:x}1");

    @AfterEach
    void accountForEveryBuffer() {
        assertThat(driver.audit().isBalanced()).isTrue();
        a.close();
        b.close();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    /** Sends to b, which takes everything and gives it back. */
    private void exchange(final int... values) {
        a.send(values);
        b.receive();
        b.port.rxSync();
    }

    @Test
    void shouldSeeSentPacketsOnlyWhenTheirSlotsAreFreeAgain() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/z")) {
            a.send(1, 2);
            assertThat(monitor.receive()).isEmpty();
            b.receive();
            b.port.rxSync();
            assertThat(monitor.receive()).isEmpty();
            a.port.txSync();
            assertThat(monitor.receive()).containsExactly(1, 2);
        }
    }

    @Test
    void shouldSeeReceivedPacketsOnlyWhenTheyAreReleased() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x}1/z")) {
            a.send(1, 2, 3);
            b.port.rxSync();
            assertThat(monitor.receive()).isEmpty();
            TestPort.advance(b.rx(), 2);
            b.port.rxSync();
            assertThat(monitor.receive()).containsExactly(1, 2);
        }
    }

    @Test
    void shouldSeeWhatTheReceiverMadeOfAPacket() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x}1/z")) {
            a.send(1);
            b.port.rxSync();
            TestPort.write(b.rx().buffers(), bufIdx(b.rx().slotWord(0)), 4_711);
            TestPort.advance(b.rx(), 1);
            b.port.rxSync();
            assertThat(monitor.receive()).containsExactly(4_711);
        }
    }

    @Test
    void shouldExchangeBuffersAndMarkThePortsSlots() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/z")) {
            exchange(1, 2);
            final long sent = a.tx().slotWord(0);
            final int monitors = bufIdx(monitor.rx().slotWord(0));
            final int monitorsLen = len(monitor.rx().slotWord(0));
            a.port.txSync();
            monitor.port.rxSync();
            assertThat(bufIdx(monitor.rx().slotWord(0))).isEqualTo(bufIdx(sent));
            assertThat(len(monitor.rx().slotWord(0))).isEqualTo(len(sent)).isEqualTo(4);
            assertThat(bufIdx(a.tx().slotWord(0))).isEqualTo(monitors);
            assertThat(len(a.tx().slotWord(0))).isEqualTo(monitorsLen);
            assertThat(flags(a.tx().slotWord(0))).isEqualTo(NS_BUF_CHANGED);
            assertThat(flags(a.tx().slotWord(2))).isZero();
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldMarkWhatWasSentAndNotWhatWasReceived() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/z")) {
            exchange(1);
            a.port.txSync();
            b.send(2);
            a.receive();
            a.port.rxSync();
            monitor.port.rxSync();
            assertThat(flags(monitor.rx().slotWord(0)) & NS_TXMON).isEqualTo(NS_TXMON);
            assertThat(flags(monitor.rx().slotWord(1)) & NS_TXMON).isZero();
            assertThat(TestPort.take(monitor.rx())).containsExactly(1, 2);
        }
    }

    @Test
    void shouldSeeBothDirectionsWhateverElseIsAsked() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/zr")) {
            assertThat(monitor.port.netmapIf().name()).isEqualTo("x{1/zrt#0");
            exchange(1);
            a.port.txSync();
            assertThat(monitor.receive()).containsExactly(1);
        }
    }

    @Test
    void shouldKeepTheNewestOfABatchThatDoesNotFit() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/z", 0, 4)) {
            exchange(1, 2, 3, 4, 5, 6);
            final int oldest = bufIdx(a.tx().slotWord(0));
            a.port.txSync();
            assertThat(monitor.receive()).containsExactly(4, 5, 6);
            // What did not fit stays where it was.
            assertThat(bufIdx(a.tx().slotWord(0))).isEqualTo(oldest);
            assertThat(flags(a.tx().slotWord(0))).isZero();
        }
    }

    @Test
    void shouldLetThePortGoOnWhenNobodyReadsTheMonitor() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/z", 0, 4)) {
            final List<Integer> received = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                a.send(i);
                received.addAll(b.receive());
                b.port.rxSync();
            }
            assertThat(received).hasSize(100).isSorted();
            assertThat(monitor.receive()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void shouldHandPacketsFromOneMonitorToTheNext() {
        try (TestPort first = TestPort.open(driver, "netmap:x{1/z");
                TestPort second = TestPort.open(driver, "netmap:x{1/z");
                TestPort third = TestPort.open(driver, "netmap:x{1/z")) {
            exchange(1, 2, 3);
            a.port.txSync();
            assertThat(first.receive()).containsExactly(1, 2, 3);
            // The next one sees what the first has released.
            assertThat(second.receive()).isEmpty();
            first.port.rxSync();
            assertThat(second.receive()).containsExactly(1, 2, 3);
            assertThat(third.receive()).isEmpty();
            second.port.rxSync();
            assertThat(third.receive()).containsExactly(1, 2, 3);
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldLoseTheMarkOnTheWayToTheNextMonitor() {
        // As in the kernel: the first monitor's ring is an RX ring, and what it releases counts as received.
        try (TestPort first = TestPort.open(driver, "netmap:x{1/z");
                TestPort second = TestPort.open(driver, "netmap:x{1/z")) {
            exchange(1);
            a.port.txSync();
            first.receive();
            first.port.rxSync();
            second.port.rxSync();
            assertThat(flags(second.rx().slotWord(0)) & NS_TXMON).isZero();
        }
    }

    @Test
    void shouldCloseTheGapWhenAMonitorOfTheChainCloses() {
        final TestPort first = TestPort.open(driver, "netmap:x{1/z");
        try (TestPort second = TestPort.open(driver, "netmap:x{1/z");
                TestPort third = TestPort.open(driver, "netmap:x{1/z")) {
            second.close();
            exchange(1);
            a.port.txSync();
            assertThat(first.receive()).containsExactly(1);
            first.port.rxSync();
            assertThat(third.receive()).containsExactly(1);
            first.close();
            exchange(2);
            a.port.txSync();
            assertThat(third.receive()).containsExactly(2);
            third.close();
            try (TestPort again = TestPort.open(driver, "netmap:x{1/z")) {
                exchange(3);
                a.port.txSync();
                assertThat(again.receive()).containsExactly(3);
            }
        }
    }

    @Test
    void shouldServeCopyMonitorsOfTheSameRingAsWell() {
        try (TestPort zero = TestPort.open(driver, "netmap:x{1/z");
                TestPort copy = TestPort.open(driver, "netmap:x{1/rt")) {
            exchange(1, 2);
            assertThat(copy.receive()).containsExactly(1, 2);
            assertThat(zero.receive()).isEmpty();
            a.port.txSync();
            assertThat(zero.receive()).containsExactly(1, 2);
            assertThat(copy.receive()).isEmpty();
        }
    }

    @Test
    void shouldAccountForEachBufferOnceWhateverIsUnderWay() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/z", 0, 5);
                TestPort other = TestPort.open(driver, "netmap:x}1/z", 0, 6)) {
            for (int i = 0; i < 200; i++) {
                final NetmapRing tx = i % 3 == 0 ? b.tx() : a.tx();
                for (int n = i % 5; n > 0 && TestPort.space(tx) > 0; n--) {
                    TestPort.put(tx, i);
                }
                a.port.txSync();
                b.port.txSync();
                if (i % 2 == 0) {
                    b.receive();
                    a.receive();
                }
                if (i % 7 == 0) {
                    monitor.receive();
                }
                if (i % 11 == 0) {
                    other.receive();
                }
                assertThat(driver.audit().isBalanced()).as("round %d", i).isTrue();
            }
        }
    }
}
