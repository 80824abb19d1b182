package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Direction;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;

/** What can be read from and written to a packet of one slot, of several, and of a pool. */
@Timeout(60)
class PacketContractTest {
    private static final int MULTI = 3 * ContractA.BUF_SIZE - 17;

    private final NetmapLoop loop = NetmapLoop.manual();
    private final EmbeddedNetmap netmap = ContractA.netmap();
    private final NetmapPort sender = netmap.open("netmap:x{1", ContractA.on(loop));
    private final NetmapPort receiver = netmap.open("netmap:x}1", ContractA.on(loop));

    @AfterEach
    void close() {
        ContractB.settle(loop);
        ContractB.assertConserved(receiver);
        netmap.close();
        assertThat(netmap.driver().audit().isBalanced()).isTrue();
    }

    private static ByteBuffer frame(final int bytes) {
        final ByteBuffer frame = ByteBuffer.allocate(bytes);
        for (int i = 0; i < bytes; i++) {
            frame.put(i, (byte) (i * 7 + 130)); // more than half of them negative as bytes
        }
        return frame;
    }

    private Packet receive(final ByteBuffer frame) {
        final ContractA.Sink sink = new ContractA.Sink(1);
        receiver.packets().subscribe(sink);
        sender.inject(frame);
        ContractB.work(() -> sink.count() == 1, loop);
        sink.cancel();
        return sink.get(0);
    }

    private static void assertReads(final Packet packet, final ByteBuffer expected) {
        final int length = expected.remaining();
        assertThat(packet.length()).isEqualTo(length);
        for (int i = 0; i < length; i++) {
            assertThat(packet.u8(i)).as("u8(%s)", i).isEqualTo(expected.get(i) & 0xFF);
            if (i <= length - 2) {
                assertThat(packet.u16(i)).as("u16(%s)", i).isEqualTo(expected.getShort(i) & 0xFFFF);
            }
            if (i <= length - 4) {
                assertThat(packet.u32(i)).as("u32(%s)", i).isEqualTo(expected.getInt(i) & 0xFFFF_FFFFL);
            }
            if (i <= length - 8) {
                assertThat(packet.i64(i)).as("i64(%s)", i).isEqualTo(expected.getLong(i));
            }
        }
    }

    private static void assertBounds(final Packet packet) {
        final int length = packet.length();
        for (final int offset : new int[] {-1, length, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> packet.u8(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> packet.set8(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        for (final int offset : new int[] {-1, length - 1, length, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> packet.u16(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> packet.set16(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        for (final int offset : new int[] {-1, length - 3, length, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> packet.u32(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> packet.set32(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        for (final int offset : new int[] {-1, length - 7, length, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> packet.i64(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining(String.valueOf(offset))
                    .hasMessageContaining(String.valueOf(length));
        }
        assertThatThrownBy(() -> packet.segment(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.segment(packet.segments())).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void assertWrites(final Packet packet) {
        final ByteBuffer expected = packet.bufferCopy();
        final int length = packet.length();
        assertThat(packet.isWritable()).isTrue();
        for (int i = 0; i <= length - 4; i++) {
            packet.set8(i, 0x1FE);
            expected.put(i, (byte) 0xFE);
            packet.set16(i, 0x1_0203 + i);
            expected.putShort(i, (short) (0x0203 + i));
            packet.set32(i, 0x1_8765_4321L - i);
            expected.putInt(i, (int) (0x8765_4321L - i));
            assertThat(packet.bufferCopy()).as("after writing at %s", i).isEqualTo(expected);
        }
        packet.set8(length - 1, 0x80);
        expected.put(length - 1, (byte) 0x80);
        packet.set16(length - 2, 0x8182);
        expected.putShort(length - 2, (short) 0x8182);
        assertReads(packet, expected);
    }

    private static void assertCopies(final Packet packet, final ByteBuffer expected) {
        final int length = expected.remaining();
        assertThat(ByteBuffer.wrap(packet.toBytes())).isEqualTo(expected);
        assertThat(packet.bufferCopy()).isEqualTo(expected);
        assertThat(packet.bufferCopy().isReadOnly()).isFalse();
        assertThat(packet.bufferCopy().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        for (final boolean direct : new boolean[] {true, false}) {
            final ByteBuffer target =
                    direct ? ByteBuffer.allocateDirect(length + 10) : ByteBuffer.allocate(length + 10);
            target.position(3).limit(length + 3);
            assertThat(packet.copyTo(target)).isEqualTo(length);
            assertThat(target.position()).isEqualTo(length + 3);
            assertThat(target.flip().position(3)).isEqualTo(expected);
        }
        final ByteBuffer small = ByteBuffer.allocate(length - 1);
        assertThatThrownBy(() -> packet.copyTo(small)).isInstanceOf(BufferOverflowException.class);
        assertThat(small).as("nothing is copied").isEqualTo(ByteBuffer.allocate(length - 1));
        assertThat(small.position()).isZero();
    }

    private static void assertSegments(final Packet packet, final ByteBuffer expected) {
        final ByteBuffer joined = ByteBuffer.allocate(expected.remaining());
        for (int i = 0; i < packet.segments(); i++) {
            final ByteBuffer segment = packet.segment(i);
            assertThat(segment.isReadOnly()).isTrue();
            assertThat(segment.position()).isZero();
            assertThat(segment.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            joined.put(segment);
        }
        assertThat(joined.flip()).isEqualTo(expected);
        assertThat(packet.segment(0).position())
                .as("each call a view of its own")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 60, ContractA.BUF_SIZE - 1, ContractA.BUF_SIZE})
    void shouldReadAndWriteAPacketOfOneSlot(final int bytes) {
        final Packet packet = receive(frame(bytes));
        assertThat(packet.segments()).isEqualTo(1);
        assertReads(packet, frame(bytes));
        assertBounds(packet);
        assertCopies(packet, frame(bytes));
        assertSegments(packet, frame(bytes));
        assertWrites(packet);
        packet.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {ContractA.BUF_SIZE + 1, 2 * ContractA.BUF_SIZE, MULTI, ContractA.FULL * ContractA.BUF_SIZE})
    void shouldReadAndWriteAcrossSlots(final int bytes) {
        final Packet packet = receive(frame(bytes));
        assertThat(packet.segments()).isEqualTo((bytes + ContractA.BUF_SIZE - 1) / ContractA.BUF_SIZE);
        assertReads(packet, frame(bytes));
        assertBounds(packet);
        assertCopies(packet, frame(bytes));
        assertSegments(packet, frame(bytes));
        assertWrites(packet);
        packet.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadAndWriteAPacketOfAPool(final boolean direct) {
        final PacketPool pool = direct ? PacketPool.direct(1, 256) : PacketPool.heap(1, 256);
        final Packet packet = pool.acquire(100);
        for (int i = 0; i < 100; i++) {
            packet.set8(i, frame(100).get(i));
        }
        assertReads(packet, frame(100));
        assertBounds(packet);
        assertCopies(packet, frame(100));
        assertSegments(packet, frame(100));
        assertWrites(packet);
        packet.release();
        assertThat(pool.available()).isEqualTo(1);
    }

    @Test
    void shouldCacheTheReadOnlyBufferOfAOneSlotPacket() {
        final Packet packet = receive(frame(60));
        final ByteBuffer buffer = packet.buffer();
        assertThat(buffer).isEqualTo(frame(60));
        assertThat(buffer.isReadOnly()).isTrue();
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThatThrownBy(() -> buffer.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);

        buffer.position(7).limit(9);
        assertThat(packet.buffer()).isSameAs(buffer);
        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(60);
        packet.set8(5, 99);
        assertThat(buffer.get(5)).as("the packet's bytes, not a copy").isEqualTo((byte) 99);
        packet.release();
    }

    /** The buffer is cached for each netmap buffer: the length must be this packet's, not the last one's. */
    @Test
    void shouldGiveTheBufferEachPacketsOwnLength() {
        for (int i = 0; i < 3 * ContractA.SLOTS; i++) {
            final int bytes = 60 + i % 5 * 10;
            final Packet packet = receive(frame(bytes));
            assertThat(packet.buffer()).isEqualTo(frame(bytes));
            packet.release();
            ContractB.settle(loop);
        }
    }

    @Test
    void shouldRefuseOneBufferForSeveralSegments() {
        final Packet packet = receive(frame(MULTI));
        assertThatThrownBy(packet::buffer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bufferCopy");
        packet.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, MULTI})
    void shouldNotBeWritableWhenRetained(final int bytes) {
        final Packet packet = receive(frame(bytes));
        assertThat(packet.retain()).isSameAs(packet);
        assertThat(packet.isWritable()).isFalse();
        assertThatThrownBy(() -> packet.set8(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> packet.set16(bytes - 2, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> packet.set32(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(packet.bufferCopy()).isEqualTo(frame(bytes));
        packet.release();
        packet.release();
    }

    @Test
    void shouldNotBeWritableWhenRetainedByAnotherThread() {
        final Packet packet = receive(frame(60));
        CompletableFuture.runAsync(packet::retain)
                .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        assertThat(packet.isWritable()).as("before the loop knows").isFalse();
        ContractB.settle(loop);
        assertThat(packet.isWritable()).isFalse();
        packet.release();
        packet.release();
    }

    @Test
    void shouldSayWhereItComesFrom() {
        final long before = System.currentTimeMillis();
        final Packet packet = receive(frame(60));
        assertThat(packet.port()).isEqualTo("x}1");
        assertThat(packet.ring()).isZero();
        assertThat(packet.linkType()).isEqualTo(LinkType.ETHERNET);
        assertThat(packet.direction()).isEqualTo(Direction.INBOUND);
        assertThat(packet.wireLength()).isEqualTo(60);
        assertThat(packet.timestampNanos() / 1_000_000).isBetween(before, System.currentTimeMillis());
        assertThat(packet.toString()).contains("60").contains("x}1");
        packet.release();
        assertThat(packet.toString()).contains("released");
    }

    /** Slot fields are read once, at emission. */
    @Test
    void shouldNotLookAtItsSlotAgain() {
        final Packet packet = receive(frame(MULTI));
        final var other = netmap.driver()
                .open(org.reactornetmap.driver.OpenRequest.of(org.reactornetmap.driver.PortSpec.parse("netmap:x}1")));
        final var ring = other.netmapIf().rxRings().get(0);
        final long[] words = new long[ContractA.SLOTS];
        for (int i = 0; i < ContractA.SLOTS; i++) {
            words[i] = ring.slotWord(i);
            ring.slotWord(i, 0);
        }
        assertReads(packet, frame(MULTI));
        assertThat(packet.bufferCopy()).isEqualTo(frame(MULTI));
        for (int i = 0; i < ContractA.SLOTS; i++) {
            ring.slotWord(i, words[i]);
        }
        packet.release();
        ContractB.settle(loop);
        other.close();
    }
}
