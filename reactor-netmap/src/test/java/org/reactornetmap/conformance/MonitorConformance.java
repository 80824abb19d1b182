package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.conformance.Traffic.frame;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_TXMON;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.Poller;

/** Monitor ports: netmap_monitor.c. */
@Needs(Feature.MONITORS)
abstract class MonitorConformance extends ConformanceTest {
    private static final byte[] A = frame(60, 'a');
    private static final byte[] B = frame(61, 'b');
    private static final byte[] C = frame(62, 'c');

    private RawPort left;
    private RawPort right;

    private void pipe() {
        left = open("netmap:p{1@conf:slots=16");
        right = open("netmap:p}1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"netmap:p{1/t", "netmap:p{1/r", "netmap:p{1/z"})
    @Pins("1.12a")
    void shouldRefuseToMonitorAPortThatNobodyHasOpen(final String spec) {
        assertOpenFails(Errno.EINVAL, spec);
    }

    @Test
    @Pins("1.12b")
    void shouldHaveOneTxRingAndAsManyRxRingsAsTheBiggerDirection() {
        open("netmap:p{1@conf:tx-rings=3,rx-rings=2");
        final RawPort monitor = open("netmap:p{1/t");
        assertThat(monitor.port.portTxRings()).isEqualTo(1);
        assertThat(monitor.port.portRxRings()).isEqualTo(3);
    }

    @Test
    @Pins("1.12c")
    void shouldNotSend() {
        pipe();
        final RawPort monitor = open("netmap:p{1/t");
        RawPort.put(monitor.tx(), A, 0);
        assertThat(poll(monitor, Poller.OUT) & Poller.ERR).isEqualTo(Poller.ERR);
        assertThat(right.receive()).isEmpty();
    }

    @Test
    @Pins("1.12d")
    void shouldPollErrorOnceTheMonitoredPortIsClosed() {
        pipe();
        final RawPort monitor = open("netmap:p{1/r");
        close(left);
        assertThat(poll(monitor, Poller.IN) & Poller.ERR).isEqualTo(Poller.ERR);
    }

    @Test
    @Pins("1.12q")
    void shouldFailSyncsOnceTheMonitoredPortIsClosed() {
        pipe();
        final RawPort monitor = open("netmap:p{1/r");
        monitor.port.rxSync();
        close(left);
        assertFails(Errno.EIO, monitor.port::rxSync);
        assertFails(Errno.EIO, monitor.port::txSync);
    }

    @Test
    @Timeout(120)
    @Pins({"1.12q", "1.7k"})
    void shouldWakeASleeperWhenTheMonitoredPortCloses() throws InterruptedException {
        pipe();
        assertWakes(open("netmap:p{1/r"), () -> close(left));
    }

    @Test
    @Pins("1.12e")
    void shouldCopyWhatIsSentBeforeItIsTransmitted() {
        pipe();
        final RawPort monitor = open("netmap:p{1/t");
        left.send(A, B);
        monitor.port.rxSync();
        assertThat(flags(monitor.rx().slotWord(0))).isEqualTo(NS_TXMON);
        Traffic.assertReceived(monitor, List.of(A, B));
        Traffic.assertReceived(right, List.of(A, B));
    }

    @Test
    @Pins("1.12f")
    void shouldCopyWhatArrivesBeforeTheReceiverLooks() {
        pipe();
        final RawPort monitor = open("netmap:p}1/r");
        left.send(A, B);
        monitor.port.rxSync();
        assertThat(flags(monitor.rx().slotWord(0)) & NS_TXMON).isZero();
        Traffic.assertReceived(monitor, List.of(A, B));
        Traffic.assertReceived(right, List.of(A, B));
    }

    @Test
    @Pins("1.12g")
    void shouldCopyIntoAMemoryOfItsOwn() {
        pipe();
        final RawPort copy = open("netmap:p{1/t");
        final RawPort zeroCopy = open("netmap:p{1/z");
        assertThat(copy.port.region().memId()).isNotEqualTo(left.port.region().memId());
        assertThat(zeroCopy.port.region().memId()).isEqualTo(left.port.region().memId());
    }

    @Test
    @Pins("1.12h")
    void shouldSeeByZeroCopyWhatWasReceivedWhenItIsReleased() {
        pipe();
        final RawPort monitor = open("netmap:p}1/z");
        left.send(A, B);
        right.port.rxSync();
        assertThat(monitor.receive()).isEmpty();
        final int buffer = bufIdx(right.rx().slotWord(0));
        final int spare = bufIdx(monitor.rx().slotWord(0));
        RawPort.advance(right.rx(), 2);
        right.port.rxSync();
        monitor.port.rxSync();
        assertThat(bufIdx(monitor.rx().slotWord(0))).isEqualTo(buffer);
        assertThat(bufIdx(right.rx().slotWord(0))).isEqualTo(spare);
        assertThat(bufIdx(left.tx().slotWord(0))).as("the pipe hands it on").isEqualTo(spare);
        Traffic.assertReceived(monitor, List.of(A, B));
    }

    @Test
    @Pins("1.12i")
    void shouldSeeByZeroCopyWhatWasSentWhenTheSlotIsFreeAgain() {
        pipe();
        final RawPort monitor = open("netmap:p{1/z");
        left.send(A, B);
        assertThat(monitor.receive()).isEmpty();
        Traffic.assertReceived(right, List.of(A, B));
        assertThat(monitor.receive()).isEmpty();
        left.port.txSync();
        monitor.port.rxSync();
        assertThat(flags(left.tx().slotWord(0)) & NS_BUF_CHANGED).isEqualTo(NS_BUF_CHANGED);
        assertThat(flags(monitor.rx().slotWord(0)) & NS_TXMON).isEqualTo(NS_TXMON);
        assertThat(RawPort.takeAll(monitor.rx())).hasSize(2);
    }

    @Test
    @Pins("1.12j")
    void shouldMonitorBothDirectionsByZeroCopy() {
        pipe();
        final RawPort monitor = open("netmap:p}1/z");
        left.send(A);
        Traffic.assertReceived(right, List.of(A));
        right.send(B);
        Traffic.assertReceived(left, List.of(B));
        right.port.txSync();
        monitor.port.rxSync();
        assertThat(flags(monitor.rx().slotWord(0)) & NS_TXMON).isZero();
        assertThat(flags(monitor.rx().slotWord(1)) & NS_TXMON).isEqualTo(NS_TXMON);
        Traffic.assertReceived(monitor, List.of(A, B));
    }

    @Test
    @Pins("1.12k")
    void shouldKeepTheNewestOfABatchThatDoesNotFit() {
        pipe();
        final RawPort monitor = open("netmap:p{1/t@conf:slots=4");
        left.send(frame(60, 1), frame(60, 2), frame(60, 3), frame(60, 4), frame(60, 5));
        Traffic.assertReceived(monitor, List.of(frame(60, 3), frame(60, 4), frame(60, 5)));
    }

    @Test
    @Pins("1.12l")
    void shouldKeepWhatItHasWhenItIsFull() {
        pipe();
        final RawPort monitor = open("netmap:p{1/t@conf:slots=4");
        left.send(A, B, C);
        left.send(frame(60, 9));
        Traffic.assertReceived(monitor, List.of(A, B, C));
        assertThat(right.receive()).hasSize(4);
    }

    @Test
    @Pins("1.12m")
    void shouldNotSlowDownOrChangeWhatItMonitors() {
        pipe();
        open("netmap:p{1/t@conf:slots=2");
        for (int i = 0; i < 100; i++) {
            left.send(frame(60, i));
            Traffic.assertReceived(right, List.of(frame(60, i)));
        }
    }

    @Test
    @Pins("1.12n")
    void shouldLetSeveralMonitorsSeeTheSame() {
        pipe();
        final RawPort first = open("netmap:p{1/t");
        final RawPort second = open("netmap:p{1/t");
        left.send(A, B);
        Traffic.assertReceived(first, List.of(A, B));
        close(first);
        left.send(C);
        Traffic.assertReceived(second, List.of(A, B, C));
    }

    @Test
    @Pins("1.12o")
    void shouldPollInWhenItSeesSomething() {
        pipe();
        final RawPort monitor = open("netmap:p{1/tR");
        assertThat(poll(monitor, Poller.IN)).isZero();
        left.send(A);
        assertThat(poll(monitor, Poller.IN)).isEqualTo(Poller.IN);
    }
}
