package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterFlag;

/** poll: what it syncs, when it is ready. */
@Timeout(30)
abstract class PollConformance extends ConformanceTest {
    private static final byte[] FRAME = Traffic.frame(60, 'f');

    private RawPort a;
    private RawPort b;

    private void pipe() {
        a = open("netmap:p{1@conf:rings=2,slots=16");
        b = open("netmap:p}1");
    }

    @Test
    @Pins("1.7a")
    void shouldPollErrorForAClosedPort() {
        pipe();
        try (Poller poller = driver().newPoller()) {
            poller.add(b.port, Poller.IN);
            close(b);
            poller.poll(0);
            assertThat(poller.ready(b.port)).isEqualTo(Poller.ERR);
        }
    }

    @Test
    @Pins("1.7b")
    void shouldSendWhatIsPendingWhenPolledForOut() {
        pipe();
        RawPort.put(a.tx(), FRAME, 0);
        assertThat(poll(a, Poller.OUT)).isEqualTo(Poller.OUT);
        assertThat(b.receive()).hasSize(1);
    }

    @Test
    @Pins("1.7c")
    void shouldLeaveIdleRingsAloneOnceSpaceIsFound() {
        pipe();
        RawPort.put(a.tx(1), FRAME, 0);
        a.port.txSync();
        b.port.rxSync();
        RawPort.advance(b.rx(1), 1);
        b.port.rxSync();
        assertThat(poll(a, Poller.OUT)).isEqualTo(Poller.OUT);
        assertThat(a.tx(1).tail()).as("ring 1 was not synced").isEqualTo(15);
        a.port.txSync();
        assertThat(a.tx(1).tail()).isZero();
    }

    @Test
    @Pins("1.7c")
    void shouldSendOnEveryRingThatHasSomethingPending() {
        pipe();
        RawPort.put(a.tx(0), FRAME, 0);
        RawPort.put(a.tx(1), FRAME, 0);
        poll(a, Poller.OUT);
        b.port.rxSync();
        assertThat(RawPort.space(b.rx(0))).isEqualTo(1);
        assertThat(RawPort.space(b.rx(1))).isEqualTo(1);
    }

    @Test
    @Pins("1.7d")
    void shouldSyncAllRxRingsNotTheFirstReadyOne() {
        pipe();
        RawPort.put(a.tx(0), FRAME, 0);
        RawPort.put(a.tx(1), FRAME, 0);
        a.port.txSync();
        assertThat(poll(b, Poller.IN)).isEqualTo(Poller.IN);
        assertThat(RawPort.space(b.rx(0))).isEqualTo(1);
        assertThat(RawPort.space(b.rx(1))).isEqualTo(1);
    }

    @Test
    @Pins("1.7d")
    void shouldLookAtRxRingsOnlyWhenPolledForIn() {
        pipe();
        RawPort.put(a.tx(), FRAME, 0);
        a.port.txSync();
        assertThat(poll(b, Poller.OUT)).isEqualTo(Poller.OUT);
        assertThat(RawPort.space(b.rx())).isZero();
    }

    @Test
    @Pins("1.7f")
    void shouldStampRxRingsInEverySyncAndPoll() {
        pipe();
        final long slack = TimeUnit.MINUTES.toMillis(10);
        assertThat(b.rx(1).timestampNanos()).isZero();
        b.port.rxSync();
        final long first = b.rx(1).timestampNanos();
        assertThat(TimeUnit.NANOSECONDS.toMillis(first))
                .isBetween(System.currentTimeMillis() - slack, System.currentTimeMillis() + slack);
        b.rx(1).timestamp(0, 0);
        poll(b, Poller.IN);
        assertThat(b.rx(1).timestampNanos()).isGreaterThanOrEqualTo(first);
    }

    @Test
    @Pins("1.7g")
    void shouldNeverStampTxRings() {
        pipe();
        a.send(FRAME);
        poll(a, Poller.OUT);
        assertThat(a.tx().timestampNanos()).isZero();
    }

    @Test
    @Pins("1.7h")
    void shouldWakeASleeperWhenPacketsArrive() throws InterruptedException {
        pipe();
        final Thread sender = new Thread(() -> a.send(FRAME));
        try (Poller poller = driver().newPoller()) {
            poller.add(b.port, Poller.IN);
            sender.start();
            while (poller.ready(b.port) == 0) {
                poller.poll(TimeUnit.SECONDS.toNanos(10));
            }
            assertThat(poller.ready(b.port)).isEqualTo(Poller.IN);
        }
        sender.join();
        assertThat(RawPort.takeAll(b.rx())).hasSize(1);
    }

    @Test
    @Pins("1.7h")
    void shouldWakeASenderWhenThereIsSpace() throws InterruptedException {
        pipe();
        for (int i = 0; i < 15; i++) {
            RawPort.put(a.tx(0), FRAME, 0);
            RawPort.put(a.tx(1), FRAME, 0);
        }
        a.port.txSync();
        final Thread receiver = new Thread(() -> {
            b.receive();
            b.port.rxSync();
        });
        try (Poller poller = driver().newPoller()) {
            poller.add(a.port, Poller.OUT);
            receiver.start();
            while (poller.ready(a.port) == 0) {
                poller.poll(TimeUnit.SECONDS.toNanos(10));
            }
        }
        receiver.join();
        assertThat(RawPort.space(a.tx())).isEqualTo(15);
    }

    @Test
    @Pins("1.7i")
    void shouldSendWhatIsPendingInEveryPoll() {
        pipe();
        RawPort.put(a.tx(1), FRAME, 0);
        assertThat(poll(a, Poller.IN)).isZero();
        b.port.rxSync();
        assertThat(RawPort.space(b.rx(1))).isEqualTo(1);
    }

    @Test
    @Pins("1.7i")
    void shouldSendWhenPolledForOutOnlyIfOpenedSo() {
        a = open(OpenRequest.of(PortSpec.parse("netmap:p{1@conf:rings=2,slots=16"))
                .withFlags(RegisterFlag.NO_TX_POLL));
        b = open("netmap:p}1");
        RawPort.put(a.tx(1), FRAME, 0);
        assertThat(poll(a, Poller.IN)).isZero();
        b.port.rxSync();
        assertThat(RawPort.space(b.rx(1))).isZero();
        assertThat(poll(a, Poller.OUT)).isEqualTo(Poller.OUT);
        b.port.rxSync();
        assertThat(RawPort.space(b.rx(1))).isEqualTo(1);
    }
}
