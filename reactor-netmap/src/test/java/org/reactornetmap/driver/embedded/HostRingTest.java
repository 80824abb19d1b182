package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.reactornetmap.driver.embedded.NicFrames.frame;
import static org.reactornetmap.driver.embedded.NicFrames.list;
import static org.reactornetmap.driver.embedded.NicFrames.numbers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapSlotDescriptor;

class HostRingTest {
    private final EmbeddedDriver driver = NicFrames.world();
    private final EmbeddedInterface eth0 =
            driver.addInterface("eth0", NicFrames.config().rings(2).build());

    @AfterEach
    void everyBufferIsInOnePlace() {
        assertThat(driver.audit()).matches(BufferAudit::isBalanced);
    }

    private boolean stackSends(final int number) {
        return eth0.hostStack().send(frame(number));
    }

    @Test
    void shouldBindTheRingsOfEachMode() {
        assertRings("netmap:eth0", 2, 0);
        assertRings("netmap:eth0^", 1, 2);
        assertRings("netmap:eth0*", 3, 0);
        assertRings("netmap:eth0^0", 1, 2);
        assertRings("netmap:eth0*@conf:host-rings=3", 5, 0);
    }

    private void assertRings(final String spec, final int count, final int first) {
        try (TestPort port = TestPort.open(driver, spec)) {
            assertThat(port.port.netmapIf().txRings()).hasSize(count);
            assertThat(port.port.netmapIf().rxRings()).hasSize(count);
            assertThat(port.tx().ringId()).isEqualTo(first);
            assertThat(port.rx().ringId()).isEqualTo(first);
        }
    }

    @Test
    void shouldRefuseAHostRingThatIsNotThere() {
        assertThatExceptionOfType(NetmapErrnoException.class)
                .isThrownBy(() -> TestPort.open(driver, "netmap:eth0^1"))
                .matches(e -> e.errno() == Errno.EINVAL);
    }

    @Test
    void shouldTakeTheNumberOfHostRingsFromTheFirstOpenOnly() {
        try (TestPort first = TestPort.open(driver, "netmap:eth0^@conf:host-rings=2");
                TestPort second = TestPort.open(driver, "netmap:eth0^@conf:host-rings=4")) {
            assertThat(first.port.netmapIf().rxRings()).hasSize(2);
            assertThat(second.port.netmapIf().rxRings()).hasSize(2);
        }
        try (TestPort third = TestPort.open(driver, "netmap:eth0^")) {
            assertThat(third.port.netmapIf().rxRings()).hasSize(1);
        }
    }

    @Test
    void shouldPassEverythingInAHostTxRingUp() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0^")) {
            NicFrames.put(port.tx(), frame(1), 0);
            NicFrames.put(port.tx(), frame(2), NetmapSlotDescriptor.NS_FORWARD);
            port.port.txSync();

            assertThat(numbers(eth0.hostStack().received())).containsExactly(1, 2);
            assertThat(TestPort.space(port.tx())).isEqualTo(15);
            assertThat(NetmapSlotDescriptor.flags(port.tx().slotWord(1))).isZero();
        }
    }

    @Test
    void shouldSkipWhatIsNoFrameOnTheWayUp() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0^")) {
            NicFrames.put(port.tx(), frame(1, 13), 0);
            NicFrames.put(port.tx(), frame(2, 14), 0);
            final long word = port.tx().slotWord(2);
            port.tx().slotWord(2, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(word), 2_049, 0));
            TestPort.advance(port.tx(), 1);
            port.port.txSync();

            assertThat(numbers(eth0.hostStack().received())).containsExactly(2);
            assertThat(eth0.statistics().notRaised()).isEqualTo(2);
            assertThat(TestPort.space(port.tx())).isEqualTo(15);
        }
    }

    @Test
    void shouldShowWhatTheStackSends() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*")) {
            stackSends(1);
            stackSends(2);
            port.port.rxSync();

            assertThat(TestPort.take(port.rx(2))).containsExactly(1, 2);
            assertThat(eth0.transmitted()).isEmpty();
            assertThat(eth0.statistics().hostReceived()).isEqualTo(2);
        }
    }

    @Test
    void shouldSpreadTheStacksQueuesOverTheHostRings() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*@conf:host-rings=2")) {
            for (int queue = 0; queue < 4; queue++) {
                eth0.hostStack().send(queue, frame(queue), false);
            }
            port.port.rxSync();

            assertThat(TestPort.take(port.rx(2))).containsExactly(0, 2);
            assertThat(TestPort.take(port.rx(3))).containsExactly(1, 3);
        }
    }

    @Test
    void shouldSendStraightToTheNicWhileItsTxRingIsNotInNetmapMode() {
        stackSends(1);
        try (TestPort host = TestPort.open(driver, "netmap:eth0^");
                TestPort nic = TestPort.open(driver, "netmap:eth0-1")) {
            stackSends(2);
            eth0.hostStack().send(1, frame(3), false);

            assertThat(host.receive()).containsExactly(3);
            assertThat(nic.receive()).isEmpty();
        }
        assertThat(numbers(eth0.transmitted())).containsExactly(1, 2);
        assertThat(eth0.statistics().direct()).isEqualTo(2);
    }

    @Test
    void shouldDropWhatFindsNoRoomForSure() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*")) {
            for (int i = 0; i < 20; i++) {
                assertThat(stackSends(i)).isEqualTo(i < 15);
            }
            port.port.rxSync();
            assertThat(stackSends(20)).isFalse();

            assertThat(TestPort.take(port.rx(2))).isEqualTo(list(0, 15));
            assertThat(stackSends(21)).isFalse();
            port.port.rxSync();
            assertThat(stackSends(22)).isTrue();
            assertThat(eth0.statistics().queueDropped()).isEqualTo(7);
        }
    }

    @Test
    void shouldDropWhatNetmapCannotCarry() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*")) {
            assertThat(eth0.hostStack().send(0, frame(1, 2_049), false)).isFalse();
            assertThat(eth0.hostStack().send(0, frame(2), true)).isFalse();
            assertThat(eth0.hostStack().send(0, frame(3, 2_048), false)).isTrue();

            port.port.rxSync();
            assertThat(TestPort.take(port.rx(2))).containsExactly(3);
            assertThat(eth0.statistics().queueDropped()).isEqualTo(2);
        }
    }

    @Test
    void shouldQueueForAHostRingThatNobodyHasOpen() {
        try (TestPort nic = TestPort.open(driver, "netmap:eth0")) {
            stackSends(1);
            try (TestPort host = TestPort.open(driver, "netmap:eth0^")) {
                assertThat(host.receive()).containsExactly(1);
            }
            stackSends(2);
            assertThat(nic.receive()).isEmpty();
        }

        assertThat(eth0.statistics().queuePurged()).isEqualTo(1);
        assertThat(eth0.statistics().queued()).isEqualTo(2);
    }

    @Test
    void shouldWakeAReaderOfTheHostRing() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*");
                Poller poller = driver.newPoller()) {
            poller.add(port.port, Poller.IN);
            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

            stackSends(1);

            assertThat(sleeper.await()).isEqualTo(1);
            assertThat(TestPort.take(port.rx(2))).containsExactly(1);
        }
    }

    @Test
    void shouldLoseWhatNobodyTakesFromTheStack() {
        final EmbeddedInterface small =
                driver.addInterface("eth1", NicFrames.config().queueFrames(2).build());
        try (TestPort port = TestPort.open(driver, "netmap:eth1^")) {
            NicFrames.send(port, 1, 2, 3);

            assertThat(numbers(small.hostStack().received())).containsExactly(1, 2);
            assertThat(small.statistics().raised()).isEqualTo(3);
            assertThat(small.statistics().hostFull()).isEqualTo(1);
        }
    }
}
