package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.NicFrames.frame;
import static org.reactornetmap.driver.embedded.NicFrames.list;
import static org.reactornetmap.driver.embedded.NicFrames.numbers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;

class HostForwardingTest {
    private final EmbeddedDriver driver = NicFrames.world();
    private final EmbeddedInterface eth0 =
            driver.addInterface("eth0", NicFrames.config().build());

    @AfterEach
    void everyBufferIsInOnePlace() {
        assertThat(driver.audit()).matches(BufferAudit::isBalanced);
    }

    private static void forward(final NetmapRing ring) {
        ring.flags(ring.flags() | NetmapRingDescriptor.NR_FORWARD);
    }

    /** Takes what is there and marks it. */
    private static void release(final NetmapRing ring) {
        NicFrames.mark(ring, NetmapSlotDescriptor.NS_FORWARD);
        TestPort.take(ring);
    }

    private int poll(final TestPort port, final int interest) {
        try (Poller poller = driver.newPoller()) {
            poller.add(port.port, interest);
            poller.poll(0);
            return poller.ready(port.port);
        }
    }

    @Test
    void shouldPassMarkedPacketsToTheStackWhenTheyAreReleased() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            forward(port.rx());
            eth0.receive(frame(1));
            eth0.receive(frame(2));
            port.port.rxSync();
            final long word = port.rx().slotWord(1);
            port.rx()
                    .slotWord(
                            1,
                            NetmapSlotDescriptor.word(
                                    NetmapSlotDescriptor.bufIdx(word), 60, NetmapSlotDescriptor.NS_FORWARD));
            assertThat(eth0.hostStack().received()).isEmpty();
            TestPort.take(port.rx());
            port.port.rxSync();

            assertThat(numbers(eth0.hostStack().received())).containsExactly(2);
            assertThat(NetmapSlotDescriptor.flags(port.rx().slotWord(1))).isZero();
        }
    }

    @Test
    void shouldNotForwardWithoutTheRingsFlag() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            eth0.receive(frame(1));
            port.port.rxSync();
            release(port.rx());
            port.port.rxSync();

            assertThat(eth0.hostStack().received()).isEmpty();
        }
    }

    @Test
    void shouldSendWhatTheStackSentByASwapOfBuffersWhenPolled() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*")) {
            final NetmapRing host = port.rx(1);
            forward(host);
            eth0.hostStack().send(frame(1));
            eth0.hostStack().send(frame(2));
            port.port.rxSync();
            final int hostBuffer = NetmapSlotDescriptor.bufIdx(host.slotWord(0));
            final int nicBuffer = NetmapSlotDescriptor.bufIdx(port.tx().slotWord(0));
            release(host);

            poll(port, Poller.IN);

            assertThat(numbers(eth0.transmitted())).containsExactly(1, 2);
            assertThat(NetmapSlotDescriptor.bufIdx(host.slotWord(0))).isEqualTo(nicBuffer);
            assertThat(NetmapSlotDescriptor.flags(host.slotWord(0))).isEqualTo(NetmapSlotDescriptor.NS_BUF_CHANGED);
            assertThat(NetmapSlotDescriptor.bufIdx(port.tx().slotWord(0))).isEqualTo(hostBuffer);
            assertThat(port.tx().head()).isEqualTo(2);
            assertThat(TestPort.space(port.tx())).isEqualTo(15);
        }
    }

    @Test
    void shouldLeaveTheSendingToTheNextTxSyncAfterAnRxSync() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*")) {
            forward(port.rx(1));
            eth0.hostStack().send(frame(1));
            port.port.rxSync();
            release(port.rx(1));
            port.port.rxSync();

            assertThat(eth0.transmitted()).isEmpty();
            port.port.txSync();
            assertThat(numbers(eth0.transmitted())).containsExactly(1);
        }
    }

    @Test
    void shouldNotSendByADescriptorThatLacksTxRings() {
        final EmbeddedInterface eth1 =
                driver.addInterface("eth1", NicFrames.config().rings(2).build());
        try (TestPort nic = TestPort.open(driver, "netmap:eth1");
                TestPort host = TestPort.open(driver, "netmap:eth1^")) {
            forward(host.rx());
            eth1.hostStack().send(frame(1));
            host.port.rxSync();
            release(host.rx());
            poll(host, Poller.IN);
            nic.port.txSync();

            assertThat(eth1.transmitted()).isEmpty();
            assertThat(nic.tx().head()).isZero();
        }
    }

    @Test
    void shouldLoseWhatFindsNoRoomInTheTxRings() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*")) {
            forward(port.rx(1));
            eth0.link(false);
            NicFrames.send(port, NicFrames.sequence(0, 13));
            for (int i = 20; i < 25; i++) {
                eth0.hostStack().send(frame(i));
            }
            port.port.rxSync();
            release(port.rx(1));
            poll(port, Poller.IN);
            eth0.link(true);

            assertThat(numbers(eth0.transmitted()).subList(0, 13)).isEqualTo(list(0, 13));
            assertThat(eth0.statistics().transmitted()).isEqualTo(15);
        }
    }

    @Test
    void shouldForwardASecondHostRingUpAsTheKernelDoes() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*@conf:host-rings=2")) {
            forward(port.rx(2));
            eth0.hostStack().send(1, frame(7), false);
            port.port.rxSync();
            release(port.rx(2));
            port.port.rxSync();

            assertThat(numbers(eth0.hostStack().received())).containsExactly(7);
            assertThat(eth0.transmitted()).isEmpty();
        }
    }
}
