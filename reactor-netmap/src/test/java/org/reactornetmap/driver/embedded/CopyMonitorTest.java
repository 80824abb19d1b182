package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_TXMON;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingMath;

/** What a copy monitor sees, and when. */
@SuppressWarnings("try") // some ports are only held open, some close early
class CopyMonitorTest {
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

    @Test
    void shouldSeeWhatIsSentWithoutTakingItFromTheReceiver() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t")) {
            a.send(1, 2, 3);
            assertThat(monitor.receive()).containsExactly(1, 2, 3);
            assertThat(b.receive()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldNotSeeWhatWasSentBefore() {
        a.send(1);
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t")) {
            a.send(2);
            assertThat(monitor.receive()).containsExactly(2);
        }
    }

    @Test
    void shouldSeePacketsBeforeTheyAreSent() {
        // The pipe has no room at its other end's reader, yet the monitor has seen what TXSYNC was given.
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t")) {
            TestPort.put(a.tx(), 1, NS_MOREFRAG);
            a.port.txSync();
            assertThat(b.receive()).isEmpty();
            monitor.port.rxSync();
            assertThat(flags(monitor.rx().slotWord(0))).isEqualTo(NS_MOREFRAG | NS_TXMON);
        }
    }

    @Test
    void shouldMarkWhatWasSentAndNotWhatWasReceived() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/rt")) {
            a.send(1);
            final NetmapRing tx = b.tx();
            // A mark that user space set counts for nothing.
            tx.slotWord(0, word(bufIdx(tx.slotWord(0)), 4, NS_TXMON));
            TestPort.advance(tx, 1);
            b.port.txSync();
            monitor.port.rxSync();
            assertThat(flags(monitor.rx().slotWord(0))).isEqualTo(NS_TXMON);
            assertThat(flags(monitor.rx().slotWord(1))).isZero();
        }
    }

    @Test
    void shouldSeeArrivalsThatTheReceiverHasNotSynced() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x}1/r")) {
            a.send(1, 2);
            assertThat(monitor.receive()).containsExactly(1, 2);
            assertThat(b.rx().tail()).isZero();
            assertThat(b.receive()).containsExactly(1, 2);
            assertThat(monitor.receive()).isEmpty();
        }
    }

    @Test
    void shouldSkipARingThatItsOwnerIsAtAndSeeItInTheOwnersSync() {
        final KernelRing ring = kernelRing(b, "netmap:x}1");
        try (TestPort monitor = TestPort.open(driver, "netmap:x}1/r")) {
            ring.get();
            try {
                a.send(1);
                assertThat(monitor.receive()).isEmpty();
            } finally {
                ring.put();
            }
            b.port.rxSync();
            assertThat(monitor.receive()).containsExactly(1);
        }
    }

    /** The kernel's side of a port's first RX ring. */
    private static KernelRing kernelRing(final TestPort port, final String spec) {
        final EmbeddedWorld world = ((EmbeddedPort) port.port).world();
        synchronized (world) {
            return world.lookup(Registration.of(OpenRequest.of(PortSpec.parse(spec))), false)
                    .requireRing(true, 0);
        }
    }

    @Test
    void shouldSeeInOrderWhatIsSentAndReceivedOnOneRing() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/rt")) {
            a.send(1);
            b.send(2);
            a.send(3);
            assertThat(monitor.receive()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldWakeWhoPollsTheMonitor() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/rt");
                Poller poller = driver.newPoller()) {
            poller.add(monitor.port, Poller.IN);
            assertThat(poller.poll(0)).isZero();
            a.send(1);
            assertThat(poller.poll(-1)).isEqualTo(1);
            assertThat(TestPort.take(monitor.rx())).containsExactly(1);
        }
    }

    @Test
    void shouldKeepTheNewestOfABatchThatDoesNotFit() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t", 0, 5)) {
            a.send(1, 2, 3, 4, 5, 6, 7);
            assertThat(monitor.receive()).containsExactly(4, 5, 6, 7);
        }
    }

    @Test
    void shouldDropABatchIfNothingFits() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t", 0, 3)) {
            a.send(1, 2);
            a.send(3, 4);
            assertThat(monitor.receive()).containsExactly(1, 2);
            a.send(5);
            // What was read is room again only after the monitor's sync.
            assertThat(monitor.receive()).isEmpty();
            a.send(6);
            assertThat(monitor.receive()).containsExactly(6);
        }
    }

    @Test
    void shouldLetTheMonitorHoldWhatItHasNotReleased() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t", 0, 4)) {
            for (int i = 0; i < 10; i++) {
                a.send(i);
                b.receive();
                b.port.rxSync();
                monitor.port.rxSync();
            }
            assertThat(TestPort.take(monitor.rx())).containsExactly(0, 1, 2);
        }
    }

    @Test
    void shouldCutPacketsToTheMonitorsBuffer() {
        final int bufSize = a.tx().buffers().bufSize();
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t")) {
            final NetmapRing tx = a.tx();
            tx.slotWord(0, word(bufIdx(tx.slotWord(0)), bufSize + 1, 0));
            TestPort.advance(tx, 1);
            a.port.txSync();
            monitor.port.rxSync();
            assertThat(len(monitor.rx().slotWord(0)))
                    .isEqualTo(monitor.rx().buffers().bufSize())
                    .isEqualTo(bufSize);
        }
    }

    @Test
    void shouldNotFollowABadIndex() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t")) {
            final NetmapRing tx = a.tx();
            final long good = tx.slotWord(0);
            tx.slotWord(0, word(-1, 60, 0));
            TestPort.advance(tx, 1);
            a.port.txSync();
            monitor.port.rxSync();
            assertThat(len(monitor.rx().slotWord(0))).isEqualTo(60);
            b.port.rxSync();
            b.rx().slotWord(0, good);
        }
    }

    @Test
    void shouldCopyWhatOffsetsPointAt() {
        try (TestPort c = TestPort.open(driver, "netmap:y{1@offset:initial=64,bits=16");
                TestPort monitor = TestPort.open(driver, "netmap:y{1/t")) {
            final NetmapRing tx = c.tx();
            final int buffer = bufIdx(tx.slotWord(0));
            tx.buffers().block(buffer).putInt(tx.buffers().offset(buffer) + 64, 4_711);
            tx.slotWord(0, word(buffer, 4, 0));
            TestPort.advance(tx, 1);
            c.port.txSync();
            assertThat(monitor.receive()).containsExactly(4_711);
        }
    }

    @Test
    void shouldTakeWhatTheMonitorExchangedInItsSlots() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t", 0, 0, 1)) {
            a.send(1);
            monitor.port.rxSync();
            final NetmapRing rx = monitor.rx();
            final int spare = monitor.port.netmapIf().bufsHead();
            final int held = bufIdx(rx.slotWord(0));
            rx.slotWord(0, word(spare, 0, 0));
            monitor.port.netmapIf().bufsHead(held);
            rx.buffers().listNext(held, 0);
            TestPort.advance(rx, 1);
            for (int i = 2; i < 10; i++) {
                a.send(i);
                b.receive();
                b.port.rxSync();
                assertThat(monitor.receive()).containsExactly(i);
            }
            assertThat(driver.audit().isBalanced()).isTrue();
        }
    }

    @Test
    void shouldServeAnyNumberOfMonitorsAlike() {
        try (TestPort first = TestPort.open(driver, "netmap:x{1/t");
                TestPort small = TestPort.open(driver, "netmap:x{1/t", 0, 3);
                TestPort last = TestPort.open(driver, "netmap:x{1/rt")) {
            a.send(1, 2, 3, 4);
            assertThat(first.receive()).containsExactly(1, 2, 3, 4);
            assertThat(small.receive()).containsExactly(3, 4);
            assertThat(last.receive()).containsExactly(1, 2, 3, 4);
            small.close();
            first.close();
            a.send(5);
            assertThat(last.receive()).containsExactly(5);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenItCloses() {
        final KernelRing ring = kernelRing(b, "netmap:x}1");
        TestPort.open(driver, "netmap:x}1/rt").close();
        TestPort.open(driver, "netmap:x}1/z").close();
        assertThat(ring.monitors()).isNull();
        a.send(1);
        assertThat(b.receive()).containsExactly(1);
    }

    @Test
    void shouldSeeEverythingOfRingsThatWrapDifferently() {
        try (TestPort monitor = TestPort.open(driver, "netmap:x{1/t", 0, 13)) {
            int next = 0;
            for (int round = 0; round < 100; round++) {
                final int count = round % 7 + 1;
                final int first = next;
                a.send(IntStream.range(first, first + count).toArray());
                next += count;
                b.receive();
                b.port.rxSync();
                a.port.txSync();
                assertThat(monitor.receive())
                        .containsExactlyElementsOf(
                                IntStream.range(first, next).boxed().toList());
                monitor.port.rxSync();
            }
            assertThat(RingMath.distance(monitor.rx().head(), monitor.rx().tail(), 13))
                    .isZero();
        }
    }
}
