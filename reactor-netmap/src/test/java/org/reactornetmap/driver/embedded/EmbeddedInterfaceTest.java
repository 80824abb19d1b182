package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.reactornetmap.driver.embedded.NicFrames.frame;
import static org.reactornetmap.driver.embedded.NicFrames.list;
import static org.reactornetmap.driver.embedded.NicFrames.numbers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

class EmbeddedInterfaceTest {
    private final EmbeddedDriver driver = NicFrames.world();

    @AfterEach
    void everyBufferIsInOnePlace() {
        assertThat(driver.audit()).matches(BufferAudit::isBalanced);
    }

    private static Errno errnoOf(final Runnable call) {
        final NetmapErrnoException e = catchThrowableOfType(NetmapErrnoException.class, call::run);
        assertThat(e).isNotNull();
        return e.errno();
    }

    @Test
    void shouldRefuseAnInterfaceThatWasNotAdded() {
        assertThatExceptionOfType(NetmapErrnoException.class)
                .isThrownBy(() -> TestPort.open(driver, "netmap:eth0"))
                .matches(e -> e.errno() == Errno.ENXIO)
                .withMessageContaining("addInterface");
    }

    @Test
    void shouldRefuseASecondInterfaceOfOneName() {
        driver.addInterface("eth0");

        assertThat(errnoOf(() -> driver.addInterface("eth0"))).isEqualTo(Errno.EEXIST);
        assertThat(errnoOf(() -> driver.addInterface("vale1"))).isEqualTo(Errno.EINVAL);
        assertThat(errnoOf(() -> driver.addInterface("x{1"))).isEqualTo(Errno.EINVAL);
        assertThat(errnoOf(() -> driver.addInterface("averyveryverylongname"))).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldReceiveWhatArrivesFromTheWire() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            eth0.receive(frame(1));
            eth0.receive(frame(2));

            port.port.rxSync();

            assertThat(NetmapSlotDescriptor.len(port.rx().slotWord(0))).isEqualTo(NicFrames.LENGTH);
            assertThat(TestPort.take(port.rx())).containsExactly(1, 2);
        }
    }

    @Test
    void shouldTransmitToTheWire() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            NicFrames.send(port, 1, 2, 3);

            final List<ByteBuffer> sent = eth0.transmitted();
            assertThat(sent).allMatch(frame -> frame.remaining() == NicFrames.LENGTH);
            assertThat(numbers(sent)).containsExactly(1, 2, 3);
            assertThat(TestPort.space(port.tx())).isEqualTo(port.tx().numSlots() - 1);
        }
    }

    @Test
    void shouldHaveTheRingsAndSlotsItWasAddedWith() {
        driver.addInterface(
                "eth0", InterfaceConfig.builder().rings(3, 2).slots(64, 32).build());
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            assertThat(port.port.netmapIf().txRings()).hasSize(3);
            assertThat(port.port.netmapIf().rxRings()).hasSize(2);
            assertThat(port.tx().numSlots()).isEqualTo(64);
            assertThat(port.rx().numSlots()).isEqualTo(32);
            assertThat(port.port.region().memId()).isEqualTo(EmbeddedMemory.GLOBAL_ID);
        }
    }

    @Test
    void shouldCountWhatFindsNoFreeSlot() {
        final EmbeddedInterface eth0 =
                driver.addInterface("eth0", NicFrames.config().build());
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            for (int i = 0; i < 20; i++) {
                assertThat(eth0.receive(frame(i))).isEqualTo(i < 15);
            }

            assertThat(port.receive()).isEqualTo(list(0, 15));
            assertThat(eth0.statistics().ringFull()).isEqualTo(5);
            assertThat(eth0.receive(frame(99))).isFalse();
            port.port.rxSync();
            assertThat(eth0.receive(frame(99))).isTrue();
            assertThat(eth0.statistics().ringReceived()).isEqualTo(16);
            assertThat(eth0.statistics().wireReceived()).isEqualTo(22);
        }
    }

    @Test
    void shouldClearBufChangedInBothDirections() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            NicFrames.put(port.tx(), frame(1), NetmapSlotDescriptor.NS_BUF_CHANGED | NetmapSlotDescriptor.NS_REPORT);
            port.port.txSync();
            eth0.receive(frame(2));
            port.port.rxSync();
            NicFrames.mark(port.rx(), NetmapSlotDescriptor.NS_BUF_CHANGED);
            TestPort.take(port.rx());
            port.port.rxSync();

            assertThat(NetmapSlotDescriptor.flags(port.tx().slotWord(0))).isZero();
            assertThat(NetmapSlotDescriptor.flags(port.rx().slotWord(0))).isZero();
            assertThat(numbers(eth0.transmitted())).containsExactly(1);
        }
    }

    @Test
    void shouldSplitWhatIsLongerThanABuffer() {
        final EmbeddedInterface eth0 =
                driver.addInterface("eth0", NicFrames.config().mtu(9_000).build());
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            assertThat(eth0.receive(frame(7, 5_000))).isTrue();
            port.port.rxSync();

            final NetmapRing rx = port.rx();
            final List<Integer> lengths = new ArrayList<>();
            final List<Integer> flags = new ArrayList<>();
            for (int i = 0; i < RingMath.distance(rx.head(), rx.tail(), rx.numSlots()); i++) {
                lengths.add(NetmapSlotDescriptor.len(rx.slotWord(i)));
                flags.add(NetmapSlotDescriptor.flags(rx.slotWord(i)));
            }
            assertThat(lengths).containsExactly(2_048, 2_048, 904);
            assertThat(flags).containsExactly(NetmapSlotDescriptor.NS_MOREFRAG, NetmapSlotDescriptor.NS_MOREFRAG, 0);
        }
    }

    @Test
    void shouldDropAFrameOfSeveralSlotsWhole() {
        final EmbeddedInterface eth0 = driver.addInterface(
                "eth0", NicFrames.config().mtu(9_000).slots(4).build());
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            eth0.receive(frame(1));
            eth0.receive(frame(2, 5_000));
            eth0.receive(frame(3));

            assertThat(port.receive()).containsExactly(1, 3);
            assertThat(eth0.statistics().ringFull()).isEqualTo(1);
        }
    }

    @Test
    void shouldTransmitAFrameOfSeveralSlotsWhenItsLastIsThere() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        final ByteBuffer frame = frame(5, 100);
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            NicFrames.put(port.tx(), frame.slice(0, 40), NetmapSlotDescriptor.NS_MOREFRAG);
            port.port.txSync();
            final int spaceBefore = TestPort.space(port.tx());
            assertThat(eth0.transmitted()).isEmpty();
            NicFrames.put(port.tx(), frame.slice(40, 60), 0);
            port.port.txSync();

            assertThat(eth0.transmitted()).containsExactly(frame);
            assertThat(spaceBefore).isEqualTo(port.tx().numSlots() - 2);
            assertThat(TestPort.space(port.tx())).isEqualTo(port.tx().numSlots() - 1);
        }
    }

    @Test
    void shouldDropFromTheWireWhatExceedsTheMtu() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            assertThat(eth0.receive(frame(1, 1_518))).isTrue();
            assertThat(eth0.receive(frame(2, 1_519))).isFalse();

            assertThat(port.receive()).containsExactly(1);
            assertThat(eth0.statistics().oversize()).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseAMemoryWhoseBuffersAreTooSmallForTheMtu() {
        final EmbeddedDriver small = TestPort.world(Strictness.STRICT);
        small.addInterface("eth0");

        assertThatExceptionOfType(NetmapErrnoException.class)
                .isThrownBy(() -> TestPort.open(small, "netmap:eth0"))
                .matches(e -> e.errno() == Errno.EINVAL)
                .withMessageContaining("buf_size");
        try (TestPort tx = TestPort.open(small, "netmap:eth0/T")) {
            assertThat(tx.port.netmapIf().rxRings()).isEmpty();
        }
        small.addInterface("eth1", InterfaceConfig.builder().mtu(200).build());
        TestPort.open(small, "netmap:eth1").close();
        assertThat(small.audit()).matches(BufferAudit::isBalanced);
    }

    @Test
    void shouldKeepRingsApart() {
        final EmbeddedInterface eth0 =
                driver.addInterface("eth0", NicFrames.config().rings(2).build());
        try (TestPort first = TestPort.open(driver, "netmap:eth0-0");
                TestPort second = TestPort.open(driver, "netmap:eth0-1")) {
            eth0.receive(0, frame(10));
            eth0.receive(1, frame(11));
            eth0.receive(3, frame(13));

            assertThat(first.receive()).containsExactly(10);
            assertThat(second.receive()).containsExactly(11, 13);
        }
    }

    @Test
    void shouldPassWhatNobodyHasOpenToTheHostStack() {
        final EmbeddedInterface eth0 =
                driver.addInterface("eth0", NicFrames.config().rings(2).build());
        eth0.receive(0, frame(1));
        try (TestPort port = TestPort.open(driver, "netmap:eth0-1")) {
            eth0.receive(0, frame(2));
            eth0.receive(1, frame(3));

            assertThat(port.receive()).containsExactly(3);
        }
        eth0.receive(1, frame(4));

        assertThat(numbers(eth0.hostStack().received())).containsExactly(1, 2, 4);
        assertThat(eth0.statistics().hostPassed()).isEqualTo(3);
    }

    @Test
    void shouldFreeItsRingsWhenTheLastDescriptorCloses() {
        driver.addInterface("eth0");
        final int free = driver.freeBuffers();
        final TestPort one = TestPort.open(driver, "netmap:eth0");
        final TestPort other = TestPort.open(driver, "netmap:eth0");
        final int open = driver.freeBuffers();
        one.close();
        final int stillOpen = driver.freeBuffers();
        other.close();

        assertThat(open).isEqualTo(free - 2_048);
        assertThat(stillOpen).isEqualTo(open);
        assertThat(driver.freeBuffers()).isEqualTo(free);
    }

    @Test
    void shouldCarryFramesOverACable() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        final EmbeddedInterface eth1 = driver.addInterface("eth1");
        eth0.cable(eth1);
        try (TestPort a = TestPort.open(driver, "netmap:eth0");
                TestPort b = TestPort.open(driver, "netmap:eth1")) {
            NicFrames.send(a, 1, 2);
            NicFrames.send(b, 3);

            assertThat(b.receive()).containsExactly(1, 2);
            assertThat(a.receive()).containsExactly(3);
            assertThat(eth0.transmitted()).isEmpty();

            eth1.uncable();
            NicFrames.send(a, 4);
            assertThat(numbers(eth0.transmitted())).containsExactly(4);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> eth0.cable(eth0));
    }

    @Test
    void shouldWakeAReceiverAtTheOtherEndOfTheCable() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        eth0.cable(driver.addInterface("eth1"));
        try (TestPort a = TestPort.open(driver, "netmap:eth0");
                TestPort b = TestPort.open(driver, "netmap:eth1");
                Poller poller = driver.newPoller()) {
            poller.add(b.port, Poller.IN);
            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

            NicFrames.send(a, 1);

            assertThat(sleeper.await()).isEqualTo(1);
            assertThat(poller.ready(b.port)).isEqualTo(Poller.IN);
            assertThat(TestPort.take(b.rx())).containsExactly(1);
        }
    }

    @Test
    void shouldWakeAReceiverWhenAFrameArrives() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0");
                Poller poller = driver.newPoller()) {
            poller.add(port.port, Poller.IN);
            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

            eth0.receive(frame(1));

            assertThat(sleeper.await()).isEqualTo(1);
            assertThat(TestPort.take(port.rx())).containsExactly(1);
        }
    }

    @Test
    void shouldKeepFramesInTheTxRingUntilTheLinkIsUp() {
        final EmbeddedInterface eth0 =
                driver.addInterface("eth0", NicFrames.config().build());
        try (TestPort port = TestPort.open(driver, "netmap:eth0");
                Poller poller = driver.newPoller()) {
            poller.add(port.port, Poller.OUT);
            eth0.link(false);
            NicFrames.send(port, NicFrames.sequence(0, 15));
            assertThat(TestPort.space(port.tx())).isZero();
            assertThat(eth0.receive(frame(50))).isFalse();
            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

            eth0.link(true);

            assertThat(numbers(eth0.transmitted())).isEqualTo(list(0, 15));
            assertThat(sleeper.await()).isEqualTo(1);
            assertThat(TestPort.space(port.tx())).isEqualTo(15);
            assertThat(eth0.statistics().linkDown()).isEqualTo(1);
        }
    }

    @Test
    void shouldCountWhatACloseLeavesUnsent() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            eth0.link(false);
            NicFrames.send(port, 1, 2, 3);
        }

        assertThat(eth0.statistics().unsent()).isEqualTo(3);
    }

    @Test
    void shouldLoseWhatNobodyTakesFromTheWire() {
        final EmbeddedInterface eth0 =
                driver.addInterface("eth0", NicFrames.config().queueFrames(4).build());
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            NicFrames.send(port, NicFrames.sequence(0, 10));

            assertThat(numbers(eth0.transmitted())).isEqualTo(list(0, 4));
            assertThat(eth0.statistics().wireFull()).isEqualTo(6);
            assertThat(eth0.statistics().transmitted()).isEqualTo(10);
        }
    }

    @Test
    void shouldNotTransmitABadSlot() {
        final EmbeddedDriver faithful = EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(8_192)
                .strictness(Strictness.FAITHFUL)
                .build());
        final EmbeddedInterface eth0 = faithful.addInterface("eth0");
        final TestPort port = TestPort.open(faithful, "netmap:eth0");
        final long word = port.tx().slotWord(0);
        port.tx().slotWord(0, NetmapSlotDescriptor.word(0, 60, 0));
        TestPort.advance(port.tx(), 1);
        NicFrames.put(port.tx(), frame(2), 0);
        port.port.txSync();

        assertThat(numbers(eth0.transmitted())).containsExactly(2);
        assertThat(eth0.statistics().malformed()).isEqualTo(1);
        port.tx().slotWord(0, word);
        port.close();
        assertThat(faithful.audit()).matches(BufferAudit::isBalanced);
    }

    @Test
    void shouldPlaceFramesWhereTheOffsetsSay() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0@offset:initial=64")) {
            eth0.receive(frame(1));
            port.port.rxSync();
            final NetmapRing rx = port.rx();
            final int bufIdx = NetmapSlotDescriptor.bufIdx(rx.slotWord(0));
            assertThat(rx.buffers().block(bufIdx).getInt(rx.buffers().offset(bufIdx) + 64))
                    .isEqualTo(1);

            final NetmapRing tx = port.tx();
            final int out = NetmapSlotDescriptor.bufIdx(tx.slotWord(0));
            tx.buffers().block(out).putInt(tx.buffers().offset(out) + 64, 42);
            tx.slotWord(0, NetmapSlotDescriptor.word(out, 60, 0));
            TestPort.advance(tx, 1);
            port.port.txSync();

            assertThat(numbers(eth0.transmitted())).containsExactly(42);
        }
    }

    @Test
    void shouldBeTheParentOfPipes() {
        driver.addInterface("eth0");
        try (TestPort a = TestPort.open(driver, "netmap:eth0{1");
                TestPort b = TestPort.open(driver, "netmap:eth0}1")) {
            a.send(1, 2);

            assertThat(b.receive()).containsExactly(1, 2);
            assertThat(a.port.region().memId()).isEqualTo(EmbeddedMemory.GLOBAL_ID);
        }
    }

    @Test
    void shouldFailTheSyncsOfARemovedInterface() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0*")) {
            eth0.remove();
            eth0.remove();

            assertThat(errnoOf(port.port::txSync)).isEqualTo(Errno.EIO);
            assertThat(errnoOf(port.port::rxSync)).isEqualTo(Errno.EIO);
            assertThat(errnoOf(() -> TestPort.open(driver, "netmap:eth0"))).isEqualTo(Errno.ENXIO);
            assertThat(eth0.receive(frame(1))).isFalse();

            final EmbeddedInterface again = driver.addInterface("eth0");
            try (TestPort other = TestPort.open(driver, "netmap:eth0")) {
                again.receive(frame(3));
                assertThat(other.receive()).containsExactly(3);
            }
        }
    }

    @Test
    void shouldWakePollersOfARemovedInterfaceWithAnError() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        for (final int interest : new int[] {Poller.IN, 0}) {
            final EmbeddedInterface nic = interest == 0 ? driver.addInterface("eth1") : eth0;
            try (TestPort port = TestPort.open(driver, "netmap:" + nic.name());
                    Poller poller = driver.newPoller()) {
                poller.add(port.port, interest);
                final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

                nic.remove();

                assertThat(sleeper.await()).isEqualTo(1);
                assertThat(poller.ready(port.port)).isEqualTo(Poller.ERR);
            }
        }
    }

    @Test
    void shouldAllocateNothingForAFrame() {
        final EmbeddedInterface eth0 = driver.addInterface("eth0");
        eth0.cable(driver.addInterface("eth1"));
        try (TestPort a = TestPort.open(driver, "netmap:eth0");
                TestPort b = TestPort.open(driver, "netmap:eth1")) {
            for (int i = 0; i < a.tx().numSlots(); i++) {
                final long word = a.tx().slotWord(i);
                a.tx().slotWord(i, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(word), 60, 0));
            }
            exchange(a, b, 2_000);
            final var threads =
                    (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            final long before = threads.getCurrentThreadAllocatedBytes();
            exchange(a, b, 2_000);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            // 512,000 frames in 2,000 rounds: a round may cost something, a frame must not.
            assertThat(allocated).isLessThan(512_000);
        }
    }

    private static void exchange(final TestPort a, final TestPort b, final int rounds) {
        for (int i = 0; i < rounds; i++) {
            TestPort.advance(a.tx(), 256);
            a.port.txSync();
            b.port.rxSync();
            if (TestPort.space(b.rx()) != 256) {
                throw new AssertionError(b.rx());
            }
            TestPort.advance(b.rx(), 256);
        }
    }
}
