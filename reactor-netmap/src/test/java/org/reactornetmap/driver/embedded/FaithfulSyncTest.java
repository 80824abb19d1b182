package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** FAITHFUL: what the kernel makes of an illegal head or cur, traps included. */
class FaithfulSyncTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.FAITHFUL);
    private final TestPort a = TestPort.open(driver, "netmap:x{1", 1, 1_024);
    private final TestPort b = TestPort.open(driver, "netmap:x}1");

    private static void set(final NetmapRing ring, final int headAndCur) {
        ring.head(headAndCur);
        ring.cur(headAndCur);
    }

    /** TX: hwcur 100, tail 200. */
    private void txAt100To200() {
        a.send(IntStream.range(0, 1_023).toArray());
        b.port.rxSync();
        TestPort.advance(b.rx(), 201);
        b.port.rxSync();
        a.port.txSync();
        a.send(IntStream.range(0, 101).toArray());
        b.port.rxSync();
        assertThat(a.tx().head()).isEqualTo(100);
        assertThat(a.tx().tail()).isEqualTo(200);
        assertThat(b.rx().tail()).isEqualTo(100);
    }

    @Test
    void shouldSkipTheTxSyncAtAnIllegalHeadAndSendSlotsNeverOwnedAtTheNext() {
        txAt100To200();
        set(a.tx(), 300);
        a.port.txSync();
        b.port.rxSync();
        assertThat(b.rx().tail()).as("sync 1 is skipped").isEqualTo(100);
        a.port.txSync();
        b.port.rxSync();
        assertThat(b.rx().tail())
                .as("sync 2 sends 200 slots, 100 of them not the user's")
                .isEqualTo(300);
    }

    @Test
    void shouldRunTheRxSyncAtAnIllegalHeadAndShow924PhantomPackets() {
        a.send(IntStream.range(0, 200).toArray());
        b.port.rxSync();
        TestPort.advance(b.rx(), 100);
        b.port.rxSync();
        set(b.rx(), 300);
        b.port.rxSync();
        assertThat(TestPort.space(b.rx())).as("phantom packets").isEqualTo(924);
        a.port.txSync();
        assertThat(a.tx().tail())
                .as("200 slots were released, 100 of them never received")
                .isEqualTo(299);
        b.port.rxSync();
        assertThat(b.rx().head()).as("sync 2 passes").isEqualTo(300);
        assertThat(TestPort.space(b.rx())).isEqualTo(924);
    }

    @Test
    void shouldRepairPointersOutsideTheRing() {
        a.send(1, 2, 3);
        set(a.tx(), 1_024);
        a.port.txSync();
        assertThat(a.tx().head()).isEqualTo(3);
        assertThat(a.tx().cur()).isEqualTo(3);
        assertThat(a.tx().tail()).isEqualTo(1_023);
        b.port.rxSync();
        b.rx().head(-1);
        b.port.rxSync();
        assertThat(b.rx().head()).isZero();
        assertThat(b.rx().cur()).isZero();
        assertThat(b.receive()).containsExactly(1, 2, 3);
    }

    @Test
    void shouldRepairAllThreeIfOnlyTailIsOutside() {
        // head and cur are wrong but in range: they would be taken over, were it not for tail.
        a.send(1, 2, 3);
        set(a.tx(), 1);
        a.tx().tail(9_999);
        a.port.txSync();
        assertThat(a.tx().head()).isEqualTo(3);
        assertThat(a.tx().tail()).isEqualTo(1_023);
    }

    @Test
    void shouldTakeOverATailThatTheUserWroteWhenTheRingIsBad() {
        a.send(1, 2, 3);
        set(a.tx(), 1);
        a.tx().tail(500);
        a.port.txSync();
        assertThat(a.tx().tail()).isEqualTo(500);
        assertThat(a.tx().head()).isEqualTo(1);
    }

    @Test
    void shouldDisarmBadSlotsOfABadRing() {
        final NetmapRing tx = a.tx();
        final long good = tx.slotWord(5);
        tx.slotWord(5, word(1, 60, 8));
        tx.slotWord(6, word(4_096, 60, 0));
        tx.slotWord(7, word(NetmapSlotDescriptor.bufIdx(good), 257, 4));
        tx.slotWord(8, word(NetmapSlotDescriptor.bufIdx(good), 256, 0));
        tx.head(5_000);
        a.port.txSync();
        assertThat(tx.slotWord(5)).isEqualTo(word(0, 0, 8));
        assertThat(tx.slotWord(6)).isEqualTo(word(0, 0, 0));
        assertThat(tx.slotWord(7)).isEqualTo(word(NetmapSlotDescriptor.bufIdx(good), 0, 4));
        assertThat(tx.slotWord(8)).isEqualTo(word(NetmapSlotDescriptor.bufIdx(good), 256, 0));
    }

    @Test
    void shouldLetATxCurOutsideTheRingPassPastTheWrap() {
        // nm_txsync_prologue does not compare cur with num_slots when tail has wrapped and head has not.
        txAt100To200();
        a.send(IntStream.range(0, 100).toArray());
        b.port.rxSync();
        TestPort.advance(b.rx(), 50);
        b.port.rxSync();
        set(b.rx(), b.rx().tail());
        b.port.rxSync();
        a.port.txSync();
        final NetmapRing tx = a.tx();
        assertThat(tx.tail()).as("wrapped").isLessThan(tx.head());
        TestPort.put(tx, 77);
        tx.cur(70_000);
        a.port.txSync();
        b.port.rxSync();
        assertThat(TestPort.take(b.rx())).containsExactly(77);
    }

    @Test
    void shouldReportABadRingAsErrFromPoll() {
        try (Poller poller = driver.newPoller()) {
            poller.add(a.port, Poller.OUT);
            a.tx().head(5_000);
            assertThat(poller.poll(0)).isEqualTo(1);
            assertThat(poller.ready(a.port)).isEqualTo(Poller.ERR | Poller.OUT);
            assertThat(poller.poll(0)).isEqualTo(1);
            assertThat(poller.ready(a.port)).isEqualTo(Poller.OUT);
            poller.add(a.port, Poller.IN);
            a.rx().cur(1);
            poller.poll(0);
            assertThat(poller.ready(a.port) & Poller.ERR).isEqualTo(Poller.ERR);
        }
    }

    @Test
    void shouldMoveLegalSlotsAsStrictDoes() {
        for (int i = 0; i < 3_000; i++) {
            a.send(i, i + 1);
            assertThat(b.receive()).containsExactly(i, i + 1);
            b.port.rxSync();
            a.port.txSync();
        }
        assertThat(driver.audit().isBalanced()).isTrue();
    }
}
