package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.Poller;

/** poll: what it syncs, when it returns, when it sleeps and what ends the sleep. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmbeddedPollerTest {
    private final AtomicInteger rxSyncs = new AtomicInteger();
    private final EmbeddedDriver driver = EmbeddedDriver.create(EmbeddedConfig.builder()
            .buffers(1_000)
            .clock(rxSyncs::incrementAndGet)
            .build());
    private final TestPort a = TestPort.open(driver, "netmap:x{1", 2, 8);
    private final TestPort b = TestPort.open(driver, "netmap:x}1");
    private final Poller poller = driver.newPoller();

    @AfterEach
    void close() {
        poller.close();
        a.close();
        b.close();
        assertThat(driver.freeBuffers()).isEqualTo(998);
    }

    private void fill(final TestPort port) {
        while (TestPort.space(port.tx(0)) > 0) {
            TestPort.put(port.tx(0), 1);
        }
        while (TestPort.space(port.tx(1)) > 0) {
            TestPort.put(port.tx(1), 1);
        }
    }

    @Test
    void shouldFindPacketsThatCameBefore() {
        poller.add(b.port, Poller.IN);
        a.send(1);
        assertThat(poller.poll(-1)).isEqualTo(1);
        assertThat(poller.ready(b.port)).isEqualTo(Poller.IN);
        assertThat(TestPort.take(b.rx())).containsExactly(1);
    }

    @Test
    void shouldFindSpace() {
        poller.add(a.port, Poller.OUT);
        assertThat(poller.poll(-1)).isEqualTo(1);
        assertThat(poller.ready(a.port)).isEqualTo(Poller.OUT);
    }

    @Test
    void shouldNotWaitWithTimeout0() {
        poller.add(b.port, Poller.IN);
        assertThat(poller.poll(0)).isZero();
        assertThat(poller.ready(b.port)).isZero();
        assertThat(rxSyncs).hasValue(1);
    }

    @Test
    void shouldWaitUntilTheTimeIsOver() {
        poller.add(b.port, Poller.IN);
        final long start = System.nanoTime();
        assertThat(poller.poll(2_000_000)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
    }

    @Test
    void shouldSleepUntilTheSendersSync() {
        poller.add(b.port, Poller.IN);
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        TestPort.put(a.tx(1), 7);
        a.port.txSync();
        assertThat(sleeper.await()).isEqualTo(1);
        assertThat(TestPort.take(b.rx(1))).containsExactly(7);
        assertThat(rxSyncs).as("no busy polling").hasValue(3);
    }

    @Test
    void shouldSleepUntilTheReceiverReleases() {
        fill(a);
        a.port.txSync();
        poller.add(a.port, Poller.OUT);
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        b.port.rxSync();
        TestPort.advance(b.rx(1), 3);
        b.port.rxSync();
        assertThat(sleeper.await()).isEqualTo(1);
        assertThat(TestPort.space(a.tx(1))).isEqualTo(3);
    }

    @Test
    void shouldSleepOnParkedRingsUntilSomethingNewComes() {
        a.send(1, 2);
        b.port.rxSync();
        // Parked: head holds both packets, cur says that they are known.
        b.rx().cur(b.rx().tail());
        poller.add(b.port, Poller.IN);
        assertThat(poller.poll(0)).isZero();
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        a.send(3);
        assertThat(sleeper.await()).isEqualTo(1);
        b.rx().cur(b.rx().head());
        assertThat(TestPort.take(b.rx())).containsExactly(1, 2, 3);
    }

    @Test
    void shouldSleepOnParkedTxRings() {
        poller.add(a.port, Poller.OUT);
        a.tx(0).cur(a.tx(0).tail());
        while (TestPort.space(a.tx(1)) > 0) {
            TestPort.put(a.tx(1), 1);
        }
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        b.port.rxSync();
        TestPort.take(b.rx(1));
        b.port.rxSync();
        assertThat(sleeper.await()).isEqualTo(1);
        assertThat(TestPort.space(a.tx(1))).isEqualTo(7);
    }

    @Test
    void shouldSyncAllRxRingsWhenOneIsReady() {
        poller.add(b.port, Poller.IN);
        TestPort.put(a.tx(0), 1);
        TestPort.put(a.tx(1), 2);
        a.port.txSync();
        poller.poll(0);
        assertThat(TestPort.take(b.rx(0))).containsExactly(1);
        assertThat(TestPort.take(b.rx(1))).containsExactly(2);
    }

    @Test
    void shouldSendPendingPacketsWhenPolledForOut() {
        TestPort.put(a.tx(0), 1);
        TestPort.put(a.tx(1), 2);
        poller.add(a.port, Poller.OUT);
        poller.poll(0);
        b.port.rxSync();
        assertThat(TestPort.take(b.rx(0))).containsExactly(1);
        assertThat(TestPort.take(b.rx(1))).containsExactly(2);
    }

    @Test
    void shouldLeaveIdleTxRingsAloneOnceSpaceIsFound() {
        fill(a);
        a.port.txSync();
        b.port.rxSync();
        TestPort.advance(b.rx(0), 1);
        TestPort.advance(b.rx(1), 1);
        b.port.rxSync();
        poller.add(a.port, Poller.OUT);
        poller.poll(0);
        assertThat(TestPort.space(a.tx(0))).isEqualTo(1);
        assertThat(TestPort.space(a.tx(1))).as("not synced").isZero();
    }

    @Test
    void shouldNeitherSyncNorReportWithoutInterest() {
        a.send(1);
        poller.add(b.port, 0);
        assertThat(poller.poll(0)).isZero();
        assertThat(rxSyncs).hasValue(0);
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        a.send(2);
        assertThat(sleeper.isDone()).isFalse();
        poller.wakeup();
        assertThat(sleeper.await()).isZero();
    }

    @Test
    void shouldChangeInterest() {
        a.send(1);
        poller.add(b.port, 0);
        poller.add(b.port, Poller.IN | Poller.OUT);
        assertThat(poller.poll(-1)).isEqualTo(1);
        assertThat(poller.ready(b.port)).isEqualTo(Poller.IN | Poller.OUT);
    }

    @Test
    void shouldNotBeWokenByWhatItDoesNotWaitFor() {
        fill(b);
        b.port.txSync();
        poller.add(b.port, Poller.OUT);
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        a.send(1);
        // The sender's thread would have ended the sleep.
        assertThat(((EmbeddedPoller) poller).isSleeping()).isTrue();
        poller.wakeup();
        sleeper.await();
    }

    @Test
    void shouldWakeOnlyThePollerOfTheRingThatMoved() {
        try (TestPort ring0 = TestPort.open(driver, "netmap:x}1-0");
                TestPort ring1 = TestPort.open(driver, "netmap:x}1-1");
                Poller poller1 = driver.newPoller()) {
            poller.add(ring0.port, Poller.IN);
            poller1.add(ring1.port, Poller.IN);
            final Sleeper<Integer> sleeper0 = Sleeper.asleep(() -> poller.poll(-1));
            final Sleeper<Integer> sleeper1 = Sleeper.asleep(() -> poller1.poll(-1));
            final int before = rxSyncs.get();
            TestPort.put(a.tx(1), 5);
            a.port.txSync();
            assertThat(sleeper1.await()).isEqualTo(1);
            assertThat(rxSyncs).hasValue(before + 1);
            assertThat(sleeper0.isDone()).isFalse();
            poller.wakeup();
            sleeper0.await();
        }
    }

    @Test
    void shouldWakeEveryPollerOfTheRingThatMoved() {
        try (TestPort again = TestPort.open(driver, "netmap:x}1");
                Poller other = driver.newPoller()) {
            fill(b);
            b.port.txSync();
            poller.add(b.port, Poller.OUT);
            other.add(again.port, Poller.OUT);
            final Sleeper<Integer> one = Sleeper.asleep(() -> poller.poll(-1));
            final Sleeper<Integer> two = Sleeper.asleep(() -> {
                other.poll(-1);
                return 1;
            });
            // Both are awake after this, one after the other syncing the same rings: wake-ups first, then syncs.
            poller.wakeup();
            assertThat(one.await()).isZero();
            a.port.rxSync();
            TestPort.take(a.rx(0));
            a.port.rxSync();
            assertThat(two.await()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepAWakeupForTheNextPoll() {
        poller.add(b.port, Poller.IN);
        poller.wakeup();
        poller.wakeup();
        assertThat(poller.poll(-1)).isZero();
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        poller.wakeup();
        assertThat(sleeper.await()).isZero();
    }

    @Test
    void shouldReportWhatIsReadyAlongWithAWakeup() {
        poller.add(b.port, Poller.IN);
        a.send(1);
        poller.wakeup();
        assertThat(poller.poll(-1)).isEqualTo(1);
        assertThat(poller.poll(0)).isEqualTo(1);
        TestPort.take(b.rx());
        assertThat(Sleeper.asleep(() -> poller.poll(TimeUnit.MILLISECONDS.toNanos(50)))
                        .await())
                .as("the wake-up is used up")
                .isZero();
    }

    @Test
    void shouldWakeWithoutPorts() {
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        poller.wakeup();
        assertThat(sleeper.await()).isZero();
    }

    @Test
    void shouldReturnEarlyWhenInterruptedAndKeepTheFlag() {
        poller.add(b.port, Poller.IN);
        final Sleeper<Boolean> sleeper = Sleeper.asleep(() -> {
            final int ready = poller.poll(-1);
            return ready == 0 && Thread.currentThread().isInterrupted() && poller.poll(-1) == 0;
        });
        sleeper.thread.interrupt();
        assertThat(sleeper.await()).isTrue();
    }

    @Test
    void shouldSurviveAStrayUnpark() {
        poller.add(b.port, Poller.IN);
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        LockSupport.unpark(sleeper.thread);
        sleeper.awaitPark();
        a.send(1);
        assertThat(sleeper.await()).isEqualTo(1);
    }

    @Test
    void shouldSeeWhatItsOwnSyncOfAnotherPortSent() {
        // b is looked at before a, whose packets leave in this very poll and which has no space left.
        poller.add(b.port, Poller.IN);
        poller.add(a.port, Poller.OUT);
        fill(a);
        assertThat(poller.poll(-1)).isEqualTo(1);
        assertThat(poller.ready(b.port)).isEqualTo(Poller.IN);
        assertThat(poller.ready(a.port)).isZero();
    }

    @Test
    void shouldReportAClosedPortAsErr() {
        poller.add(b.port, Poller.IN);
        poller.add(a.port, 0);
        b.close();
        assertThat(poller.poll(-1)).isEqualTo(1);
        assertThat(poller.ready(b.port)).isEqualTo(Poller.ERR);
        assertThat(poller.ready(a.port)).isZero();
        poller.remove(b.port);
        assertThat(poller.poll(0)).isZero();
    }

    @Test
    void shouldWakeWhenAPortIsClosedByAnotherThread() {
        poller.add(b.port, 0);
        final Sleeper<Integer> sleeper = Sleeper.asleep(() -> poller.poll(-1));
        b.close();
        assertThat(sleeper.await()).isEqualTo(1);
        assertThat(poller.ready(b.port)).isEqualTo(Poller.ERR);
    }

    @Test
    void shouldNotReportThePeersClose() {
        poller.add(b.port, Poller.IN);
        a.close();
        assertThat(poller.poll(0)).isZero();
    }

    @Test
    void shouldForgetARemovedPort() {
        a.send(1);
        poller.add(b.port, Poller.IN);
        poller.remove(b.port);
        poller.remove(b.port);
        assertThat(poller.poll(0)).isZero();
        assertThat(poller.ready(b.port)).isZero();
    }

    @Test
    void shouldRefusePortsOfAnotherWorldAndUnknownInterests() {
        final EmbeddedDriver other = TestPort.world(Strictness.STRICT);
        try (TestPort foreign = TestPort.open(other, "netmap:x{1", 1, 8)) {
            assertThatThrownBy(() -> poller.add(foreign.port, Poller.IN)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> poller.add(b.port, Poller.ERR)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseToPollWhenClosed() {
        poller.add(b.port, Poller.IN);
        poller.close();
        poller.close();
        assertThatThrownBy(() -> poller.poll(0)).isInstanceOf(IllegalStateException.class);
    }
}
