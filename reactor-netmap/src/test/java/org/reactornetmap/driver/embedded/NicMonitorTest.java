package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.driver.embedded.NicFrames.frame;
import static org.reactornetmap.driver.embedded.NicFrames.numbers;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** Monitors of an interface and of a switch's port: host rings, forwarding, and a NIC that a switch has. */
class NicMonitorTest {
    private final EmbeddedWorld world = new EmbeddedWorld(
            EmbeddedConfig.builder().buffers(16_384).bufSize(2_048).build());
    private final EmbeddedDriver driver = EmbeddedDriver.of(world);
    private final EmbeddedInterface eth0 =
            driver.addInterface("eth0", NicFrames.config().build());

    @AfterEach
    void everyBufferIsInOnePlace() {
        assertThat(driver.audit()).matches(BufferAudit::isBalanced);
    }

    @Test
    void shouldSeeTheWireBothWays() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0");
                TestPort copy = TestPort.open(driver, "netmap:eth0/rt");
                TestPort zeroCopy = TestPort.open(driver, "netmap:eth0/z")) {
            eth0.receive(frame(1));
            assertThat(copy.receive()).containsExactly(1);
            NicFrames.send(port, 2);
            assertThat(copy.receive()).containsExactly(2);
            // Sent at once, so the slot was free again in the same sync.
            assertThat(zeroCopy.receive()).containsExactly(2);
            assertThat(port.receive()).containsExactly(1);
            port.port.rxSync();
            assertThat(zeroCopy.receive()).containsExactly(1);
            assertThat(numbers(eth0.transmitted())).containsExactly(2);
        }
    }

    @Test
    void shouldSeeHostRings() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0*");
                TestPort monitor = TestPort.open(driver, "netmap:eth0*/rt")) {
            eth0.hostStack().send(frame(1));
            monitor.port.rxSync();
            assertThat(TestPort.take(monitor.rx(1))).containsExactly(1);
            NicFrames.put(port.tx(1), 2);
            port.port.txSync();
            monitor.port.rxSync();
            assertThat(TestPort.take(monitor.rx(1))).containsExactly(2);
            assertThat(TestPort.take(monitor.rx(0))).isEmpty();
        }
    }

    @Test
    void shouldForwardToTheStackBeforeAZeroCopyMonitorTakesTheBuffer() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0");
                TestPort monitor = TestPort.open(driver, "netmap:eth0/z")) {
            final NetmapRing rx = port.rx();
            rx.flags(rx.flags() | NetmapRingDescriptor.NR_FORWARD);
            eth0.receive(frame(1));
            eth0.receive(frame(2));
            port.port.rxSync();
            NicFrames.mark(rx, NetmapSlotDescriptor.NS_FORWARD);
            TestPort.take(rx);
            port.port.rxSync();
            assertThat(numbers(eth0.hostStack().received())).containsExactly(1, 2);
            assertThat(monitor.receive()).containsExactly(1, 2);
        }
    }

    @Test
    void shouldSeeWhatASwitchPassesThroughItsNic() {
        synchronized (world) {
            world.switches().attach(new Registration("vale0:eth0", "vale0:eth0", RegisterMode.ALL_NIC, List.of()));
        }
        try (TestPort peer = TestPort.open(driver, "vale0:a");
                TestPort monitor = TestPort.open(driver, "netmap:eth0/rt")) {
            eth0.receive(frame(1));
            assertThat(peer.receive()).containsExactly(1);
            NicFrames.send(peer, 2);
            assertThat(monitor.receive()).containsExactly(1, 2);
            synchronized (world) {
                world.switches().detach("vale0:eth0");
            }
            assertThatThrownBy(monitor.port::rxSync)
                    .isInstanceOfSatisfying(
                            NetmapErrnoException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
        }
    }

    @Test
    void shouldNotSeeWhatASwitchBroughtBefore() {
        try (TestPort a = TestPort.open(driver, "vale0:a");
                TestPort b = TestPort.open(driver, "vale0:b")) {
            NicFrames.send(a, 1);
            try (TestPort monitor = TestPort.open(driver, "vale0:b/r")) {
                NicFrames.send(a, 2);
                assertThat(monitor.receive()).containsExactly(2);
                assertThat(b.receive()).containsExactly(1, 2);
                assertThat(monitor.receive()).isEmpty();
            }
        }
    }

    @Test
    void shouldExchangeBuffersWithAPortOfASwitch() {
        try (TestPort a = TestPort.open(driver, "vale0:a");
                TestPort b = TestPort.open(driver, "vale0:b");
                TestPort sender = TestPort.open(driver, "vale0:a/z");
                TestPort receiver = TestPort.open(driver, "vale0:b/z")) {
            NicFrames.send(a, 1, 2);
            // A switch copies, so what it was given is free at once.
            assertThat(sender.receive()).containsExactly(1, 2);
            assertThat(b.receive()).containsExactly(1, 2);
            assertThat(receiver.receive()).isEmpty();
            b.port.rxSync();
            assertThat(receiver.receive()).containsExactly(1, 2);
            NicFrames.send(a, 3);
            assertThat(b.receive()).containsExactly(3);
            assertThat(driver.audit()).matches(BufferAudit::isBalanced);
        }
    }
}
