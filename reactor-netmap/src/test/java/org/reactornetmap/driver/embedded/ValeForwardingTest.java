package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** Where a VALE switch sends a packet. */
class ValeForwardingTest {
    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
    private final List<ValePeer> open = new ArrayList<>();

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        ValePeer.assertBalanced(driver);
        open.forEach(ValePeer::close);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    private ValePeer open(final String spec) {
        return open(driver, spec, 1, 0);
    }

    private ValePeer open(final EmbeddedDriver in, final String spec, final int rings, final int slots) {
        final ValePeer made = ValePeer.open(in, spec, rings, slots);
        open.add(made);
        return made;
    }

    @Test
    void shouldFloodWhatItDoesNotKnow() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        a.put(2, 1, 10).send();
        assertThat(b.receive()).containsExactly(10);
        assertThat(c.receive()).containsExactly(10);
        assertThat(a.receive()).isEmpty();
        assertThat(ValePeer.statistics(driver, "vale0:a").copies()).isEqualTo(2);
    }

    @Test
    void shouldSendToThePortThatSentFromTheAddress() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        b.put(ALL, 2, 0).send();
        a.put(2, 1, 10).put(2, 1, 11).send();
        assertThat(b.receive()).containsExactly(10, 11);
        assertThat(c.receive()).containsExactly(0);
        assertThat(a.receive()).containsExactly(0);
    }

    @Test
    void shouldNeverLetOneSwitchReachAnother() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale1:b");
        a.put(ALL, 1, 10).send();
        assertThat(b.receive()).isEmpty();
        assertThat(ValePeer.statistics(driver, "vale0:a").noDestination()).isOne();
    }

    @Test
    void shouldDropWhatIsForThePortItComesFrom() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        a.put(ALL, 1, 10).put(1, 3, 11).send();
        assertThat(b.receive()).containsExactly(10);
        assertThat(ValePeer.statistics(driver, "vale0:a").noDestination()).isOne();
    }

    @Test
    void shouldFollowAnAddressToAnotherPort() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        b.put(1, 9, 0).send();
        c.put(1, 9, 0).send();
        a.receive();
        a.put(9, 1, 10).send();
        assertThat(b.receive()).containsExactly(0);
        assertThat(c.receive()).containsExactly(0, 10);
    }

    /** The port's last source address is learned once: last_smac. */
    @Test
    void shouldNotLearnTheSameAddressTwiceInARow() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        b.put(1, 9, 0).send();
        c.put(1, 9, 0).send();
        // Back at b, but b's last address is the same: the switch goes on sending to c.
        b.put(1, 9, 0).send();
        a.put(9, 1, 10).send();
        assertThat(c.receive()).contains(10);
        assertThat(b.receive()).doesNotContain(10);
        b.put(1, 8, 0).put(1, 9, 0).send();
        a.put(9, 1, 11).send();
        assertThat(b.receive()).contains(11);
    }

    /** 02:00:00:00:00:01 and 02:00:00:00:07:e7 have the same hash. */
    @Test
    void shouldForgetAnAddressWhoseEntryAnotherTakes() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        a.put(ALL, 1, 0).put(ALL, 0x7e7, 0).send();
        b.receive();
        c.receive();
        b.put(1, 2, 10).put(0x7e7, 2, 11).send();
        assertThat(a.receive()).containsExactly(10, 11);
        assertThat(c.receive()).containsExactly(10);
    }

    @Test
    void shouldNotLearnAMulticastSource() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        a.put(2, ALL, 0).send();
        b.put(ALL, 2, 1).send();
        assertThat(b.receive()).containsExactly(0);
        assertThat(c.receive()).containsExactly(0, 1);
        assertThat(a.receive()).containsExactly(1);
    }

    @Test
    void shouldKeepTheOrderOfWhatIsForOneAndWhatIsForAll() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        b.put(1, 2, 0).send();
        c.receive();
        a.receive();
        a.put(ALL, 1, 10)
                .put(2, 1, 11)
                .put(7, 1, 12)
                .put(2, 1, 13)
                .put(2, 1, 14)
                .put(ALL, 1, 15)
                .send();
        assertThat(b.receive()).containsExactly(10, 11, 12, 13, 14, 15);
        assertThat(c.receive()).containsExactly(10, 12, 15);
    }

    @Test
    void shouldUseTheSendersRingModuloTheReceiversAndRing0ForAll() {
        final ValePeer a = open(driver, "vale0:a", 5, 16);
        final ValePeer b = open(driver, "vale0:b", 3, 16);
        b.put(2, ALL, 2, 0).send();
        assertThat(a.receive(0)).containsExactly(0);
        assertThat(a.receive(2)).isEmpty();
        for (int ring = 0; ring < 5; ring++) {
            a.put(ring, 2, 1, 10 + ring);
        }
        a.send();
        a.put(4, ALL, 1, 20).send();
        assertThat(b.receive(0)).containsExactly(10, 13, 20);
        assertThat(b.receive(1)).containsExactly(11, 14);
        assertThat(b.receive(2)).containsExactly(12);
    }

    /** A batch from ring 1 with packets for one port and for all: the kernel floods into ring 1 there as well. */
    @Test
    void shouldFloodTwiceIntoAPortOfSeveralRingsOnlyAsTheKernelDoes() {
        for (final Strictness strictness : Strictness.values()) {
            final EmbeddedDriver in = TestPort.world(strictness);
            final ValePeer a = open(in, "vale0:a", 2, 16);
            final ValePeer b = open(in, "vale0:b", 2, 16);
            b.put(ALL, 2, 0).send();
            a.put(1, 2, 1, 10).put(1, ALL, 1, 11).send();
            assertThat(b.receive(0)).containsExactly(11);
            assertThat(b.receive(1)).isEqualTo(strictness == Strictness.FAITHFUL ? List.of(10, 11) : List.of(10));
            ValePeer.assertBalanced(in);
        }
    }

    @Test
    void shouldKeepSendingToTheEmptyPlaceOfAClosedPort() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        b.put(ALL, 2, 0).send();
        c.receive();
        b.close();
        a.put(2, 1, 10).send();
        assertThat(ValePeer.statistics(driver, "vale0:a").noDestination()).isOne();
        assertThat(c.receive()).isEmpty();
        // The next port gets the place, and with it what was learned.
        final ValePeer d = open("vale0:d");
        a.put(2, 1, 11).send();
        assertThat(d.receive()).containsExactly(11);
    }

    /** An entry that was never written has this address and port 0. */
    @Test
    void shouldSendTheZeroAddressToPort0() {
        final ValePeer a = open("vale0:a");
        final ValePeer b = open("vale0:b");
        final ValePeer c = open("vale0:c");
        b.fill(0, ALL, 2, 0);
        b.port.tx()
                .buffers()
                .slice(NetmapSlotDescriptor.bufIdx(b.port.tx().slotWord(0)))
                .put(new byte[6]);
        b.commit(0, 60, 0).send();
        assertThat(a.receive()).hasSize(1);
        assertThat(c.receive()).isEmpty();
    }

    @Test
    void shouldForgetEverythingWhenTheLastPortGoes() {
        open("vale0:a").put(ALL, 1, 0).send().close();
        final ValePeer b = open("vale0:b");
        final ValePeer a = open("vale0:a");
        final ValePeer c = open("vale0:c");
        b.put(1, 2, 10).send();
        assertThat(a.receive()).containsExactly(10);
        assertThat(c.receive()).containsExactly(10);
    }

    @Test
    void shouldTakeEverythingAtOnceAndInOrderOverBatchesAndWraps() {
        final ValePeer a = open(driver, "vale0:a", 1, 4_096);
        final ValePeer b = open(driver, "vale0:b", 1, 4_096);
        b.put(ALL, 2, 0).send();
        for (int round = 0; round < 3; round++) {
            final int first = 10_000 * round;
            IntStream.range(0, 4_095).forEach(i -> a.put(i % 5 == 0 ? ALL : 2, 1, first + i));
            a.send();
            assertThat(TestPort.space(a.port.tx())).isEqualTo(4_095);
            assertThat(a.port.tx().tail())
                    .isEqualTo(RingMath.previous(a.port.tx().head(), 4_096));
            assertThat(b.receive())
                    .containsExactlyElementsOf(
                            IntStream.range(first, first + 4_095).boxed().toList());
            b.port.port.rxSync();
        }
    }

    @Test
    void shouldAllocateNothingForPackets() {
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final ValePeer a = open(driver, "vale0:a", 1, 64);
        final ValePeer b = open(driver, "vale0:b", 1, 64);
        final ValePeer c = open(driver, "vale0:c", 1, 16);
        final NetmapRing from = a.port.tx();
        b.put(ALL, 2, 0).send();
        for (int i = 0; i < 64; i++) {
            ValePeer.frame(
                    from.buffers().slice(NetmapSlotDescriptor.bufIdx(from.slotWord(i))), i % 4 == 0 ? ALL : 2, 1, i);
            from.slotWord(
                    i, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(from.slotWord(i)), ValePeer.LENGTH, 0));
        }
        final long me = Thread.currentThread().getId();
        final int rounds = 20_000;
        exchange(a, b, rounds);
        final long before = threads.getThreadAllocatedBytes(me);
        exchange(a, b, rounds);
        // What the just-in-time compiler has not removed yet must stay far below a byte a packet.
        assertThat(threads.getThreadAllocatedBytes(me) - before).isLessThan(rounds);
        c.receive();
    }

    private static void exchange(final ValePeer a, final ValePeer b, final int rounds) {
        for (int i = 0; i < rounds; i++) {
            TestPort.advance(a.port.tx(), 60);
            a.port.port.txSync();
            b.port.port.rxSync();
            b.port.rx().head(b.port.rx().tail());
            b.port.rx().cur(b.port.rx().tail());
        }
    }
}
