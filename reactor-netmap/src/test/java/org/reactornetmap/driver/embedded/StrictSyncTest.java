package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingStateException;

/** STRICT: an illegal head or cur is an exception, and nothing has changed. */
class StrictSyncTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final TestPort a = TestPort.open(driver, "netmap:x{1", 1, 10);
    private final TestPort b = TestPort.open(driver, "netmap:x}1");

    /** TX: rhead 6, rtail 3 (wrapped). RX at the other end: hwcur 4, hwtail 6. */
    private void wrap() {
        a.send(0, 1, 2, 3, 4, 5);
        b.port.rxSync();
        TestPort.advance(b.rx(), 4);
        b.port.rxSync();
        a.port.txSync();
        assertThat(a.tx().tail()).isEqualTo(3);
        assertThat(b.rx().tail()).isEqualTo(6);
    }

    @ParameterizedTest(name = "{displayName} head {0} cur {1}")
    @CsvSource({"4,4", "5,5", "4,6", "6,4", "6,5", "7,6", "0,9", "3,2", "10,10", "-1,-1", "6,10", "6,-1", "2147483647,0"
    })
    void shouldRefuseIllegalTxPointersAndChangeNothing(final int head, final int cur) {
        wrap();
        a.tx().head(head);
        a.tx().cur(cur);
        assertThatThrownBy(a.port::txSync)
                .isInstanceOf(RingStateException.class)
                .hasMessageContaining("x{1 TX0")
                .hasMessageContaining("head=" + Integer.toUnsignedString(head))
                .hasMessageContaining("cur=" + Integer.toUnsignedString(cur))
                .hasMessageContaining("tail=3")
                .hasMessageContaining("hwcur=6")
                .hasMessageContaining("hwtail=3")
                .hasMessageContaining("rhead=6");
        a.tx().head(6);
        a.tx().cur(6);
        a.send(6, 7);
        assertThat(b.receive()).containsExactly(4, 5, 6, 7);
    }

    @ParameterizedTest(name = "{displayName} head {0} cur {1}")
    @CsvSource({"6,6", "6,3", "9,9", "0,0", "3,3", "2,3", "7,1"})
    void shouldAcceptLegalTxPointersAcrossTheWrap(final int head, final int cur) {
        wrap();
        a.tx().head(head);
        a.tx().cur(cur);
        a.port.txSync();
    }

    @ParameterizedTest(name = "{displayName} head {0} cur {1}")
    @CsvSource({"3,4", "7,7", "5,4", "4,7", "0,0", "10,10", "-1,4", "4,-1"})
    void shouldRefuseIllegalRxPointersAndChangeNothing(final int head, final int cur) {
        wrap();
        b.rx().head(head);
        b.rx().cur(cur);
        assertThatThrownBy(b.port::rxSync)
                .isInstanceOf(RingStateException.class)
                .hasMessageContaining("x}1 RX0")
                .hasMessageContaining("hwcur=4")
                .hasMessageContaining("hwtail=6");
        b.rx().head(4);
        b.rx().cur(4);
        assertThat(b.receive()).containsExactly(4, 5);
    }

    @Test
    void shouldLetRxCurMoveBackToHead() {
        wrap();
        b.rx().cur(6);
        b.port.rxSync();
        b.rx().cur(4);
        b.port.rxSync();
    }

    @Test
    void shouldNotLetTxHeadMoveBack() {
        a.send(1, 2);
        a.tx().head(1);
        a.tx().cur(1);
        assertThatThrownBy(a.port::txSync).isInstanceOf(RingStateException.class);
    }

    @Test
    void shouldThrowFromPollAsWell() {
        try (Poller poller = driver.newPoller()) {
            poller.add(a.port, Poller.OUT);
            poller.add(b.port, Poller.IN);
            a.tx().head(5_000);
            assertThatThrownBy(() -> poller.poll(0)).isInstanceOf(RingStateException.class);
            assertThatThrownBy(() -> poller.poll(-1)).isInstanceOf(RingStateException.class);
            a.tx().head(0);
            b.rx().cur(77);
            assertThatThrownBy(() -> poller.poll(-1)).isInstanceOf(RingStateException.class);
        }
    }

    @Test
    void shouldSignalWhatWasSentBeforeABadRing() {
        try (TestPort two = TestPort.open(driver, "netmap:y{1", 2, 8);
                TestPort peer = TestPort.open(driver, "netmap:y}1")) {
            final NetmapRing good = two.tx(0);
            TestPort.put(good, 5);
            two.tx(1).head(99);
            assertThatThrownBy(two.port::txSync)
                    .isInstanceOf(RingStateException.class)
                    .hasMessageContaining("y{1 TX1");
            peer.port.rxSync();
            assertThat(TestPort.take(peer.rx(0))).containsExactly(5);
        }
    }
}
