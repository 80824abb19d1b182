package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** {@code @offset}: frames that begin inside their buffers, netmap_offsets_init. */
@SuppressWarnings("try") // some ports are only held open
class OffsetsTest {
    private static final int SLOTS = 8;
    private static final int BUF_SIZE = 256;

    private final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);

    @AfterEach
    void leaveNoTrace() {
        assertThat(driver.audit().isBalanced()).isTrue();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    private TestPort open(final String spec) {
        return TestPort.open(driver, spec, 1, SLOTS);
    }

    private static long offset(final NetmapRing ring, final int slot) {
        return ring.slotPtr(slot) & ring.offsetMask();
    }

    /** Puts an int where the slot says that its frame begins, or at an offset of the test's own. */
    private static void put(final NetmapRing ring, final int offset, final int value) {
        final int slot = ring.head();
        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
        ring.slotPtr(slot, (ring.slotPtr(slot) & ~ring.offsetMask()) | offset);
        ring.buffers().block(bufIdx).putInt(ring.buffers().offset(bufIdx) + offset, value);
        ring.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, 4, 0));
        TestPort.advance(ring, 1);
    }

    /** The int at the place where the next frame begins; moves over it. */
    private static int take(final NetmapRing ring) {
        final int slot = ring.head();
        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
        final int value = ring.buffers().block(bufIdx).getInt(ring.buffers().offset(bufIdx) + (int) offset(ring, slot));
        TestPort.advance(ring, 1);
        return value;
    }

    @ParameterizedTest
    @CsvSource({"netmap:x{1@1, 1", "vale0:a, 2", "null:n, 1"})
    void shouldWriteTheFirstOffsetIntoEverySlot(final String spec) {
        try (TestPort a = open(spec + "@offset=64")) {
            for (final NetmapRing ring : List.of(a.tx(), a.rx())) {
                assertThat(ring.offsetMask()).isEqualTo(-1L);
                assertThat(ring.bufAlign()).isZero();
                for (int i = 0; i < SLOTS; i++) {
                    assertThat(ring.slotPtr(i)).isEqualTo(64);
                }
            }
        }
    }

    @Test
    void shouldUseTheLowBitsOfPtrOnly() {
        try (TestPort a = open("netmap:x{1@1@offset:initial=40,bits=16");
                TestPort b = open("netmap:x}1@1@offset:initial=0,bits=16")) {
            assertThat(a.tx().offsetMask()).isEqualTo(0xFFFF);
            a.tx().slotPtr(0, 0x1234_5678_0000L | 40);
            put(a.tx(), 40, 7);
            a.port.txSync();
            b.port.rxSync();
            assertThat(b.rx().slotPtr(0)).isEqualTo(0x1234_5678_0028L);
            assertThat(take(b.rx())).isEqualTo(7);
        }
    }

    @Test
    void shouldCarryOffsetsThroughAPipeAndBack() {
        try (TestPort a = open("netmap:x{1@1@offset=100");
                TestPort b = open("netmap:x}1@1")) {
            // The end that made the rings agreed for both, as far as the other can see.
            assertThat(b.rx().offsetMask()).isEqualTo(-1L);
            assertThat(b.tx().offsetMask()).isEqualTo(-1L);
            assertThat(offset(b.tx(), 3)).isEqualTo(100);
            for (int i = 0; i < 20; i++) {
                put(a.tx(), i, i);
                a.port.txSync();
                b.port.rxSync();
                assertThat(offset(b.rx(), b.rx().head())).isEqualTo(i);
                assertThat(take(b.rx())).isEqualTo(i);
                // No less than the receiver's own offset, to which the pipe would raise it.
                put(b.tx(), 100, -i);
                b.port.rxSync();
                b.port.txSync();
                a.port.rxSync();
                assertThat(take(a.rx())).isEqualTo(-i);
                a.port.rxSync();
                a.port.txSync();
                b.port.txSync();
            }
            final int released = RingMath.previous(a.tx().head(), SLOTS);
            assertThat(a.tx().slotPtr(released)).as("came back with the slot").isEqualTo(19);
        }
    }

    @Test
    void shouldRaiseAnOffsetToTheReceiversOwn() {
        // The frame does not move with it: netmap_pipe_txsync.
        try (TestPort a = open("netmap:x{1@1");
                TestPort b = open("netmap:x}1@1@offset=32")) {
            assertThat(a.tx().offsetMask()).isZero();
            a.tx().slotPtr(1, 48);
            a.send(1, 2);
            b.port.rxSync();
            assertThat(offset(b.rx(), 0)).isEqualTo(32);
            assertThat(offset(b.rx(), 1)).as("cut to the largest").isEqualTo(48);
        }
    }

    @Test
    void shouldLeaveTheSlotsOfARingAlone() {
        try (TestPort a = open("netmap:x{1@1");
                TestPort again = open("netmap:x{1@1@offset=32")) {
            assertThat(again.tx().offsetMask()).isEqualTo(-1L);
            assertThat(again.tx().slotPtr(0)).as("somebody has the ring open").isZero();
        }
    }

    @Test
    void shouldNotIncreaseWhatIsAgreed() {
        try (TestPort a = open("netmap:x{1@1@offset:initial=32,bits=8");
                TestPort less = open("netmap:x{1@1@offset:initial=16,bits=5")) {
            assertThat(less.tx().offsetMask()).isEqualTo(0xFF);
            assertThat(less.tx().slotPtr(0)).isEqualTo(32);
            assertErrno("netmap:x{1@1@offset:initial=33,bits=8", Errno.EBUSY);
            assertErrno("netmap:x{1@1@offset:initial=32,bits=9", Errno.EBUSY);
            final Registration request = new Registration("x{1", "x{1", RegisterMode.ALL_NIC, List.of());
            request.offsets = new OffsetsOption(16, 0, 8, 0);
            final Binding third = Binding.register(request, driver.world().lookup(request, false));
            assertThat(request.offsets.maxOffset()).as("written back").isEqualTo(32);
            third.release();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "257, 0, EINVAL", // beyond the buffer
        "64, 6, EINVAL", // 64 needs 7 bits
        "256, 0, ",
        "63, 6, ",
        "64, 64, "
    })
    void shouldCheckTheNumbers(final int initial, final int bits, final Errno errno) {
        final String spec = "netmap:x{1@1@offset:initial=" + initial + ",bits=" + bits;
        if (errno != null) {
            assertErrno(spec, errno);
        } else {
            open(spec).close();
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 9, 0", "8, -1, 0", "-1, 0, 0", "8, 0, 65", "8, 0, -1"})
    void shouldCheckTheNumbersOfARawOption(final long max, final long initial, final long bits) {
        final Registration request = new Registration("x{1", "x{1", RegisterMode.ALL_NIC, List.of());
        request.memId = 1;
        request.offsets = new OffsetsOption(max, initial, bits, 0);
        final Adapter adapter = driver.world().lookup(request, true);
        assertThatThrownBy(() -> Binding.register(request, adapter))
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
        adapter.releaseIfUnused();
    }

    @Test
    void shouldRefuseOffsetsOfAZeroCopyMonitor() {
        try (TestPort a = open("netmap:x{1@1")) {
            assertErrno("netmap:x{1/z@offset=64", Errno.EOPNOTSUPP);
            open("netmap:x{1/r@offset=64").close();
        }
    }

    @Test
    void shouldLeaveRoomBehindTheLargestOffsetOrInTheGap() {
        assertThat(SlotOffsets.NONE.room(2_048)).isEqualTo(2_048);
        assertThat(new SlotOffsets(-1, 100, 0).room(2_048)).isEqualTo(1_948);
        assertThat(new SlotOffsets(-1, 100, 512).room(2_048)).isEqualTo(512);
        assertThat(new SlotOffsets(-1, 100, 4_096).room(2_048)).isEqualTo(1_948);
    }

    @Test
    void shouldCutAnOffsetToTheLargest() {
        final SlotOffsets offsets = new SlotOffsets(0xFF, 100, 0);
        assertThat(offsets.of(0x7FFF_FF00L | 100)).isEqualTo(100);
        assertThat(offsets.of(101)).isEqualTo(100);
        assertThat(offsets.of(-1)).isEqualTo(100);
        assertThat(offsets.of(0x100)).isZero();
        assertThat(new SlotOffsets(-1, 100, 0).of(-1)).isEqualTo(100);
        assertThat(offsets.with(0x1234, 0x56)).isEqualTo(0x1256);
    }

    /** Frames of a switch: the sender's offset, the receiver's, and where the kernel then puts the frame. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "64, 0, 0",
        "0, 64, 64",
        "100, 0, 100", // 36 behind a line: the next line, and 36
        "10, 20, 10", // 10 behind a line, for 20: in the line before
        "20, 10, 84", // 20 behind a line, for 10: in the line behind
        "3, 3, 3"
    })
    void shouldPutAFrameWhereItStandsInTheSendersCacheLine(final int from, final int to, final int place) {
        try (TestPort a = open("vale0:a@offset=" + from);
                TestPort b = open("vale0:b@offset=" + to)) {
            final NetmapRing tx = a.tx();
            final int bufIdx = NetmapSlotDescriptor.bufIdx(tx.slotWord(0));
            final int at = tx.buffers().offset(bufIdx) + from;
            for (int i = 0; i < 60; i++) {
                tx.buffers().block(bufIdx).put(at + i, (byte) (i < 6 ? 2 : i < 12 ? 4 : i));
            }
            tx.slotWord(0, NetmapSlotDescriptor.word(bufIdx, 60, 0));
            TestPort.advance(tx, 1);
            a.port.txSync();
            b.port.rxSync();
            final NetmapRing rx = b.rx();
            assertThat(TestPort.space(rx)).isEqualTo(1);
            assertThat(NetmapSlotDescriptor.len(rx.slotWord(0))).isEqualTo(60);
            final int expected = to == 0 && from % 64 != 0 ? 64 + from % 64 : place;
            assertThat(offset(rx, 0)).isEqualTo(expected);
            final int received = NetmapSlotDescriptor.bufIdx(rx.slotWord(0));
            assertThat(rx.buffers().block(received).get(rx.buffers().offset(received) + expected + 59))
                    .isEqualTo((byte) 59);
        }
    }

    @Test
    void shouldDeliverAtTheStartOfABufferToWhoKnowsNoOffsets() {
        try (TestPort a = open("vale0:a@offset=10");
                TestPort b = open("vale0:b")) {
            sendFrame(a, 10, 60);
            b.port.rxSync();
            final int received = NetmapSlotDescriptor.bufIdx(b.rx().slotWord(0));
            assertThat(b.rx().buffers().slice(received).get(59)).isEqualTo((byte) 59);
        }
    }

    @Test
    void shouldEmptyAFrameThatDoesNotFitBehindTheReceiversOffset() {
        try (TestPort a = open("vale0:a");
                TestPort b = open("vale0:b@offset=128")) {
            sendFrame(a, 0, BUF_SIZE - 127);
            sendFrame(a, 0, BUF_SIZE - 128);
            b.port.rxSync();
            assertThat(NetmapSlotDescriptor.len(b.rx().slotWord(0))).isZero();
            assertThat(offset(b.rx(), 0)).isEqualTo(128);
            assertThat(NetmapSlotDescriptor.len(b.rx().slotWord(1))).isEqualTo(BUF_SIZE - 128);
        }
    }

    @Test
    void shouldDropAFrameThatLeadsOutOfItsBuffer() {
        try (TestPort a = open("vale0:a@offset=200");
                TestPort b = open("vale0:b")) {
            sendFrame(a, 200, 57);
            sendFrame(a, 192, 60);
            b.port.rxSync();
            assertThat(TestPort.space(b.rx())).isEqualTo(1);
            assertThat(NetmapSlotDescriptor.len(b.rx().slotWord(0))).isEqualTo(60);
        }
    }

    private static void sendFrame(final TestPort port, final int offset, final int len) {
        final NetmapRing tx = port.tx();
        final int slot = tx.head();
        final int bufIdx = NetmapSlotDescriptor.bufIdx(tx.slotWord(slot));
        for (int i = 0; i < Math.min(len, BUF_SIZE - offset); i++) {
            tx.buffers().block(bufIdx).put(tx.buffers().offset(bufIdx) + offset + i, (byte)
                    (i < 6 ? 2 : i < 12 ? 4 : i));
        }
        if (tx.offsetMask() != 0) {
            tx.slotPtr(slot, offset);
        }
        tx.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, len, 0));
        TestPort.advance(tx, 1);
        port.port.txSync();
    }

    private void assertErrno(final String spec, final Errno errno) {
        assertThatThrownBy(() -> open(spec))
                .as(spec)
                .isInstanceOfSatisfying(
                        NetmapErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
