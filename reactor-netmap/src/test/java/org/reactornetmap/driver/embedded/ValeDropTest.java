package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;
import static org.reactornetmap.driver.embedded.ValePeer.LENGTH;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** What a VALE switch drops, and that it says so exactly. */
class ValeDropTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final ValePeer a = ValePeer.open(driver, "vale0:a", 1, 16);
    private final ValePeer b = ValePeer.open(driver, "vale0:b", 1, 8);

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        ValePeer.assertBalanced(driver);
        a.close();
        b.close();
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private SwitchStatistics of(final String port) {
        return ValePeer.statistics(driver, port);
    }

    @Test
    void shouldDropForAFullReceiverAndNeverHoldTheSenderUp() {
        for (int round = 0; round < 4; round++) {
            final int first = 100 * round;
            IntStream.range(0, 15).forEach(i -> a.put(ALL, 1, first + i));
            a.send();
            assertThat(TestPort.space(a.port.tx())).isEqualTo(15);
        }
        assertThat(b.receive()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(of("vale0:b").ringFull()).isEqualTo(60 - 7);
        assertThat(of("vale0:b").delivered()).isEqualTo(7);
        assertThat(of("vale0:a").received()).isEqualTo(60);
        // Only the next sync gives the slots back.
        a.put(ALL, 1, 500).send();
        assertThat(of("vale0:b").ringFull()).isEqualTo(54);
        assertThat(b.receive()).isEmpty();
        a.put(ALL, 1, 501).send();
        assertThat(b.receive()).containsExactly(501);
    }

    @Test
    void shouldTakeAMultiSlotPacketWholeOrNot() {
        a.put(ALL, 1, 0)
                .put(ALL, 1, 1)
                .put(ALL, 1, 2)
                .put(ALL, 1, 3)
                .put(ALL, 1, 4)
                .send();
        a.putMore(ALL, 1, 10).putMore(ALL, 1, 11).put(ALL, 1, 12).send();
        assertThat(of("vale0:b").ringFull()).isOne();
        assertThat(b.receive()).containsExactly(0, 1, 2, 3, 4);
        b.port.port.rxSync();
        a.putMore(ALL, 1, 10).putMore(ALL, 1, 11).put(ALL, 1, 12).send();
        assertThat(b.receive()).containsExactly(10, 11, 12);
        assertThat(of("vale0:b").delivered()).isEqualTo(6);
    }

    /** Seven slots are free: what comes behind the packet that doesn't fit is dropped although it would. */
    @Test
    void shouldStopAtTheFirstPacketThatDoesNotFit() {
        a.put(ALL, 1, 0).put(ALL, 1, 1).put(ALL, 1, 2).put(ALL, 1, 3).put(ALL, 1, 4);
        a.putMore(ALL, 1, 10).putMore(ALL, 1, 11).put(ALL, 1, 12);
        a.put(ALL, 1, 20).put(ALL, 1, 21).send();
        assertThat(b.receive()).containsExactly(0, 1, 2, 3, 4);
        assertThat(of("vale0:b").ringFull()).isEqualTo(3);
        // The slots that were leased for it are free again.
        b.port.port.rxSync();
        IntStream.range(30, 37).forEach(i -> a.put(ALL, 1, i));
        a.send();
        assertThat(b.receive()).containsExactly(30, 31, 32, 33, 34, 35, 36);
    }

    @Test
    void shouldDropFramesWithoutAWholeHeader() {
        a.fill(0, ALL, 1, 0).commit(0, 13, 0).commit(0, 0, 0);
        a.fill(0, ALL, 1, 0).commit(0, 14, 0).send();
        b.port.port.rxSync();
        assertThat(TestPort.space(b.port.rx())).isOne();
        assertThat(NetmapSlotDescriptor.len(b.port.rx().slotWord(0))).isEqualTo(14);
        assertThat(of("vale0:a").malformed()).isEqualTo(2);
        assertThat(of("vale0:a").received()).isEqualTo(3);
    }

    @Test
    void shouldDropBadBuffersAndLengths() {
        final long good = a.port.tx().slotWord(0);
        for (final int bufIdx : new int[] {0, 1, 1 << 20, -1}) {
            a.port.tx().slotWord(a.port.tx().head(), NetmapSlotDescriptor.word(bufIdx, LENGTH, 0));
            TestPort.advance(a.port.tx(), 1);
        }
        a.commit(0, 257, 0).commit(0, 65_535, 0).put(ALL, 1, 7).send();
        assertThat(b.receive()).containsExactly(7);
        assertThat(of("vale0:a").malformed()).isEqualTo(6);
        // They are the sender's slots: the sender mends them.
        for (int i = 0; i < 4; i++) {
            a.port.tx().slotWord(i, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(good) + i, 0, 0));
        }
    }

    @Test
    void shouldDropForAReceiverThatHasNoRingOpen() {
        try (ValePeer sender = ValePeer.open(driver, "vale0:c/T", 2, 16);
                ValePeer half = ValePeer.openRing(driver, "vale0:d", 1, 2)) {
            sender.put(0, 9, 3, 0).put(1, 9, 3, 0).send();
            half.put(ALL, 4, 1).send();
            a.receive();
            b.receive();
            a.put(3, 1, 10).put(3, 1, 11).put(4, 1, 12).send();
            assertThat(of("vale0:c").closed()).isEqualTo(2 + 1);
            assertThat(of("vale0:d").closed()).isEqualTo(2 + 1);
            sender.put(1, 4, 3, 20).put(0, 4, 3, 21).send();
            assertThat(half.receive()).containsExactly(20);
            assertThat(of("vale0:d").closed()).isEqualTo(2 + 1 + 1);
        }
        assertThat(b.receive()).isEmpty();
    }

    @Test
    void shouldCountForAPortThatComesBackUnderItsName() {
        try (ValePeer c = ValePeer.open(driver, "vale0:c")) {
            c.put(ALL, 3, 0).send();
        }
        try (ValePeer c = ValePeer.open(driver, "vale0:c")) {
            c.put(ALL, 3, 0).send();
        }
        assertThat(of("vale0:c").received()).isEqualTo(2);
        assertThat(driver.switchStatistics().stream().map(SwitchStatistics::port))
                .isEqualTo(List.of("vale0:a", "vale0:b", "vale0:c"));
        assertThat(of("vale0:c").dropped()).isZero();
    }
}
