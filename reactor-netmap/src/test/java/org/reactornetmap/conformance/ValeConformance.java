package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.conformance.Traffic.frame;
import static org.reactornetmap.conformance.Traffic.mac;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_INDIRECT;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_NO_LEARN;
import static org.reactornetmap.ring.NetmapSlotDescriptor.bufIdx;
import static org.reactornetmap.ring.NetmapSlotDescriptor.flags;
import static org.reactornetmap.ring.NetmapSlotDescriptor.len;
import static org.reactornetmap.ring.NetmapSlotDescriptor.word;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;
import org.reactornetmap.ring.NetmapRing;

/** VALE switches: netmap_vale.c. */
@Needs(Feature.VALE)
abstract class ValeConformance extends ConformanceTest {
    private static final byte[] MULTICAST = {1, 0, 0, 0, 0, 9};
    private static final int MAX_SWITCHES = 8;

    private RawPort a;
    private RawPort b;
    private RawPort c;

    private void ports() {
        a = open("vale0:a");
        b = open("vale0:b");
        c = open("vale0:c");
    }

    private static void assertNothing(final RawPort port) {
        assertThat(port.receive()).isEmpty();
    }

    @Test
    @Pins("1.10.1a")
    void shouldHaveEightSwitches() {
        final List<RawPort> ports = new ArrayList<>();
        for (int i = 0; i < MAX_SWITCHES; i++) {
            ports.add(open("vale" + i + ":p@conf:slots=16"));
        }
        assertOpenFails(Errno.ENOMEM, "vale9:p");
        ports.forEach(this::close);
        open("vale9:p@conf:slots=16");
    }

    @Test
    @Pins("1.10.1b")
    void shouldBroadcastToAllOthersWhatGoesToAnUnknownAddress() {
        ports();
        final byte[] frame = frame(mac(77), mac(1), 60, 'u');
        a.send(frame);
        Traffic.assertReceived(b, List.of(frame));
        Traffic.assertReceived(c, List.of(frame));
        assertNothing(a);
    }

    @Test
    @Pins("1.10.1c")
    void shouldLearnWhereASourceIs() {
        ports();
        b.send(frame(60, 'l'));
        final byte[] frame = frame(Traffic.mac(1), mac(2), 60, 'k');
        a.receive();
        c.receive();
        c.send(frame);
        Traffic.assertReceived(b, List.of(frame));
        assertNothing(a);
    }

    @Test
    @Pins("1.10.1d")
    void shouldNotLearnAMulticastSource() {
        ports();
        b.send(frame(mac(99), MULTICAST, 60, 'm'));
        a.receive();
        c.receive();
        final byte[] frame = frame(MULTICAST, mac(2), 60, 'n');
        c.send(frame);
        Traffic.assertReceived(a, List.of(frame));
        Traffic.assertReceived(b, List.of(frame));
    }

    @Test
    @Pins("1.10.1e")
    void shouldFollowASourceThatMoves() {
        ports();
        a.send(frame(mac(50), mac(1), 60, 'x'));
        b.send(frame(mac(50), mac(1), 60, 'y'));
        List.of(a, b, c).forEach(RawPort::receive);
        List.of(a, b, c).forEach(p -> p.port.rxSync());
        final byte[] frame = frame(mac(1), mac(3), 60, 'z');
        c.send(frame);
        Traffic.assertReceived(b, List.of(frame));
        assertNothing(a);
    }

    @Test
    @Pins("1.10.1f")
    void shouldDropWhatWouldGoBackWhereItCameFrom() {
        ports();
        a.send(frame(60, 'l'));
        b.receive();
        c.receive();
        a.send(frame(mac(1), mac(1), 60, 'd'));
        b.port.rxSync();
        c.port.rxSync();
        assertThat(RawPort.space(b.rx())).isZero();
        assertThat(RawPort.space(c.rx())).isZero();
        assertNothing(a);
    }

    @Test
    @Pins("1.10.1g")
    void shouldDropFramesWithoutAWholeHeader() {
        ports();
        a.send(frame(13, 's'), frame(14, 't'));
        Traffic.assertReceived(b, List.of(frame(14, 't')));
    }

    @Test
    @Pins("1.10.1h")
    void shouldSendToTheSameRingOfAKnownPortAndToRing0OfAllOtherwise() {
        final RawPort from = open("vale0:a@conf:rings=2");
        final RawPort to = open("vale0:b@conf:rings=2");
        to.send(frame(60, 'l'));
        final byte[] known = frame(mac(1), mac(2), 60, 'k');
        final byte[] broadcast = frame(Traffic.BROADCAST, mac(2), 60, 'b');
        RawPort.put(from.tx(1), known, 0);
        from.port.txSync();
        RawPort.put(from.tx(1), broadcast, 0);
        from.port.txSync();
        to.port.rxSync();
        Traffic.assertSame(RawPort.takeAll(to.rx(1)), List.of(known));
        Traffic.assertSame(RawPort.takeAll(to.rx(0)), List.of(broadcast));
    }

    @Test
    @Pins("1.10.1j")
    void shouldMergeABroadcastIntoEveryRingThatTheSameSyncSendsTo() {
        assumeFaithful();
        final RawPort from = open("vale0:a@conf:rings=2");
        final RawPort to = open("vale0:b@conf:rings=2");
        to.send(frame(60, 'l'));
        final byte[] known = frame(mac(1), mac(2), 60, 'k');
        final byte[] broadcast = frame(Traffic.BROADCAST, mac(2), 60, 'b');
        RawPort.put(from.tx(1), known, 0);
        RawPort.put(from.tx(1), broadcast, 0);
        from.port.txSync();
        to.port.rxSync();
        Traffic.assertSame(RawPort.takeAll(to.rx(1)), List.of(known, broadcast));
        Traffic.assertSame(RawPort.takeAll(to.rx(0)), List.of(broadcast));
    }

    @Test
    @Pins("1.10.1i")
    void shouldTakeTheRingsNumberModuloTheReceiversRings() {
        final RawPort from = open("vale0:a@conf:rings=4");
        final RawPort to = open("vale0:b@conf:rings=2");
        to.send(frame(60, 'l'));
        RawPort.put(from.tx(3), frame(mac(1), mac(2), 60, 'k'), 0);
        from.port.txSync();
        to.port.rxSync();
        assertThat(RawPort.takeAll(to.rx(1))).hasSize(1);
    }

    @Test
    @Pins("1.10.2a")
    void shouldHaveOneRingOf1024SlotsByDefault() {
        final RawPort port = open("vale0:a");
        assertThat(port.port.portTxRings()).isEqualTo(1);
        assertThat(port.port.portRxRings()).isEqualTo(1);
        assertThat(port.tx().numSlots()).isEqualTo(1_024);
        assertThat(port.rx().numSlots()).isEqualTo(1_024);
    }

    @Test
    @Pins({"1.10.2b", "1.1.4b"})
    void shouldBoundRingsBy16AndSlotsBy4096() {
        final RawPort port = open("vale0:a@conf:rings=20,tx-slots=5000,rx-slots=64");
        assertThat(port.port.portTxRings()).isEqualTo(16);
        assertThat(port.port.portRxRings()).isEqualTo(16);
        assertThat(port.tx(15).numSlots()).isEqualTo(4_096);
        assertThat(port.rx(15).numSlots()).isEqualTo(64);
    }

    @Test
    @Pins("1.10.2c")
    @Needs(Feature.CONTROL)
    void shouldWriteBackWhatThePortGot() {
        final ControlRequest request = ControlRequest.of(RequestType.REGISTER, "vale0:a");
        request.body()
                .putInt(NmreqRegisterDescriptor.MODE_OFFSET, RegisterMode.ALL_NIC.code())
                .putShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET, (short) 20)
                .putInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET, 7);
        control(request);
        assertThat(request.body().getShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET))
                .isEqualTo((short) 16);
        assertThat(request.body().getShort(NmreqRegisterDescriptor.RX_RINGS_OFFSET))
                .isEqualTo((short) 1);
        assertThat(request.body().getInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET))
                .isEqualTo(1_024);
        assertThat(request.body().getInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET))
                .isEqualTo(7);
        assertThat(request.body().getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET))
                .isGreaterThan((short) 1);
    }

    @Test
    @Pins({"1.10.3a", "1.10.3b"})
    void shouldNeverBlockTheSenderAndDropWhatDoesNotFit() {
        a = open("vale0:a");
        b = open("vale0:b@conf:slots=64");
        for (int i = 0; i < 200; i++) {
            RawPort.put(a.tx(), frame(60, i), 0);
        }
        a.port.txSync();
        assertThat(RawPort.space(a.tx())).isEqualTo(1_023);
        final List<byte[]> received = b.receive();
        assertThat(received).hasSize(63);
        for (int i = 0; i < 63; i++) {
            assertThat(received.get(i)).isEqualTo(frame(60, i));
        }
        b.port.rxSync();
        a.send(frame(60, 'n'));
        Traffic.assertReceived(b, List.of(frame(60, 'n')));
    }

    @Test
    @Pins("1.10.3c")
    void shouldDropAMultiSlotPacketWhole() {
        a = open("vale0:a");
        b = open("vale0:b@conf:slots=4");
        final int size = 2 * a.tx().buffers().bufSize();
        RawPort.offer(a.tx(), frame(size, '1'));
        RawPort.offer(a.tx(), frame(size, '2'));
        a.port.txSync();
        Traffic.assertReceived(b, List.of(frame(size, '1')));
    }

    @Test
    @Pins("1.10.3d")
    void shouldKeepTheOrderOfUnicastAndBroadcast() {
        ports();
        b.send(frame(60, 'l'));
        a.receive();
        c.receive();
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            frames.add(frame(i % 3 == 0 ? Traffic.BROADCAST : mac(1), mac(2), 60, i));
        }
        Traffic.send(a, frames);
        Traffic.assertReceived(b, frames);
    }

    @Test
    @Pins("1.10.4")
    void shouldSayInEachSlotHowManyFragmentsThePacketHas() {
        ports();
        RawPort.offer(a.tx(), frame(3 * a.tx().buffers().bufSize(), 'f'));
        RawPort.offer(a.tx(), frame(60, 's'));
        a.port.txSync();
        b.port.rxSync();
        final NetmapRing rx = b.rx();
        assertThat(flags(rx.slotWord(0))).isEqualTo(3 << 8 | NS_MOREFRAG);
        assertThat(flags(rx.slotWord(1))).isEqualTo(3 << 8 | NS_MOREFRAG);
        assertThat(flags(rx.slotWord(2))).isEqualTo(3 << 8);
        assertThat(flags(rx.slotWord(3))).isEqualTo(1 << 8);
    }

    @Test
    @Pins("1.10.4b")
    void shouldSendAPacketWhoseLastFragmentIsMissing() {
        ports();
        RawPort.put(a.tx(), frame(60, 'a'), NS_MOREFRAG);
        RawPort.put(a.tx(), frame(61, 'b'), NS_MOREFRAG);
        a.port.txSync();
        assertThat(b.receive())
                .singleElement()
                .satisfies(whole -> assertThat(whole).hasSize(121));
    }

    @Test
    @Pins("1.10.5a")
    void shouldPassOverSlotsWithABadBufferOrLength() {
        ports();
        final NetmapRing tx = a.tx();
        final long before = tx.slotWord(0);
        final int tooLong = tx.buffers().bufSize() + 1;
        tx.slotWord(0, word(0, 60, 0));
        tx.slotWord(1, word(bufIdx(tx.slotWord(1)), tooLong, 0));
        RawPort.advance(tx, 2);
        RawPort.put(tx, frame(60, 'g'), 0);
        a.port.txSync();
        tx.slotWord(0, before);
        Traffic.assertReceived(b, List.of(frame(60, 'g')));
    }

    @Test
    @Pins("1.10.5b")
    void shouldDropAFrameWhosePointerLeadsNowhere() {
        ports();
        putNowhere(a.tx());
        RawPort.put(a.tx(), frame(60, 'g'), 0);
        a.port.txSync();
        b.port.rxSync();
        assertThat(RawPort.space(b.rx())).isEqualTo(1);
        Traffic.assertSame(RawPort.takeAll(b.rx()), List.of(frame(60, 'g')));
    }

    @Test
    @Pins("1.10.5b")
    void shouldLeaveTheRoomOfAFragmentWhosePointerLeadsNowhereEmpty() {
        ports();
        RawPort.put(a.tx(), frame(60, 'g'), NS_MOREFRAG);
        putNowhere(a.tx());
        a.port.txSync();
        b.port.rxSync();
        assertThat(RawPort.space(b.rx())).isEqualTo(2);
        assertThat(len(b.rx().slotWord(0))).isEqualTo(60);
        assertThat(len(b.rx().slotWord(1))).isZero();
    }

    private static void putNowhere(final NetmapRing tx) {
        tx.slotWord(tx.head(), word(bufIdx(tx.slotWord(tx.head())), 60, NS_INDIRECT));
        tx.slotPtr(tx.head(), 8);
        RawPort.advance(tx, 1);
    }

    @Test
    @Pins("1.8a")
    void shouldNotHeedFlagsThatTheKernelDoesNotRead() {
        ports();
        RawPort.put(a.tx(), frame(60, 'p'), NS_NO_LEARN | 0x0200);
        a.port.txSync();
        assertThat(c.receive()).hasSize(1);
        assertThat(b.receive()).hasSize(1);
        c.port.rxSync();
        b.send(frame(mac(1), mac(2), 60, 'q'));
        assertThat(a.receive()).hasSize(1);
        assertNothing(c);
    }
}
