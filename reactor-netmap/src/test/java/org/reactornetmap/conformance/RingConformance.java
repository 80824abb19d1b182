package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.conformance.RawPort.advance;
import static org.reactornetmap.conformance.RawPort.space;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;

/** What holds for every ring, shown by those of a pipe: how they begin, when pointers move, what is legal. */
abstract class RingConformance extends ConformanceTest {
    private static final byte[] FRAME = Traffic.frame(60, 'f');

    private RawPort a() {
        return open("netmap:p{1@conf:slots=16");
    }

    private RawPort b() {
        return open("netmap:p}1");
    }

    @Test
    @Pins("1.1.2a")
    void shouldGiveEachSlotABufferOfItsOwn() {
        final Set<Integer> seen = new HashSet<>();
        final RawPort a = open("netmap:p{1@1@conf:rings=2", 0);
        final RawPort n = open("null:n@1@conf:rings=2,slots=32");
        for (final RawPort port : List.of(a, n)) {
            for (final NetmapRing ring : Stream.concat(
                            port.port.netmapIf().txRings().stream(),
                            port == n ? port.port.netmapIf().rxRings().stream() : Stream.of())
                    .toList()) {
                for (int i = 0; i < ring.numSlots(); i++) {
                    final int buffer = bufIdx(ring.slotWord(i));
                    assertThat(buffer).isGreaterThanOrEqualTo(2);
                    assertThat(seen.add(buffer)).as("buffer %d is new", buffer).isTrue();
                }
            }
        }
    }

    @Test
    @Pins("1.1.2b")
    void shouldBeginWithSlotsOfAWholeBuffer() {
        final NetmapRing tx = a().tx();
        for (int i = 0; i < tx.numSlots(); i++) {
            assertThat(len(tx.slotWord(i))).isEqualTo(tx.buffers().bufSize());
            assertThat(flags(tx.slotWord(i))).isZero();
            assertThat(tx.slotPtr(i)).isZero();
        }
    }

    @Test
    @Pins("1.1.5")
    void shouldWrapWhereTheRingEndsNotAtAPowerOfTwo() {
        final RawPort a = open("netmap:p{1@conf:slots=13");
        final RawPort b = b();
        assertThat(a.tx().numSlots()).isEqualTo(13);
        for (int i = 0; i < 40; i++) {
            a.send(Traffic.frame(60, i));
            Traffic.assertReceived(b, List.of(Traffic.frame(60, i)));
        }
        assertThat(b.rx().head()).isEqualTo(40 % 13);
    }

    @Test
    @Pins("1.2.1a")
    void shouldBeginTxWithAllSlotsButOneFree() {
        final NetmapRing tx = a().tx();
        assertThat(tx.head()).isZero();
        assertThat(tx.cur()).isZero();
        assertThat(tx.tail()).isEqualTo(15);
    }

    @Test
    @Pins("1.2.1b")
    void shouldBeginRxWithNothing() {
        final NetmapRing rx = a().rx();
        assertThat(rx.head()).isZero();
        assertThat(rx.cur()).isZero();
        assertThat(rx.tail()).isZero();
    }

    @Test
    @Pins("1.2.2a")
    void shouldLookAtRingsInSyncsOnly() {
        final RawPort a = a();
        final RawPort b = b();
        RawPort.put(a.tx(), FRAME, 0);
        assertThat(b.receive()).isEmpty();
        a.port.txSync();
        assertThat(b.receive()).hasSize(1);
    }

    @Test
    @Pins("1.2.2b")
    void shouldMoveTheReceiversTailInItsOwnSyncOnly() {
        final RawPort a = a();
        final RawPort b = b();
        a.send(FRAME);
        assertThat(b.rx().tail()).isZero();
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(1);
    }

    @Test
    @Pins("1.3a")
    void shouldAcceptHeadUpToTail() {
        final RawPort a = a();
        a.tx().cur(15);
        a.tx().head(15);
        a.port.txSync();
        assertThat(space(a.tx())).isZero();
    }

    @Test
    @Pins("1.3a")
    void shouldRefuseTxHeadBeyondTail() {
        final RawPort a = a();
        a.send(FRAME);
        a.tx().head(0);
        a.tx().cur(0);
        assertBadRing(a, Poller.OUT);
    }

    @Test
    @Pins("1.3a")
    void shouldRefuseTxCurBehindHead() {
        final RawPort a = a();
        a.tx().head(3);
        a.tx().cur(2);
        assertBadRing(a, Poller.OUT);
    }

    @Test
    @Pins("1.3a")
    void shouldRefuseTxCurBeyondTail() {
        final RawPort a = a();
        final RawPort b = b();
        a.send(FRAME, FRAME, FRAME);
        b.port.rxSync();
        assertThat(a.tx().tail()).isEqualTo(15);
        a.tx().cur(1);
        assertBadRing(a, Poller.OUT);
    }

    @Test
    @Pins("1.3b")
    void shouldLetRxCurMoveBack() {
        final RawPort a = a();
        final RawPort b = b();
        a.send(FRAME, FRAME, FRAME);
        b.port.rxSync();
        b.rx().cur(3);
        b.port.rxSync();
        b.rx().cur(1);
        assertThat(poll(b, Poller.IN)).isEqualTo(Poller.IN);
        assertThat(b.rx().cur()).isEqualTo(1);
        assertThat(b.rx().head()).isZero();
    }

    @Test
    @Pins("1.3b")
    void shouldRefuseRxHeadBeyondTail() {
        final RawPort a = a();
        final RawPort b = b();
        a.send(FRAME);
        b.port.rxSync();
        advance(b.rx(), 2);
        assertBadRing(b, Poller.IN);
    }

    @Test
    @Pins("1.3b")
    void shouldRefuseRxCurBehindHead() {
        final RawPort a = a();
        final RawPort b = b();
        a.send(FRAME, FRAME, FRAME);
        b.port.rxSync();
        b.rx().head(2);
        b.rx().cur(1);
        assertBadRing(b, Poller.IN);
    }

    @Test
    @Pins("1.3c")
    void shouldRestoreATailThatTheUserWrote() {
        final RawPort a = a();
        final RawPort b = b();
        a.tx().tail(7);
        a.send(FRAME);
        assertThat(a.tx().tail()).isEqualTo(15);
        b.rx().tail(9);
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(1);
    }

    @Test
    @Pins("1.6a")
    void shouldReleaseByHeadAlone() {
        final RawPort a = a();
        final RawPort b = b();
        a.send(FRAME, FRAME, FRAME);
        b.port.rxSync();
        b.rx().cur(3);
        b.port.rxSync();
        a.port.txSync();
        assertThat(a.tx().tail()).isEqualTo(15);
        b.rx().head(2);
        b.port.rxSync();
        a.port.txSync();
        assertThat(a.tx().tail()).isEqualTo(1);
    }

    @Test
    @Pins({"1.6a", "1.6b"})
    void shouldWakeForNewPacketsOnlyWhileCurIsAheadOfHead() {
        final RawPort a = a();
        final RawPort b = b();
        a.send(FRAME, FRAME);
        assertThat(poll(b, Poller.IN)).isEqualTo(Poller.IN);
        b.rx().cur(b.rx().tail());
        assertThat(poll(b, Poller.IN)).isZero();
        a.send(FRAME);
        assertThat(poll(b, Poller.IN)).isEqualTo(Poller.IN);
        assertThat(b.rx().head()).isZero();
        assertThat(space(b.rx())).isEqualTo(1);
    }

    @Test
    @Pins("1.6c")
    void shouldPollOutOnlyWhileTailIsNotCur() {
        final RawPort a = a();
        final RawPort b = b();
        a.tx().cur(15);
        assertThat(poll(a, Poller.OUT)).isZero();
        a.tx().cur(14);
        assertThat(poll(a, Poller.OUT)).isEqualTo(Poller.OUT);
        b.port.rxSync();
        assertThat(space(b.rx())).isZero();
    }
}
