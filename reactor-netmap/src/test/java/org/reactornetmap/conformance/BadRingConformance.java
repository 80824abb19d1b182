package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.ring.RingStateException;

/** What a sync does with a ring whose pointers are illegal: netmap goes on in its own way, a strict driver throws. */
abstract class BadRingConformance extends ConformanceTest {
    private static final int SLOTS = 1_024;

    private RawPort a;
    private RawPort b;

    private void pipe() {
        a = open("netmap:p{1@conf:slots=" + SLOTS);
        b = open("netmap:p}1");
    }

    private static void sendMany(final RawPort port, final int count) {
        Traffic.send(
                port,
                IntStream.range(0, count).mapToObj(i -> Traffic.frame(60, i)).toList());
    }

    /** hwcur 100, tail 200. */
    private void txAt100To200() {
        pipe();
        sendMany(a, SLOTS - 1);
        b.port.rxSync();
        RawPort.advance(b.rx(), 201);
        b.port.rxSync();
        a.port.txSync();
        sendMany(a, 101);
        assertThat(a.tx().head()).isEqualTo(100);
        assertThat(a.tx().tail()).isEqualTo(200);
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(100);
    }

    private void rxAt100To200() {
        pipe();
        sendMany(a, 200);
        b.port.rxSync();
        RawPort.advance(b.rx(), 100);
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(200);
    }

    @Test
    @Pins({"1.4a", "1.5a"})
    void shouldSkipTheFirstBadTxSyncAndSendStrangersSlotsInTheSecond() {
        assumeFaithful();
        txAt100To200();
        RawPort.moveTo(a.tx(), 300);
        a.port.txSync();
        b.port.rxSync();
        assertThat(b.rx().tail()).as("nothing sent by the first sync").isEqualTo(100);
        a.port.txSync();
        b.port.rxSync();
        assertThat(b.rx().tail()).as("200 slots sent by the second").isEqualTo(300);
    }

    @Test
    @Pins({"1.4b", "1.5b"})
    void shouldShow924PhantomPacketsAfterABadRxSync() {
        assumeFaithful();
        rxAt100To200();
        RawPort.moveTo(b.rx(), 300);
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(200);
        assertThat(RingMath.distance(b.rx().head(), b.rx().tail(), SLOTS)).isEqualTo(924);
        a.port.txSync();
        assertThat(a.tx().tail())
                .as("200 slots released, half of them never received")
                .isEqualTo(299);
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(200);
    }

    @Test
    @Pins("1.4c")
    void shouldPollErrorForABadRing() {
        txAt100To200();
        RawPort.moveTo(a.tx(), 300);
        assertBadRing(a, Poller.OUT);
    }

    @Test
    @Pins("1.4d")
    void shouldResetBadSlotsOfABadRing() {
        assumeFaithful();
        pipe();
        final NetmapRing tx = a.tx();
        final long before = tx.slotWord(5);
        tx.slotWord(5, word(1, 60, 0));
        tx.slotWord(6, word(bufIdx(tx.slotWord(6)), tx.buffers().bufSize() + 1, 0));
        tx.cur(5);
        tx.head(6);
        a.port.txSync();
        assertThat(bufIdx(tx.slotWord(5))).isZero();
        assertThat(len(tx.slotWord(5))).isZero();
        assertThat(len(tx.slotWord(6))).isZero();
        tx.slotWord(5, before);
    }

    @Test
    @Pins("1.4e")
    void shouldResetPointersThatAreOutOfRange() {
        assumeFaithful();
        txAt100To200();
        a.tx().head(SLOTS + 7);
        a.tx().cur(SLOTS + 7);
        a.port.txSync();
        assertThat(a.tx().head()).isEqualTo(100);
        assertThat(a.tx().cur()).isEqualTo(100);
        assertThat(a.tx().tail()).isEqualTo(200);
    }

    @Test
    @Pins("1.5c")
    void shouldThrowWithAllPointersWhereTheDriverIsStrict() {
        Assumptions.assumeTrue(target().isStrict(), () -> target() + " is not strict: it does what netmap does");
        txAt100To200();
        RawPort.moveTo(a.tx(), 300);
        assertThatThrownBy(a.port::txSync)
                .isInstanceOf(RingStateException.class)
                .hasMessageContainingAll("300", "100", "200");
        RawPort.moveTo(a.tx(), 100);
        a.send(Traffic.frame(60, 'g'));
        RawPort.advance(b.rx(), RawPort.space(b.rx()));
        Traffic.assertReceived(b, List.of(Traffic.frame(60, 'g')));
    }
}
