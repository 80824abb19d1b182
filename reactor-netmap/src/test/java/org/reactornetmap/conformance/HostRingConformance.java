package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.conformance.Traffic.frame;
import static org.reactornetmap.ring.NetmapRingDescriptor.NR_FORWARD;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_FORWARD;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.RingMath;

/** Host rings and transparent forwarding, on two interfaces that a cable connects. */
@Needs(Feature.INTERFACES)
abstract class HostRingConformance extends ConformanceTest {
    private static final byte[] A = typed(60, 'a');
    private static final byte[] B = typed(61, 'b');

    private ConformanceTarget.Interface left;
    private ConformanceTarget.Interface right;

    @BeforeEach
    final void interfaces() {
        final List<ConformanceTarget.Interface> pair = target().cabledInterfaces();
        left = pair.get(0);
        right = pair.get(1);
    }

    /** A frame that a host tells from others. */
    private static byte[] typed(final int size, final int fill) {
        final byte[] frame = frame(size, fill);
        frame[12] = (byte) (ConformanceTarget.ETHER_TYPE >> 8);
        frame[13] = (byte) ConformanceTarget.ETHER_TYPE;
        return frame;
    }

    /** Waits for as many frames as are named. */
    private static void assertUp(final ConformanceTarget.Interface at, final byte[]... frames) {
        final List<byte[]> up = new ArrayList<>();
        await(() -> {
            at.hostReceived().forEach(frame -> up.add(bytes(frame)));
            return up.size() >= frames.length;
        });
        assertThat(up).containsExactly(frames);
    }

    private static byte[] bytes(final ByteBuffer frame) {
        final byte[] bytes = new byte[frame.remaining()];
        frame.duplicate().get(bytes);
        return bytes;
    }

    private RawPort host(final String suffix) {
        return open("netmap:" + left.name() + suffix);
    }

    /** Marks what was received and releases it. */
    private static void releaseForward(final NetmapRing ring) {
        while (ring.head() != ring.tail()) {
            final long slot = ring.slotWord(ring.head());
            ring.slotWord(ring.head(), word(bufIdx(slot), len(slot), NS_FORWARD));
            RawPort.advance(ring, 1);
        }
    }

    @Test
    @Pins("1.11a")
    void shouldPassUpWhatTheHostTxRingSends() {
        host("^").send(A, B);
        assertUp(left, A, B);
    }

    @Test
    @Pins("1.11b")
    void shouldFreeAllSlotsOfTheHostTxRingAtOnce() {
        final RawPort host = host("^");
        final int space = RawPort.space(host.tx());
        host.send(A, B);
        assertThat(RawPort.space(host.tx())).isEqualTo(space);
    }

    @Test
    @Pins("1.11c")
    void shouldSkipFramesWithoutAWholeHeader() {
        host("^").send(frame(13, 's'), A);
        assertUp(left, A);
    }

    @Test
    @Pins("1.11d")
    void shouldReceiveWhatTheHostSendsByTheHostRxRing() {
        final RawPort all = host("*");
        left.hostSend(ByteBuffer.wrap(A));
        left.hostSend(ByteBuffer.wrap(B));
        all.await(all.rx(1), 2);
        assertThat(RawPort.takeAll(all.rx(0))).isEmpty();
        Traffic.assertSame(RawPort.takeAll(all.rx(1)), List.of(A, B));
    }

    @Test
    @Pins("1.11e")
    void shouldDropWhatTheHostSendsIntoAFullRing() {
        final RawPort all = host("*");
        final int slots = all.rx(1).numSlots();
        for (int i = 0; i < slots + 10; i++) {
            left.hostSend(ByteBuffer.wrap(A));
        }
        all.await(all.rx(1), slots - 1);
        assertThat(RawPort.space(all.rx(1))).isEqualTo(slots - 1);
        RawPort.takeAll(all.rx(1));
        all.port.rxSync();
        assertThat(RawPort.space(all.rx(1))).isZero();
    }

    @Test
    @Pins("1.11f")
    void shouldLetTheHostPassToTheWireWhileNetmapHasNoNicRing() {
        final RawPort peer = open("netmap:" + right.name());
        left.hostSend(ByteBuffer.wrap(A));
        assertThat(peer.receive(1)).singleElement().isEqualTo(A);
        host("^");
        left.hostSend(ByteBuffer.wrap(B));
        assertThat(peer.receive(1)).singleElement().isEqualTo(B);
    }

    @Test
    @Pins("1.11g")
    void shouldForwardMarkedPacketsOfTheWireToTheHostWhenTheyAreReleased() {
        final RawPort nic = host("");
        final RawPort peer = open("netmap:" + right.name());
        nic.rx().flags(nic.rx().flags() | NR_FORWARD);
        peer.send(A, B);
        nic.await(nic.rx(), 2);
        final int first = nic.rx().head();
        final int second = RingMath.next(first, nic.rx().numSlots());
        final long slot = nic.rx().slotWord(second);
        nic.rx().slotWord(second, word(bufIdx(slot), len(slot), NS_FORWARD));
        assertUp(left);
        RawPort.advance(nic.rx(), 2);
        nic.port.rxSync();
        assertUp(left, B);
    }

    @Test
    @Pins("1.11h")
    void shouldNotForwardWhereTheRingDoesNotSaySo() {
        final RawPort nic = host("");
        open("netmap:" + right.name()).send(A);
        nic.await(nic.rx(), 1);
        releaseForward(nic.rx());
        nic.port.rxSync();
        assertUp(left);
    }

    @Test
    @Pins({"1.11i", "1.7e"})
    void shouldForwardMarkedPacketsOfTheHostToTheWireInOnePoll() {
        final RawPort all = host("*");
        final RawPort peer = open("netmap:" + right.name());
        all.rx(1).flags(all.rx(1).flags() | NR_FORWARD);
        left.hostSend(ByteBuffer.wrap(A));
        all.await(all.rx(1), 1);
        releaseForward(all.rx(1));
        poll(all, Poller.IN);
        assertThat(peer.receive(1)).singleElement().isEqualTo(A);
    }

    @Test
    @Pins("1.11l")
    void shouldPutPacketsOfTheHostBehindThoseThatWaitInTheTxRing() {
        final RawPort all = host("*");
        final RawPort peer = open("netmap:" + right.name());
        all.rx(1).flags(all.rx(1).flags() | NR_FORWARD);
        final int first = all.tx().head();
        RawPort.put(all.tx(), B, 0);
        left.hostSend(ByteBuffer.wrap(A));
        all.await(all.rx(1), 1);
        releaseForward(all.rx(1));
        all.port.rxSync();
        assertThat(all.tx().head()).isEqualTo(RingMath.plus(first, 2, all.tx().numSlots()));
        assertThat(all.tx().cur()).isEqualTo(all.tx().head());
        assertThat(peer.receive()).isEmpty();
        all.port.txSync();
        Traffic.assertSame(peer.receive(2), List.of(B, A));
    }

    @Test
    @Pins("1.11j")
    void shouldNotForwardDownWithoutTheNicsTxRings() {
        host("");
        final RawPort hostOnly = host("^");
        final RawPort peer = open("netmap:" + right.name());
        hostOnly.rx().flags(hostOnly.rx().flags() | NR_FORWARD);
        left.hostSend(ByteBuffer.wrap(A));
        hostOnly.await(hostOnly.rx(), 1);
        releaseForward(hostOnly.rx());
        poll(hostOnly, Poller.IN);
        assertThat(peer.receive()).isEmpty();
    }
}
