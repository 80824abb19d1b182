package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/** What an interface that is attached to a switch does on its wire and for its host stack, and what it refuses. */
@SuppressWarnings("try") // some ports are only held open
class InterfaceInSwitchTest {
    private static final int A = 1;
    private static final int B = 2;
    private static final int C = 3;
    private static final int D = 4;

    private final EmbeddedWorld world =
            new EmbeddedWorld(EmbeddedConfig.builder().buffers(16_384).build());
    private final EmbeddedDriver driver = EmbeddedDriver.of(world);
    private final ValeSwitches switches = world.switches();
    private final EmbeddedInterface eth0 =
            driver.addInterface("eth0", NicFrames.config().build());

    @AfterEach
    void everyBufferIsInOnePlace() {
        assertThat(driver.audit()).matches(BufferAudit::isBalanced);
    }

    private static void refused(final Errno errno, final ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private <T> T locked(final Supplier<T> call) {
        synchronized (world) {
            return call.get();
        }
    }

    private int attach(final String name) {
        return attach(name, RegisterMode.ALL_NIC, 0);
    }

    private int attach(final String name, final RegisterMode mode, final int ringId) {
        return attach(name, mode, ringId, 0);
    }

    private int attach(final String name, final RegisterMode mode, final int ringId, final long flags) {
        final Registration request = new Registration(name, name, mode, List.of());
        request.ringId = ringId;
        request.flags = flags;
        return locked(() -> switches.attach(request));
    }

    private int detach(final String name) {
        return locked(() -> switches.detach(name));
    }

    private static ByteBuffer frame(final int to, final int from, final int number) {
        final ByteBuffer frame = ByteBuffer.allocate(60);
        ValePeer.frame(frame, to, from, number);
        return frame;
    }

    private static List<Integer> numbers(final List<ByteBuffer> frames) {
        return frames.stream().map(frame -> frame.getInt(14)).toList();
    }

    private SwitchStatistics statistics(final String port) {
        return driver.switchStatistics().stream()
                .filter(s -> s.port().equals(port))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldForwardBetweenTheWireAndAPortOfTheSwitch() {
        try (ValePeer peer = ValePeer.open(driver, "vale0:p")) {
            assertThat(attach("vale0:eth0")).isEqualTo(1);
            eth0.receive(frame(ValePeer.ALL, A, 1));
            assertThat(peer.receive()).containsExactly(1);

            peer.put(A, B, 2).put(A, B, 3).send();
            eth0.receive(frame(B, A, 4));

            assertThat(numbers(eth0.transmitted())).containsExactly(2, 3);
            assertThat(peer.receive()).containsExactly(4);
            assertThat(statistics("vale0:eth0").delivered()).isEqualTo(2);
            assertThat(statistics("vale0:eth0").received()).isEqualTo(2);
            detach("vale0:eth0");
        }
    }

    @Test
    void shouldForwardFromWireToWire() {
        final EmbeddedInterface eth1 =
                driver.addInterface("eth1", NicFrames.config().slots(8).build());
        attach("vale0:eth0");
        attach("vale0:eth1");
        final List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            assertThat(eth0.receive(frame(B, A, i))).isTrue();
            expected.add(i);
        }
        eth1.receive(frame(A, B, 200));

        assertThat(numbers(eth1.transmitted())).isEqualTo(expected);
        assertThat(numbers(eth0.transmitted())).containsExactly(200);
        detach("vale0:eth0");
        detach("vale0:eth1");
    }

    @Test
    void shouldForwardFramesOfSeveralSlots() {
        final InterfaceConfig jumbo = NicFrames.config().mtu(9_000).build();
        final EmbeddedInterface big = driver.addInterface("big0", jumbo);
        final EmbeddedInterface other = driver.addInterface("big1", jumbo);
        attach("vale0:big0");
        attach("vale0:big1");
        final ByteBuffer frame = NicFrames.frame(7, 5_000);
        ValePeer.frame(frame, B, A, 7);

        big.receive(frame);

        assertThat(other.transmitted()).containsExactly(frame);
        detach("vale0:big0");
        detach("vale0:big1");
    }

    @Test
    void shouldMakeTheHostStackAPortOfItsOwn() {
        try (ValePeer peer = ValePeer.open(driver, "vale0:p")) {
            attach("vale0:eth0", RegisterMode.NIC_SW, 0);
            eth0.hostStack().send(frame(ValePeer.ALL, C, 1));

            assertThat(numbers(eth0.transmitted())).containsExactly(1);
            assertThat(peer.receive()).containsExactly(1);

            eth0.receive(frame(C, A, 2));
            peer.put(C, B, 3).send();
            assertThat(numbers(eth0.hostStack().received())).containsExactly(2, 3);

            eth0.hostStack().send(frame(A, C, 4));
            assertThat(numbers(eth0.transmitted())).containsExactly(4);
            assertThat(statistics("vale0:eth0^").delivered()).isEqualTo(2);
            refused(Errno.EBUSY, () -> detach("vale0:eth0^"));
            detach("vale0:eth0");
            refused(Errno.ENXIO, () -> detach("vale0:eth0^"));
        }
    }

    @Test
    void shouldKeepTheStackOutOfTheSwitchUnlessAskedFor() {
        try (ValePeer peer = ValePeer.open(driver, "vale0:p")) {
            attach("vale0:eth0");
            eth0.hostStack().send(frame(ValePeer.ALL, C, 1));

            assertThat(peer.receive()).isEmpty();
            assertThat(eth0.transmitted()).isEmpty();
            detach("vale0:eth0");
        }
        assertThat(eth0.statistics().queuePurged()).isEqualTo(1);
    }

    @Test
    void shouldRefuseAnInterfaceThatIsOpen() {
        try (TestPort port = TestPort.open(driver, "netmap:eth0^")) {
            refused(Errno.EBUSY, () -> attach("vale0:eth0"));
        }
        attach("vale0:eth0");
        refused(Errno.EBUSY, () -> attach("vale0:eth0"));
        refused(Errno.EBUSY, () -> attach("vale1:eth0"));
        detach("vale0:eth0");
    }

    @Test
    void shouldKeepOthersFromTheInterfaceWhileItIsAttached() {
        attach("vale0:eth0", RegisterMode.NIC_SW, 0);

        for (final String spec : List.of("netmap:eth0", "netmap:eth0^", "vale0:eth0", "netmap:eth0{1")) {
            refused(Errno.EBUSY, () -> TestPort.open(driver, spec));
        }
        detach("vale0:eth0");
        try (TestPort port = TestPort.open(driver, "netmap:eth0")) {
            eth0.receive(frame(B, A, 1));
            port.port.rxSync();
            assertThat(TestPort.space(port.rx())).isEqualTo(1);
        }
    }

    @Test
    void shouldAttachNothingButAllRings() {
        refused(Errno.EINVAL, () -> attach("vale0:eth0", RegisterMode.ALL_NIC, 1));
        refused(Errno.EINVAL, () -> attach("vale0:eth0", RegisterMode.ONE_NIC, 0));
        refused(Errno.EINVAL, () -> attach("vale0:eth0", RegisterMode.SW, 0));
        refused(Errno.EINVAL, () -> attach("vale0:eth9"));

        attach("vale0:eth0");
        detach("vale0:eth0");
    }

    @Test
    void shouldDropWhatASwitchSendsToAnInterfaceAttachedForReceptionOnly() {
        try (ValePeer peer = ValePeer.open(driver, "vale0:p")) {
            attach("vale0:eth0", RegisterMode.NIC_SW, 0, RegisterFlag.RX_RINGS_ONLY.bits());
            eth0.receive(frame(ValePeer.ALL, A, 1));
            peer.put(A, B, 2).send();

            assertThat(peer.receive()).containsExactly(1);
            assertThat(eth0.transmitted()).isEmpty();
            assertThat(statistics("vale0:eth0").closed()).isEqualTo(1);
            detach("vale0:eth0");
        }
    }

    @Test
    void shouldGiveEveryBufferBackWhenDetached() {
        final int free = driver.freeBuffers();
        attach("vale0:eth0", RegisterMode.NIC_SW, 0);
        assertThat(driver.freeBuffers()).isEqualTo(free - 64);
        detach("vale0:eth0");

        assertThat(driver.freeBuffers()).isEqualTo(free);
        refused(Errno.ENXIO, () -> detach("vale0:eth0"));
    }

    @Test
    void shouldNotDetachAPolledInterface() {
        attach("vale0:eth0");
        final PollingState polling = switches.find("vale0:eth0").polling();
        assertThat(polling).isNotNull();
        if (Runtime.getRuntime().availableProcessors() > 1) {
            polling.start("vale0:eth0", 1, 0, 1, 1);
            refused(Errno.EBUSY, () -> detach("vale0:eth0"));
            polling.stop("vale0:eth0");
        }
        detach("vale0:eth0");
    }

    @Test
    void shouldDropForALinkThatIsDownAndSendWhatWaitedWhenItIsUp() {
        try (ValePeer peer = ValePeer.open(driver, "vale0:p")) {
            attach("vale0:eth0");
            eth0.receive(frame(ValePeer.ALL, A, 0));
            eth0.link(false);
            for (int i = 1; i <= 20; i++) {
                peer.put(A, B, i).send();
            }
            assertThat(eth0.transmitted()).isEmpty();
            assertThat(statistics("vale0:eth0").ringFull()).isEqualTo(5);

            eth0.link(true);
            assertThat(numbers(eth0.transmitted())).isEqualTo(NicFrames.list(1, 15));
            peer.put(A, B, 30).send();
            assertThat(numbers(eth0.transmitted())).containsExactly(30);
            detach("vale0:eth0");
        }
    }

    @Test
    void shouldLeaveTheSwitchWhenTheInterfaceVanishes() {
        try (ValePeer peer = ValePeer.open(driver, "vale0:p")) {
            attach("vale0:eth0", RegisterMode.NIC_SW, 0);
            eth0.remove();

            peer.put(ValePeer.ALL, B, 1).send();
            assertThat(statistics("vale0:p").noDestination()).isEqualTo(1);
            refused(Errno.ENXIO, () -> detach("vale0:eth0"));
        }
    }

    @Test
    void shouldShowWhatPassesToAMonitor() {
        try (ValePeer peer = ValePeer.open(driver, "vale0:p")) {
            attach("vale0:eth0");
            try (TestPort monitor = TestPort.open(driver, "netmap:eth0/rt")) {
                eth0.receive(frame(ValePeer.ALL, A, 1));
                peer.put(A, B, 2).send();
                monitor.port.rxSync();

                assertThat(TestPort.space(monitor.rx())).isEqualTo(2);
                assertThat(peer.receive()).containsExactly(1);
                assertThat(numbers(eth0.transmitted())).containsExactly(2);
            }
            detach("vale0:eth0");
        }
    }

    @Test
    void shouldLoseNothingBetweenThreads() {
        final EmbeddedInterface eth1 =
                driver.addInterface("eth1", NicFrames.config().build());
        final EmbeddedInterface eth2 =
                driver.addInterface("eth2", NicFrames.config().build());
        attach("vale0:eth0");
        attach("vale0:eth1");
        attach("vale0:eth2");
        eth0.receive(frame(D, A, 0));
        eth1.receive(frame(D, B, 0));
        eth2.receive(frame(D, C, 0));
        eth0.transmitted();
        eth1.transmitted();
        eth2.transmitted();
        final int count = 20_000;
        final AtomicInteger[] delivered = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        final List<CompletableFuture<Void>> threads = new ArrayList<>();
        final EmbeddedInterface[] nics = {eth0, eth1, eth2};
        for (int t = 0; t < 3; t++) {
            final int me = t;
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < count; i++) {
                    // Two send to one, and back.
                    final int to = me == 0 ? B + (i & 1) : A;
                    nics[me].receive(frame(to, A + me, i));
                    delivered[me].addAndGet(nics[me].transmitted().size());
                }
            }));
        }
        threads.forEach(thread -> thread.orTimeout(60, TimeUnit.SECONDS).join());

        long out = 0;
        long lost = 0;
        for (int i = 0; i < 3; i++) {
            out += delivered[i].get() + nics[i].transmitted().size();
            final InterfaceStatistics nic = nics[i].statistics();
            lost += nic.ringFull() + nic.wireFull();
            final SwitchStatistics port = statistics("vale0:" + nics[i].name());
            lost += port.ringFull() + port.noDestination();
        }
        assertThat(out + lost).isEqualTo(3L * count);
        assertThat(out).isPositive();
        detach("vale0:eth0");
        detach("vale0:eth1");
        detach("vale0:eth2");
    }
}
