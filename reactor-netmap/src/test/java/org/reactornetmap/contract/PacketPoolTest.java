package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.packet.Direction;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.packet.PacketReleasedException;

/** Packets outside rings. */
@Timeout(60)
class PacketPoolTest {
    private static PacketPool pool(final boolean direct, final int capacity) {
        return direct ? PacketPool.direct(capacity, 128) : PacketPool.heap(capacity, 128);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64})
    void shouldBeBounded(final int capacity) {
        for (final boolean direct : new boolean[] {true, false}) {
            final PacketPool pool = pool(direct, capacity);
            final List<Packet> taken = new ArrayList<>();
            for (int i = 0; i < capacity; i++) {
                assertThat(pool.available()).isEqualTo(capacity - i);
                taken.add(pool.acquire(100));
            }
            assertThat(pool.available()).isZero();
            assertThat(pool.tryAcquire(1)).isNull();
            assertThatThrownBy(() -> pool.acquire(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(String.valueOf(capacity));
            taken.get(0).release();
            final Packet again = pool.tryAcquire(60);
            assertThat(again).isNotNull();
            assertThat(again.length()).isEqualTo(60);
            again.release();
            taken.subList(1, capacity).forEach(Packet::release);
            assertThat(pool.available()).isEqualTo(capacity);
            assertThat(pool.capacity()).isEqualTo(capacity);
            assertThat(pool.bufferBytes()).isEqualTo(128);
        }
    }

    @Test
    void shouldCheckRanges() {
        assertThatThrownBy(() -> PacketPool.heap(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PacketPool.heap(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PacketPool.direct(1, 65_537)).isInstanceOf(IllegalArgumentException.class);
        final PacketPool pool = PacketPool.heap(1, 128);
        assertThatThrownBy(() -> pool.acquire(129))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("128");
        assertThatThrownBy(() -> pool.acquire(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(pool.available()).isEqualTo(1);
        final Packet empty = pool.acquire(0);
        assertThat(empty.length()).isZero();
        assertThatThrownBy(() -> empty.u8(0)).isInstanceOf(IndexOutOfBoundsException.class);
        empty.release();
    }

    @Test
    void shouldSayThatItComesFromNoRing() {
        final Packet packet = PacketPool.heap(1, 128).acquire(60);
        assertThat(packet.ring()).isEqualTo(-1);
        assertThat(packet.port()).isEmpty();
        assertThat(packet.direction()).isEqualTo(Direction.UNKNOWN);
        assertThat(packet.timestampNanos()).isZero();
        assertThat(packet.segments()).isEqualTo(1);
        packet.release();
    }

    @Test
    void shouldComeBackAtItsLastRelease() {
        final PacketPool pool = PacketPool.heap(1, 128);
        final Packet packet = pool.acquire(60);
        packet.retain();
        assertThat(packet.isWritable()).isFalse();
        packet.release();
        assertThat(packet.isWritable()).isTrue();
        assertThat(packet.length()).isEqualTo(60);
        assertThat(pool.available()).isZero();
        packet.touch("the end").release();
        assertThat(pool.available()).isEqualTo(1);
        assertThatThrownBy(packet::length)
                .isInstanceOf(PacketReleasedException.class)
                .hasMessageContaining("the end");
        assertThatThrownBy(packet::retain).isInstanceOf(PacketReleasedException.class);
        assertThat(packet.isWritable()).isFalse();
        packet.release();
        assertThat(pool.available()).as("one release too many").isEqualTo(1);
    }

    @Test
    void shouldWrapWithoutACopyWhatABufferHolds() {
        final ByteBuffer frame = ByteBuffer.allocate(100).position(10).limit(74);
        final Packet packet = PacketPool.wrap(frame);
        assertThat(packet.length()).isEqualTo(64);
        assertThat(frame.position()).isEqualTo(10);
        assertThat(frame.limit()).isEqualTo(74);
        frame.put(10, (byte) 200);
        assertThat(packet.u8(0)).isEqualTo(200);
        packet.set8(63, 7);
        assertThat(frame.get(73)).isEqualTo((byte) 7);
        assertThat(packet.buffer().isReadOnly()).isTrue();
        packet.release();
        assertThat(packet.isReleased()).isTrue();

        final Packet readOnly = PacketPool.wrap(frame.asReadOnlyBuffer());
        assertThat(readOnly.isWritable()).isFalse();
        assertThatThrownBy(() -> readOnly.set8(0, 1)).isInstanceOf(IllegalStateException.class);
        readOnly.release();
    }

    @Test
    void shouldWrapWhatACaptureKept() {
        final Packet packet = PacketPool.wrap(ByteBuffer.allocate(60), LinkType.LINUX_SLL, 1500);
        assertThat(packet.length()).isEqualTo(60);
        assertThat(packet.wireLength()).isEqualTo(1500);
        assertThat(packet.linkType()).isEqualTo(LinkType.LINUX_SLL);
        packet.release();
        assertThatThrownBy(() -> PacketPool.wrap(ByteBuffer.allocate(60), LinkType.RAW, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void shouldGiveEachPacketToOneThreadAtATime(final int capacity) {
        final PacketPool pool = PacketPool.direct(capacity, 128);
        final AtomicInteger acquired = new AtomicInteger();
        final CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
        for (int t = 0; t < threads.length; t++) {
            final int mark = 1000 * t;
            threads[t] = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 20_000; i++) {
                    final Packet packet = pool.tryAcquire(60 + i % 8);
                    if (packet != null) {
                        acquired.incrementAndGet();
                        packet.set32(0, mark + i);
                        packet.retain();
                        packet.release();
                        assertThat(packet.u32(0)).isEqualTo(mark + i);
                        assertThat(packet.length()).isEqualTo(60 + i % 8);
                        packet.release();
                    }
                }
            });
        }
        CompletableFuture.allOf(threads)
                .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        assertThat(acquired.get()).isPositive();
        assertThat(pool.available()).isEqualTo(capacity);
    }
}
