package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterMode;

/** A persistent port in two switches, which it connects: in the second one it is wrapped as a NIC is. */
@SuppressWarnings("try") // some ports are only held open
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BwrapTest {
    private final EmbeddedWorld world = new EmbeddedWorld(
            EmbeddedConfig.builder().buffers(4_096).bufSize(256).build());
    private final EmbeddedDriver driver = EmbeddedDriver.of(world);
    private final ValeSwitches switches = world.switches();

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        assertThat(driver.audit().total()).as("the global memory is left").isEqualTo(4_096);
        ValePeer.assertBalanced(driver);
    }

    private static void refused(final Errno errno, final ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private static Registration named(final String name) {
        return new Registration(name, name, RegisterMode.ALL_NIC, List.of());
    }

    private void newif(final String name, final int rings, final int slots) {
        final Registration request = named(name);
        request.txRings = rings;
        request.rxRings = rings;
        request.txSlots = slots;
        request.rxSlots = slots;
        synchronized (world) {
            switches.newif(request);
        }
    }

    private int attach(final String name) {
        synchronized (world) {
            return switches.attach(named(name));
        }
    }

    private int detach(final String name) {
        synchronized (world) {
            return switches.detach(name);
        }
    }

    private void delif(final String name) {
        synchronized (world) {
            switches.delif(name);
        }
    }

    @Test
    void shouldAttachAPortToASecondSwitchAndRefuseWhatTheKernelRefuses() {
        newif("v1", 1, 64);
        attach("vale0:v1");
        assertThat(attach("vale1:v1")).isZero();
        refused(Errno.EBUSY, () -> attach("vale0:v1"));
        refused(Errno.EBUSY, () -> attach("vale1:v1"));
        refused(Errno.EBUSY, () -> attach("vale2:v1"));
        refused(Errno.EBUSY, () -> TestPort.open(driver, "netmap:v1"));
        refused(Errno.EBUSY, () -> TestPort.open(driver, "vale0:v1"));
        refused(Errno.EBUSY, () -> TestPort.open(driver, "vale1:v1"));
        refused(Errno.EBUSY, () -> delif("v1"));
        // Only in the reverse order.
        refused(Errno.EBUSY, () -> detach("vale0:v1"));
        assertThat(detach("vale1:v1")).isZero();
        refused(Errno.ENXIO, () -> detach("vale1:v1"));
        TestPort.open(driver, "netmap:v1").close();
        detach("vale0:v1");
        delif("v1");
    }

    @Test
    void shouldAttachNothingButAllRings() {
        newif("v1", 2, 64);
        attach("vale0:v1");
        final Registration one = named("vale1:v1");
        one.mode = RegisterMode.ONE_NIC;
        refused(Errno.EINVAL, () -> attach(one));
        final Registration second = named("vale1:v1");
        second.ringId = 1;
        refused(Errno.EINVAL, () -> attach(second));
        final Registration host = named("vale1:v1");
        host.mode = RegisterMode.NIC_SW;
        refused(Errno.EINVAL, () -> attach(host));
        refused(Errno.ENXIO, () -> detach("vale1:v1"));
        try (TestPort open = TestPort.open(driver, "netmap:v1")) {
            refused(Errno.EBUSY, () -> attach("vale1:v1"));
        }
        detach("vale0:v1");
        delif("v1");
    }

    private void attach(final Registration request) {
        synchronized (world) {
            switches.attach(request);
        }
    }

    @Test
    void shouldConnectTwoSwitches() {
        newif("v1", 1, 64);
        attach("vale0:v1");
        attach("vale1:v1");
        try (ValePeer a = ValePeer.open(driver, "vale0:a", 1, 64);
                ValePeer b = ValePeer.open(driver, "vale1:b", 1, 64);
                ValePeer c = ValePeer.open(driver, "vale1:c", 1, 64)) {
            a.put(ALL, 1, 10).put(2, 1, 11).send();
            assertThat(b.receive()).containsExactly(10, 11);
            assertThat(c.receive()).containsExactly(10, 11);
            b.put(1, 2, 20).putMore(1, 2, 21).put(1, 2, 22).send();
            assertThat(a.receive()).containsExactly(20, 21, 22);
            assertThat(c.receive()).isEmpty();
            for (int round = 0; round < 20; round++) {
                final int first = round * 100;
                IntStream.range(0, 50).forEach(i -> a.put(2, 1, first + i));
                a.send();
                assertThat(b.receive()).hasSize(50).startsWith(first);
                b.port.port.rxSync();
            }
            assertThat(ValePeer.statistics(driver, "vale0:v1").ringFull()).isZero();
            assertThat(driver.audit().isBalanced()).isTrue();
            detach("vale1:v1");
            a.put(2, 1, 30).send();
            b.put(1, 2, 31).send();
            assertThat(b.receive()).isEmpty();
            assertThat(a.receive()).isEmpty();
            attach("vale1:v1");
            a.put(ALL, 1, 32).send();
            assertThat(b.receive()).containsExactly(32);
        }
        detach("vale1:v1");
        detach("vale0:v1");
        delif("v1");
    }

    /** The port's ring has 8 slots; what doesn't fit goes in the next rounds, after the first part was sent. */
    @Test
    void shouldSendInSeveralRoundsWhatDoesNotFitAtOnce() {
        newif("v1", 1, 8);
        attach("vale0:v1");
        attach("vale1:v1");
        try (ValePeer a = ValePeer.open(driver, "vale0:a", 1, 64);
                ValePeer b = ValePeer.open(driver, "vale1:b", 1, 64)) {
            IntStream.range(0, 40).forEach(i -> b.put(ALL, 2, i));
            b.send();
            // netmap_txsync_retry is 2: three times seven slots.
            assertThat(a.receive())
                    .containsExactlyElementsOf(IntStream.range(0, 21).boxed().toList());
            assertThat(ValePeer.statistics(driver, "vale1:v1").ringFull()).isEqualTo(19);
        }
        detach("vale1:v1");
        detach("vale0:v1");
        delif("v1");
    }

    @Test
    void shouldUseTheSameRingOnBothSides() {
        newif("v1", 3, 16);
        attach("vale0:v1");
        attach("vale1:v1");
        try (ValePeer a = ValePeer.open(driver, "vale0:a", 3, 16);
                ValePeer b = ValePeer.open(driver, "vale1:b", 3, 16)) {
            b.put(0, ALL, 2, 0).send();
            a.put(2, 2, 1, 12).put(1, 2, 1, 11).send();
            assertThat(b.receive(1)).containsExactly(11);
            assertThat(b.receive(2)).containsExactly(12);
            assertThat(b.receive(0)).isEmpty();
        }
        detach("vale1:v1");
        detach("vale0:v1");
        delif("v1");
    }

    /** Two ports between the same two switches: the flood comes back, and ends. */
    @Test
    void shouldSurviveACircle() {
        for (final String name : List.of("v1", "v2")) {
            newif(name, 1, 16);
            attach("vale0:" + name);
            attach("vale1:" + name);
        }
        try (ValePeer a = ValePeer.open(driver, "vale0:a", 1, 64);
                ValePeer b = ValePeer.open(driver, "vale1:b", 1, 64)) {
            a.put(ALL, 1, 10).send();
            assertThat(b.receive()).contains(10);
            final CompletableFuture<Void> other = CompletableFuture.runAsync(
                    () -> IntStream.range(0, 100).forEach(i -> b.put(ALL, 2, i).send()));
            IntStream.range(0, 100).forEach(i -> a.put(ALL, 1, i).send());
            other.join();
        }
        for (final String name : List.of("v1", "v2")) {
            detach("vale1:" + name);
            detach("vale0:" + name);
            delif(name);
        }
    }

    @Test
    void shouldDetachWhileOthersForward() {
        newif("v1", 1, 64);
        attach("vale0:v1");
        try (ValePeer a = ValePeer.open(driver, "vale0:a", 1, 64);
                ValePeer b = ValePeer.open(driver, "vale1:b", 1, 64)) {
            final CompletableFuture<Void> down = CompletableFuture.runAsync(() ->
                    IntStream.range(0, 20_000).forEach(i -> a.put(ALL, 1, i).send()));
            final CompletableFuture<Void> up = CompletableFuture.runAsync(() ->
                    IntStream.range(0, 20_000).forEach(i -> b.put(ALL, 2, i).send()));
            do {
                attach("vale1:v1");
                detach("vale1:v1");
            } while (!down.isDone() || !up.isDone());
            down.join();
            up.join();
        }
        detach("vale0:v1");
        delif("v1");
    }
}
