package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.conformance.RawPort.advance;
import static org.reactornetmap.conformance.RawPort.space;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_INDIRECT;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_REPORT;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;

/** Pipes: netmap_pipe.c. */
abstract class PipeConformance extends ConformanceTest {
    private static final byte[] A = Traffic.frame(60, 'a');
    private static final byte[] B = Traffic.frame(61, 'b');
    private static final byte[] C = Traffic.frame(62, 'c');

    @ParameterizedTest
    @ValueSource(strings = {"netmap:p{1^", "netmap:p{1*", "netmap:p}1^0"})
    @Pins("1.9.1a")
    void shouldRefusePipesOnHostRings(final String spec) {
        assertOpenFails(Errno.EINVAL, spec);
    }

    @Test
    @Pins("1.9.1a")
    void shouldOpenOneRingOfAPipe() {
        open("netmap:p{1@conf:rings=2");
        final RawPort second = open("netmap:p}1-1");
        assertThat(second.port.netmapIf().txRings()).hasSize(1);
        assertThat(second.tx().ringId()).isEqualTo(1);
        assertThat(second.rx().ringId()).isEqualTo(1);
    }

    @Test
    @Pins("1.9.1b")
    @Needs(Feature.VALE)
    void shouldMakeAnUnknownParentForAsLongAsThePipeLives() {
        assertOpenFails(Errno.ENXIO, "netmap:p");
        final RawPort pipe = open("netmap:p{1");
        final RawPort parent = open("netmap:p");
        close(parent);
        close(pipe);
        assertOpenFails(Errno.ENXIO, "netmap:p");
    }

    @Test
    @Pins("1.9.2a")
    void shouldHaveOneRingAndTheParentsSlotsByDefault() {
        final RawPort a = open("netmap:p{1");
        final RawPort b = open("netmap:p}1");
        assertThat(a.port.portTxRings()).isEqualTo(1);
        assertThat(a.port.portRxRings()).isEqualTo(1);
        assertThat(b.tx().numSlots()).isEqualTo(a.rx().numSlots());
        assertThat(a.tx().numSlots()).isEqualTo(b.rx().numSlots());
    }

    @Test
    @Pins("1.9.2b")
    void shouldMirrorTheMastersNumbersInTheSlave() {
        final RawPort a = open("netmap:p{1@conf:tx-rings=2,rx-rings=3,tx-slots=64,rx-slots=96");
        final RawPort b = open("netmap:p}1");
        assertThat(a.port.portTxRings()).isEqualTo(2);
        assertThat(a.port.portRxRings()).isEqualTo(3);
        assertThat(a.tx().numSlots()).isEqualTo(64);
        assertThat(a.rx().numSlots()).isEqualTo(96);
        assertThat(b.port.portTxRings()).isEqualTo(3);
        assertThat(b.port.portRxRings()).isEqualTo(2);
        assertThat(b.tx().numSlots()).isEqualTo(96);
        assertThat(b.rx().numSlots()).isEqualTo(64);
    }

    @Test
    @Pins("1.9.2c")
    void shouldBoundSlotsBy4096() {
        assertThat(open("netmap:p{1@conf:slots=5000").tx().numSlots()).isEqualTo(4_096);
    }

    @Test
    @Pins("1.9.2d")
    void shouldRefuseThe65thPipeOfAParent() {
        for (int i = 0; i < 64; i++) {
            openOrSkip("netmap:p{" + i + "@1@conf:slots=8");
        }
        assertOpenFails(Errno.EINVAL, "netmap:p{64@1@conf:slots=8");
        open("netmap:q{64@1@conf:slots=8");
    }

    private void openOrSkip(final String spec) {
        try {
            open(spec);
        } catch (final NetmapMemoryException e) {
            Assumptions.abort(target() + " has too few rings for 64 pipes: " + e.getMessage());
        }
    }

    @Test
    @Pins("1.9.3")
    void shouldKeepWhatWasSentToAnEndThatIsNotOpenYet() {
        final RawPort a = open("netmap:p{1");
        a.send(A, B);
        final RawPort b = open("netmap:p}1");
        Traffic.assertReceived(b, List.of(A, B));
    }

    @Test
    @Pins("1.9.3")
    void shouldLetTheOtherEndGoOnAfterTheSendersClose() {
        final RawPort a = open("netmap:p{1");
        final RawPort b = open("netmap:p}1");
        a.send(A, B);
        b.port.rxSync();
        close(a);
        Traffic.assertReceived(b, List.of(A, B));
        b.send(C);
        Traffic.assertReceived(open("netmap:p{1"), List.of(C));
    }

    @Test
    @Pins("1.9.4")
    void shouldShareBuffersNotCopyThem() {
        final RawPort a = open("netmap:p{1");
        final RawPort b = open("netmap:p}1");
        final int sent = bufIdx(a.tx().slotWord(0));
        a.send(A);
        b.port.rxSync();
        assertThat(bufIdx(b.rx().slotWord(0))).isEqualTo(sent);
    }

    @Test
    @Pins("1.9.4")
    void shouldJoinRingsOfTheSameNumber() {
        final RawPort a = open("netmap:p{1@conf:rings=2");
        final RawPort b = open("netmap:p}1");
        RawPort.put(a.tx(1), A, 0);
        a.port.txSync();
        b.port.rxSync();
        assertThat(space(b.rx(0))).isZero();
        assertThat(RawPort.takeAll(b.rx(1))).singleElement().isEqualTo(A);
    }

    @Test
    @Pins({"1.9.5a", "1.9.6b"})
    void shouldMoveTheSendersTailOneSyncAfterTheRelease() {
        final RawPort a = open("netmap:p{1@conf:slots=16");
        final RawPort b = open("netmap:p}1");
        a.send(A, B, C);
        b.receive();
        b.port.rxSync();
        assertThat(a.tx().tail()).isEqualTo(15);
        a.port.txSync();
        assertThat(a.tx().tail()).isEqualTo(2);
    }

    @Test
    @Pins("1.9.5a")
    void shouldNotSeeInASyncWhatItsOwnPacketsRelease() {
        final RawPort a = open("netmap:p{1@conf:slots=16");
        final RawPort b = open("netmap:p}1");
        a.send(A, B, C);
        Traffic.assertReceived(b, List.of(A, B, C));
        a.send(A);
        assertThat(a.tx().tail()).isEqualTo(2);
    }

    @Test
    @Pins({"1.9.5b", "1.8a"})
    void shouldCopyTheWholeSlot() {
        final RawPort a = open("netmap:p{1");
        final RawPort b = open("netmap:p}1");
        final int buffer = bufIdx(a.tx().slotWord(0));
        a.tx().slotWord(0, word(buffer, 60, NS_INDIRECT | NS_REPORT | 0x0300));
        a.tx().slotPtr(0, 0x1234_5678_9ABC_DEF0L);
        advance(a.tx(), 1);
        a.port.txSync();
        b.port.rxSync();
        assertThat(b.rx().slotWord(0)).isEqualTo(word(buffer, 60, NS_INDIRECT | NS_REPORT | 0x0300));
        assertThat(b.rx().slotPtr(0)).isEqualTo(0x1234_5678_9ABC_DEF0L);
    }

    @Test
    @Pins("1.9.5c")
    void shouldClearBufChangedInTheSendersSlot() {
        final RawPort a = open("netmap:p{1");
        final RawPort b = open("netmap:p}1");
        RawPort.put(a.tx(), A, NS_BUF_CHANGED);
        a.port.txSync();
        b.port.rxSync();
        assertThat(flags(a.tx().slotWord(0)) & NS_BUF_CHANGED).isZero();
        assertThat(flags(b.rx().slotWord(0)) & NS_BUF_CHANGED).isEqualTo(NS_BUF_CHANGED);
    }

    @Test
    @Pins("1.9.5d")
    void shouldShowWholePacketsOnly() {
        final RawPort a = open("netmap:p{1");
        final RawPort b = open("netmap:p}1");
        RawPort.put(a.tx(), A, 0);
        RawPort.put(a.tx(), B, NS_MOREFRAG);
        a.port.txSync();
        b.port.rxSync();
        assertThat(space(b.rx())).isEqualTo(1);
        RawPort.put(a.tx(), C, 0);
        a.port.txSync();
        b.port.rxSync();
        assertThat(space(b.rx())).isEqualTo(3);
    }

    @Test
    @Pins("1.9.6a")
    void shouldHandTheReceiversBuffersBackToTheSender() {
        final RawPort a = open("netmap:p{1@1", 0);
        final RawPort b = open("netmap:p}1@1", 1);
        final int spare = b.port.netmapIf().bufsHead();
        final int sent = bufIdx(a.tx().slotWord(0));
        a.send(A);
        b.port.rxSync();
        b.rx().slotWord(0, word(spare, 0, NS_BUF_CHANGED));
        b.rx().buffers().listNext(sent, 0);
        b.port.netmapIf().bufsHead(sent);
        advance(b.rx(), 1);
        b.port.rxSync();
        assertThat(bufIdx(a.tx().slotWord(0))).isEqualTo(spare);
    }

    @Test
    @Pins("1.9.6b")
    void shouldWakeTheSenderWhenThereIsSpaceAgain() {
        final RawPort a = open("netmap:p{1@conf:slots=4");
        final RawPort b = open("netmap:p}1");
        a.send(A, B, C);
        assertThat(poll(a, Poller.OUT)).isZero();
        Traffic.assertReceived(b, List.of(A, B, C));
        assertThat(poll(a, Poller.OUT)).isEqualTo(Poller.OUT);
        assertThat(space(a.tx())).isEqualTo(3);
    }

    @Test
    @Pins("1.9.6c")
    void shouldNeverDrop() {
        final RawPort a = open("netmap:p{1@conf:slots=13");
        final RawPort b = open("netmap:p}1");
        int sent = 0;
        int received = 0;
        for (int round = 0; round < 500; round++) {
            while (space(a.tx()) > 0) {
                RawPort.put(a.tx(), Traffic.frame(60, sent++), 0);
            }
            a.port.txSync();
            b.port.rxSync();
            final NetmapRing rx = b.rx();
            for (int i = 0; i < round % 5 && rx.head() != rx.tail(); i++) {
                assertThat(RawPort.take(rx)).isEqualTo(Traffic.frame(60, received++));
            }
        }
        assertThat(received).isGreaterThan(900);
        assertThat(sent - received).isBetween(0, 12);
    }
}
