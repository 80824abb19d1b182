package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_INDIRECT;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_NO_LEARN;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingStateException;

/** What moves through a pipe, and when each end sees it (netmap_pipe.c). */
class PipeTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final TestPort a = TestPort.open(driver, "netmap:x{1", 2, 16);
    private final TestPort b = TestPort.open(driver, "netmap:x}1");

    @AfterEach
    void accountForEveryBuffer() {
        assertThat(driver.audit().isBalanced()).isTrue();
        a.close();
        b.close();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    @Test
    void shouldMoveSlotsBothWays() {
        a.send(1, 2, 3);
        assertThat(b.receive()).containsExactly(1, 2, 3);
        b.send(4, 5);
        assertThat(a.receive()).containsExactly(4, 5);
    }

    @Test
    void shouldJoinTxRingToRxRingOfTheSameNumber() {
        TestPort.put(a.tx(1), 7);
        a.port.txSync();
        b.port.rxSync();
        assertThat(TestPort.space(b.rx(0))).isZero();
        assertThat(TestPort.take(b.rx(1))).containsExactly(7);
    }

    @Test
    void shouldShowNothingBeforeTheSendersSync() {
        TestPort.put(a.tx(), 1);
        assertThat(b.receive()).isEmpty();
        a.port.txSync();
        assertThat(b.receive()).containsExactly(1);
    }

    @Test
    void shouldMoveReceiversTailOnlyInItsOwnSync() {
        a.send(1);
        assertThat(b.rx().tail()).isZero();
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(1);
    }

    @Test
    void shouldMoveSendersTailOneSyncAfterTheRelease() {
        a.send(1, 2, 3);
        b.receive();
        b.port.rxSync();
        assertThat(a.tx().tail()).isEqualTo(15);
        a.port.txSync();
        assertThat(a.tx().tail()).isEqualTo(2);
    }

    @Test
    void shouldReadTailBeforeItCopies() {
        // The receiver has released by the time of this sync, so it sees that release although it sends as well.
        a.send(1, 2, 3);
        b.receive();
        b.port.rxSync();
        a.send(4);
        assertThat(a.tx().tail()).isEqualTo(2);
    }

    @Test
    void shouldKeepOneSlotEmpty() {
        assertThat(TestPort.space(a.tx())).isEqualTo(15);
        assertThat(TestPort.space(a.rx())).isZero();
        a.send(IntStream.range(0, 15).toArray());
        assertThat(TestPort.space(a.tx())).isZero();
        assertThat(b.receive()).hasSize(15);
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(ints = {0, 1, 7, 15})
    void shouldLeaveAsMuchSpaceAsWasReceived(final int received) {
        // max_avail - avail == sent - received
        a.send(IntStream.range(0, 15).toArray());
        b.port.rxSync();
        TestPort.advance(b.rx(), received);
        b.port.rxSync();
        a.port.txSync();
        assertThat(TestPort.space(a.tx())).isEqualTo(received);
    }

    @Test
    void shouldRefuseOneSlotMoreThanAvailable() {
        a.send(IntStream.range(0, 15).toArray());
        TestPort.put(a.tx(), 99);
        assertThatThrownBy(a.port::txSync).isInstanceOf(RingStateException.class);
        a.tx().head(15);
        a.tx().cur(15);
    }

    @Test
    void shouldLoseNothingWhenTheReceiverIsSlow() {
        int next = 0;
        int expected = 0;
        for (int round = 0; round < 1_000; round++) {
            while (TestPort.space(a.tx()) > 0) {
                TestPort.put(a.tx(), next++);
            }
            a.port.txSync();
            b.port.rxSync();
            for (int i = 0; i < round % 4 && b.rx().head() != b.rx().tail(); i++) {
                assertThat(TestPort.valueAt(b.rx(), b.rx().head())).isEqualTo(expected++);
                TestPort.advance(b.rx(), 1);
            }
        }
        assertThat(next - expected).isBetween(0, 15);
    }

    @Test
    void shouldCopyTheWholeSlot() {
        final NetmapRing tx = a.tx();
        final int buffer = bufIdx(tx.slotWord(0));
        tx.slotWord(0, word(buffer, 60, NS_NO_LEARN | NS_INDIRECT));
        tx.slotPtr(0, 0x1234_5678_9ABC_DEF0L);
        TestPort.advance(tx, 1);
        a.port.txSync();
        b.port.rxSync();
        assertThat(b.rx().slotWord(0)).isEqualTo(word(buffer, 60, NS_NO_LEARN | NS_INDIRECT));
        assertThat(b.rx().slotPtr(0)).isEqualTo(0x1234_5678_9ABC_DEF0L);
    }

    @Test
    void shouldPassBadSlotsOnUnchecked() {
        final NetmapRing tx = a.tx();
        final long good = tx.slotWord(0);
        tx.slotWord(0, word(-1, 65_535, 0));
        TestPort.advance(tx, 1);
        a.port.txSync();
        b.port.rxSync();
        assertThat(b.rx().slotWord(0)).isEqualTo(word(-1, 65_535, 0));
        b.rx().slotWord(0, good);
    }

    @Test
    void shouldClearBufChangedAtTheSenderOnly() {
        final NetmapRing tx = a.tx();
        tx.slotWord(0, tx.slotWord(0) | word(0, 0, NS_BUF_CHANGED));
        TestPort.advance(tx, 1);
        a.port.txSync();
        b.port.rxSync();
        assertThat(flags(tx.slotWord(0))).isZero();
        assertThat(flags(b.rx().slotWord(0))).isEqualTo(NS_BUF_CHANGED);
    }

    @Test
    void shouldCopyReleasedSlotsBack() {
        a.send(1);
        b.port.rxSync();
        final NetmapRing rx = b.rx();
        rx.slotWord(0, word(bufIdx(rx.slotWord(0)), 99, NS_BUF_CHANGED));
        rx.slotPtr(0, 42);
        TestPort.advance(rx, 1);
        b.port.rxSync();
        assertThat(len(a.tx().slotWord(0))).isEqualTo(99);
        assertThat(a.tx().slotPtr(0)).isEqualTo(42);
        assertThat(flags(a.tx().slotWord(0))).isEqualTo(NS_BUF_CHANGED);
        assertThat(flags(rx.slotWord(0))).isZero();
    }

    @Test
    void shouldHandABufferThatTheReceiverSwappedInToTheSender() {
        a.send(1);
        b.port.rxSync();
        final NetmapRing rx = b.rx();
        final NetmapRing tx = b.tx();
        final long received = rx.slotWord(0);
        final int other = bufIdx(tx.slotWord(0));
        // Zero-copy forwarding: the received buffer leaves by b's TX ring, which gives its own for it.
        tx.slotWord(0, word(bufIdx(received), len(received), NS_BUF_CHANGED));
        rx.slotWord(0, word(other, 0, NS_BUF_CHANGED));
        TestPort.advance(rx, 1);
        TestPort.advance(tx, 1);
        b.port.txSync();
        b.port.rxSync();
        assertThat(bufIdx(a.tx().slotWord(0))).isEqualTo(other);
        assertThat(a.receive()).containsExactly(1);
    }

    @Test
    void shouldShowAPacketOnlyWhenItsLastSlotIsIn() {
        TestPort.put(a.tx(), 1);
        TestPort.put(a.tx(), 2, NS_MOREFRAG);
        TestPort.put(a.tx(), 3, NS_MOREFRAG);
        a.port.txSync();
        assertThat(b.receive()).containsExactly(1);
        a.port.txSync();
        assertThat(b.receive()).isEmpty();
        TestPort.put(a.tx(), 4);
        TestPort.put(a.tx(), 5, NS_MOREFRAG);
        a.port.txSync();
        assertThat(b.receive()).containsExactly(2, 3, 4);
    }

    @Test
    void shouldAccountForTheSlotsOfAnUnfinishedPacket() {
        TestPort.put(a.tx(), 1, NS_MOREFRAG);
        TestPort.put(a.tx(), 2, NS_MOREFRAG);
        a.port.txSync();
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    @Test
    void shouldReleaseUpToHeadAndNotUpToCur() {
        a.send(1, 2, 3);
        b.port.rxSync();
        b.rx().cur(3);
        b.rx().head(1);
        b.port.rxSync();
        a.port.txSync();
        assertThat(a.tx().tail()).isZero();
    }

    @Test
    void shouldRestoreATailThatTheUserOverwrote() {
        a.send(1);
        a.tx().tail(3);
        a.port.txSync();
        assertThat(a.tx().tail()).isEqualTo(15);
        b.rx().tail(9);
        b.port.rxSync();
        assertThat(b.rx().tail()).isEqualTo(1);
    }

    @Test
    void shouldStampRxRingsAtEachRxSyncAndTxRingsNever() {
        final EmbeddedDriver timed = EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(4_096)
                .clock(() -> 1_700_000_000_123_456_789L)
                .build());
        try (TestPort port = TestPort.open(timed, "netmap:t{1")) {
            assertThat(port.rx().timestampNanos()).isZero();
            port.port.rxSync();
            port.port.txSync();
            assertThat(port.rx().timestampNanos()).isEqualTo(1_700_000_000_123_456_000L);
            assertThat(port.tx().timestampNanos()).isZero();
        }
    }

    @Test
    void shouldNotAskForAPowerOfTwo() {
        try (TestPort c = TestPort.open(driver, "netmap:odd{1", 1, 7);
                TestPort d = TestPort.open(driver, "netmap:odd}1")) {
            assertThat(c.tx().numSlots()).isEqualTo(7);
            for (int i = 0; i < 100; i++) {
                c.send(i, i + 1, i + 2, i + 3, i + 4);
                assertThat(d.receive()).isEqualTo(List.of(i, i + 1, i + 2, i + 3, i + 4));
                d.port.rxSync();
                c.port.txSync();
            }
        }
    }

    @Test
    void shouldShareEachBufferBetweenBothRings() {
        for (int i = 0; i < 16; i++) {
            assertThat(a.tx().slotWord(i)).isEqualTo(b.rx().slotWord(i));
            assertThat(bufIdx(a.tx().slotWord(i))).isGreaterThanOrEqualTo(NetmapSlotDescriptor.FIRST_BUFFER);
        }
    }
}
