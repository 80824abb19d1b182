package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NoSuchPortException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingStateException;

/** Each fault as a C program at the rings would see it. */
@Timeout(60)
class EmbeddedFaultsTest {
    private static final int SLOTS = 16;

    private final AtomicLong clock = new AtomicLong();
    private final EmbeddedDriver driver = world(Strictness.STRICT);
    private final EmbeddedFaults faults = driver.faults();
    private final TestPort a = TestPort.open(driver, "netmap:x{1", 2, SLOTS);
    private final TestPort b = TestPort.open(driver, "netmap:x}1");

    private EmbeddedDriver world(final Strictness strictness) {
        return EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(1_024)
                .bufSize(256)
                .strictness(strictness)
                .clock(clock::get)
                .build());
    }

    private static Errno errnoOf(final Runnable sync) {
        try {
            sync.run();
        } catch (final NetmapErrnoException e) {
            assertThat(e).hasMessageContaining("fault");
            return e.errno();
        }
        throw new AssertionError("the sync did not fail");
    }

    private void assertBalanced() {
        assertThat(driver.audit().isBalanced()).as("%s", driver.audit()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"EIO", "ENXIO", "EAGAIN", "ENOBUFS"})
    void shouldFailASyncOnceWithAnyErrno(final Errno errno) {
        final Fault fault = faults.on("x{1").failSync(errno).once();
        TestPort.put(a.tx(), 1);

        assertThat(errnoOf(a.port::txSync)).isEqualTo(errno);

        assertThat(b.receive()).as("nothing was sent").isEmpty();
        a.port.txSync();
        assertThat(b.receive()).containsExactly(1);
        assertThat(fault.struck()).isOne();
        assertThat(fault.isArmed()).isFalse();
        assertThat(faults.armed()).isEmpty();
    }

    @Test
    void shouldFailAsOftenAsItWasTold() {
        final Fault fault = faults.on("x{1").tx().failSync(Errno.EIO).after(2).times(3);
        final List<Boolean> failed = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            try {
                a.port.txSync();
                failed.add(false);
            } catch (final NetmapErrnoException e) {
                failed.add(true);
            }
            a.port.rxSync();
        }

        assertThat(failed).containsExactly(false, false, true, true, true, false, false, false);
        assertThat(fault.struck()).isEqualTo(3);
    }

    @Test
    void shouldFailUntilCleared() {
        final Fault fault = faults.on("netmap:x{1").failSync(Errno.EIO).always();
        for (int i = 0; i < 5; i++) {
            errnoOf(a.port::txSync);
            errnoOf(a.port::rxSync);
        }

        fault.clear();

        a.send(7);
        assertThat(b.receive()).containsExactly(7);
        assertThat(fault.struck()).isEqualTo(10);
    }

    @Test
    void shouldSyncTheOtherRingsWhenOneFails() {
        faults.on("x{1").tx(1).failSync(Errno.EIO).always();
        TestPort.put(a.tx(0), 1);
        TestPort.put(a.tx(1), 2);

        errnoOf(a.port::txSync);

        assertThat(b.receive()).containsExactly(1);
        assertThat(TestPort.take(b.rx(1))).isEmpty();
        faults.clearAll();
        a.port.txSync();
        b.port.rxSync();
        assertThat(TestPort.take(b.rx(1))).containsExactly(2);
    }

    @Test
    void shouldFailBySeedTheSameWayTwice() {
        final List<Integer> first = failures(42);

        assertThat(first).hasSizeBetween(5, 60);
        assertThat(failures(42)).isEqualTo(first);
        assertThat(failures(43)).isNotEqualTo(first);
    }

    private List<Integer> failures(final long seed) {
        final Fault fault = faults.seed(seed)
                .on("x{1")
                .failSync(Errno.EIO)
                .withProbability(0.1)
                .always();
        final List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            try {
                a.port.txSync();
            } catch (final NetmapErrnoException e) {
                failed.add(i);
            }
        }
        assertThat(fault.struck()).isEqualTo(failed.size());
        fault.clear();
        return failed;
    }

    @Test
    void shouldSayErrInPollUntilTheSyncThrows() {
        faults.on("x{1").rx().failSync(Errno.EIO).once();
        try (Poller poller = driver.newPoller()) {
            poller.add(a.port, Poller.IN);
            assertThat(poller.poll(-1)).isOne();
            assertThat(poller.ready(a.port)).isEqualTo(Poller.ERR);
            assertThat(poller.poll(0)).isOne();

            assertThat(errnoOf(a.port::rxSync)).isEqualTo(Errno.EIO);

            assertThat(poller.poll(0)).isZero();
        }
    }

    @Test
    void shouldLoseTheInterfaceForSyncsPollsAndOpens() {
        final Fault fault = faults.on("x{1").interfaceGone().always();
        assertThat(errnoOf(a.port::txSync)).isEqualTo(Errno.EIO);
        assertThat(errnoOf(a.port::rxSync)).isEqualTo(Errno.EIO);
        assertThatThrownBy(() -> TestPort.open(driver, "netmap:x{1"))
                .isInstanceOf(NoSuchPortException.class)
                .hasMessageContaining("ENXIO");
        try (Poller poller = driver.newPoller()) {
            poller.add(a.port, 0);
            poller.add(b.port, Poller.IN);
            assertThat(poller.poll(-1)).isOne();
            assertThat(poller.ready(a.port)).isEqualTo(Poller.ERR);
            assertThat(poller.ready(b.port)).as("the other port is well").isZero();

            fault.clear();

            assertThat(poller.poll(0)).isZero();
        }
        TestPort.open(driver, "netmap:x{1").close();
        assertThatThrownBy(() -> faults.on("x{1").rx(0).interfaceGone()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldWakeASleeperWhenTheInterfaceGoes() {
        try (Poller poller = driver.newPoller()) {
            poller.add(a.port, Poller.IN);
            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

            faults.on("x{1").interfaceGone().always();

            assertThat(sleeper.await()).isOne();
            assertThat(poller.ready(a.port)).isEqualTo(Poller.ERR);
        }
    }

    @Test
    void shouldHideTheRoomOfAFullRingForSomeSyncs() {
        final int[] values = new int[SLOTS - 1];
        a.send(values);
        assertThat(b.receive()).hasSize(SLOTS - 1);
        b.port.rxSync();
        final Fault fault = faults.on("x{1").ringFull().times(3);

        for (int i = 0; i < 3; i++) {
            a.port.txSync();
            assertThat(TestPort.space(a.tx())).as("sync %d", i).isZero();
        }

        a.port.txSync();
        assertThat(TestPort.space(a.tx())).isEqualTo(SLOTS - 1);
        assertThat(fault.struck()).isEqualTo(3);
        assertThatThrownBy(() -> faults.on("x{1").rx().ringFull()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldHideTheRoomOfAFullRingForAWhile() {
        faults.on("x{1").tx(0).ringFull().during(Duration.ofMillis(5));
        a.send(new int[SLOTS - 1]);
        b.receive();
        b.port.rxSync();
        a.port.txSync();
        assertThat(TestPort.space(a.tx())).isZero();
        clock.addAndGet(4_999_999);
        a.port.txSync();
        assertThat(TestPort.space(a.tx())).isZero();

        clock.incrementAndGet();
        a.port.txSync();

        assertThat(TestPort.space(a.tx())).isEqualTo(SLOTS - 1);
        assertThat(faults.armed()).isEmpty();
    }

    @Test
    void shouldNotSleepForEverBecauseRoomWasHidden() {
        a.send(new int[SLOTS - 1]);
        TestPort.put(a.tx(1), 1);
        TestPort.advance(a.tx(1), SLOTS - 2);
        a.port.txSync();
        b.port.rxSync();
        TestPort.advance(b.rx(), SLOTS - 1);
        b.port.rxSync();
        faults.on("x{1").ringFull().times(20);
        try (Poller poller = driver.newPoller()) {
            poller.add(a.port, Poller.OUT);

            assertThat(poller.poll(-1)).as("after 20 looks, without a signal").isOne();
            assertThat(TestPort.space(a.tx())).isEqualTo(SLOTS - 1);
        }
    }

    @Test
    void shouldSeeNobodyAtTheOtherEnd() {
        a.send(1);
        final Fault gone = faults.on("x}1").peerGone().always();

        assertThat(b.receive()).isEmpty();
        try (Poller poller = driver.newPoller()) {
            poller.add(b.port, Poller.IN);
            assertThat(poller.poll(Duration.ofMillis(3).toNanos())).isZero();
            b.send(new int[SLOTS - 1]);
            assertThat(a.receive()).hasSize(SLOTS - 1);
            a.port.rxSync();
            b.port.txSync();
            assertThat(TestPort.space(b.tx())).isZero();

            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
            gone.clear();
            assertThat(sleeper.await()).isOne();
        }
        assertThat(b.receive()).containsExactly(1);
        b.port.txSync();
        assertThat(TestPort.space(b.tx())).isEqualTo(SLOTS - 1);
        assertBalanced();
    }

    @Test
    void shouldShowAFrameWithoutItsEnd() {
        final Fault fault = faults.on("x}1").rx().tornFrame().once();
        a.send(1, 2);
        b.port.rxSync();

        assertThat(flags(b.rx(), 0)).isZero();
        assertThat(flags(b.rx(), 1)).isEqualTo(NetmapSlotDescriptor.NS_MOREFRAG);
        assertThat(b.rx().tail()).isEqualTo(2);

        a.send(3);
        b.port.rxSync();
        assertThat(flags(b.rx(), 2)).isZero();
        assertThat(fault.struck()).isOne();
        assertThat(TestPort.take(b.rx())).containsExactly(1, 2, 3);
        b.port.rxSync();
        assertBalanced();
    }

    @Test
    void shouldNotHandOverAFrameTornAtTheSenderBeforeTheNext() {
        faults.on("x{1").tx().tornFrame().once();
        a.send(1);
        b.port.rxSync();
        assertThat(TestPort.space(b.rx())).as("a pipe shows whole frames only").isZero();

        a.send(2);
        b.port.rxSync();

        assertThat(flags(b.rx(), 0)).isEqualTo(NetmapSlotDescriptor.NS_MOREFRAG);
        assertThat(flags(b.rx(), 1)).isZero();
        assertThat(TestPort.space(b.rx())).isEqualTo(2);
    }

    private static int flags(final NetmapRing ring, final int slot) {
        return NetmapSlotDescriptor.flags(ring.slotWord(slot));
    }

    @Test
    void shouldScribblePointersSoThatStrictThrowsWithAllOfThem() {
        final Fault fault = faults.seed(5).on("x{1").tx(0).scribblePointers().always();
        int thrown = 0;
        for (int i = 0; i < 200; i++) {
            a.tx().head(0);
            a.tx().cur(0);
            try {
                a.port.txSync();
            } catch (final RingStateException e) {
                thrown++;
                assertThat(e).hasMessageContaining("head=").hasMessageContaining("hwcur=");
                a.tx().tail(SLOTS - 1);
            }
            if (a.tx().head() != 0) {
                // A legal head: some slots were handed over. Leave the rest to other tests.
                break;
            }
        }
        assertThat(thrown).isPositive();
        assertThat(fault.struck()).isPositive();
    }

    @Test
    void shouldReportScribbledPointersAsErrFromPollWhenFaithful() {
        final EmbeddedDriver faithful = world(Strictness.FAITHFUL);
        final TestPort port = TestPort.open(faithful, "netmap:x{1", 1, SLOTS);
        faithful.faults().seed(3).on("x{1").scribblePointers().times(400);
        int errors = 0;
        try (Poller poller = faithful.newPoller()) {
            poller.add(port.port, Poller.OUT | Poller.IN);
            for (int i = 0; i < 200; i++) {
                poller.poll(0);
                errors += (poller.ready(port.port) & Poller.ERR) != 0 ? 1 : 0;
                port.port.txSync();
                port.port.rxSync();
            }
        }
        assertThat(errors).isPositive();
        assertThat(faithful.faults().armed()).isEmpty();
    }

    @Test
    void shouldScribbleSlotsThatAreShown() {
        final Fault fault = faults.seed(11).on("x}1").rx().scribbleSlots().always();
        int changed = 0;
        for (int i = 0; i < 300; i++) {
            a.send(i);
            b.port.rxSync();
            final int slot = b.rx().head();
            final long good = a.tx().slotWord(slot);
            if (b.rx().slotWord(slot) != good) {
                changed++;
                b.rx().slotWord(slot, good);
            }
            TestPort.advance(b.rx(), 1);
            b.port.rxSync();
            a.port.txSync();
        }
        assertThat(fault.struck()).isEqualTo(300);
        assertThat(changed).isBetween(290, 300);
        assertBalanced();
    }

    @Test
    void shouldScribbleTheSlotsThatASyncTakes() {
        final Fault fault = faults.seed(1).on("x{1").tx(0).scribbleSlots().once();
        a.port.txSync();
        assertThat(fault.struck()).as("there was none").isZero();
        final long good = a.tx().slotWord(0);

        a.send(1);

        assertThat(fault.struck()).isOne();
        b.port.rxSync();
        assertThat(b.rx().slotWord(0)).isNotEqualTo(NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(good), 4, 0));
    }

    @Test
    void shouldLoseNoBufferForGoodToScribbledSlots() {
        final int free = driver.freeBuffers();
        for (long seed = 0; seed < 10; seed++) {
            final EmbeddedDriver own = world(Strictness.STRICT);
            final TestPort c = TestPort.open(own, "netmap:y{1", 1, SLOTS);
            final TestPort d = TestPort.open(own, "netmap:y}1");
            final int total = own.audit().total();
            own.faults().seed(seed).on("y}1").scribbleSlots().always();
            own.faults().on("y{1").tx().scribbleSlots().always();
            for (int i = 0; i < 50; i++) {
                TestPort.advance(c.tx(), 1);
                c.port.txSync();
                d.port.rxSync();
                d.rx().head(d.rx().tail());
                d.rx().cur(d.rx().tail());
                d.port.rxSync();
            }
            c.close();
            d.close();
            final BufferAudit audit = own.audit();
            assertThat(audit.lost()).as("lost, seed %s", seed).isEmpty();
            assertThat(audit.duplicated()).as("duplicated, seed %s", seed).isEmpty();
            assertThat(audit.total()).isLessThanOrEqualTo(total);
        }
        assertThat(driver.freeBuffers()).isEqualTo(free);
    }

    @Test
    void shouldEndAPollSomePollsLater() {
        final Fault fault = faults.on("x}1").delayWakeUps(2).once();
        try (Poller poller = driver.newPoller()) {
            poller.add(b.port, Poller.IN);
            assertThat(poller.poll(0)).as("nothing to delay").isZero();
            a.send(1);
            assertThat(poller.poll(0)).isZero();
            assertThat(poller.poll(-1)).as("early, not for ever").isZero();
            assertThat(poller.poll(-1)).isOne();
            assertThat(poller.ready(b.port)).isEqualTo(Poller.IN);
            assertThat(fault.struck()).isOne();
            assertThat(poller.poll(-1)).as("still there").isOne();
        }
        assertThat(b.receive()).containsExactly(1);
    }

    @Test
    void shouldEndAPollSomeTimeLater() {
        faults.on("x}1").delayWakeUps(Duration.ofMillis(3)).always();
        try (Poller poller = driver.newPoller()) {
            poller.add(b.port, Poller.IN);
            a.send(1);
            assertThat(poller.poll(0)).isZero();
            clock.addAndGet(2_999_999);
            assertThat(poller.poll(100_000)).isZero();
            clock.incrementAndGet();
            assertThat(poller.poll(0)).isOne();
            b.receive();
            b.port.rxSync();
            assertThat(poller.poll(0)).isZero();

            a.send(2);
            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
            clock.addAndGet(3_000_000);
            assertThat(sleeper.await()).isOne();
        }
    }

    @Test
    void shouldEndADelayWhenCleared() {
        final Fault fault = faults.on("x}1").delayWakeUps(Duration.ofDays(1)).always();
        try (Poller poller = driver.newPoller()) {
            poller.add(b.port, Poller.IN);
            a.send(1);
            final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));

            fault.clear();

            assertThat(sleeper.await()).isOne();
        }
    }

    @Test
    void shouldStrikeOnlyThePortItIsOn() {
        faults.on("x{2").failSync(Errno.EIO).always();
        faults.on("x}1").tx().failSync(Errno.EIO).always();

        a.send(1);
        assertThat(b.receive()).containsExactly(1);
        final TestPort later = TestPort.open(driver, "netmap:x{2");
        errnoOf(later.port::txSync);
        assertThat(faults.armed()).hasSize(2);
        assertThat(faults.toString()).contains("x{2", "seed 0", "EIO");
        faults.clearAll();
        assertThat(faults.armed()).isEmpty();
        later.port.txSync();
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        final FaultPoint point = faults.on("x{1");
        assertThatThrownBy(() -> point.tx(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> point.delayWakeUps(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> point.delayWakeUps(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> point.tornFrame().times(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> point.tornFrame().after(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> point.tornFrame().withProbability(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> point.tornFrame().withProbability(1.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> point.tornFrame().during(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(faults.armed()).isEmpty();
    }
}
