package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;

/** Packets of a pool that knows how many are not back. */
public final class TestPackets {

    private final PacketPool pool;

    public TestPackets(int capacity) {
        pool = PacketPool.heap(capacity, 256);
    }

    public Packet of(ByteBuffer frame) {
        Packet packet = pool.acquire(frame.remaining());
        for (int i = 0; i < frame.remaining(); i++) {
            packet.set8(i, frame.get(frame.position() + i));
        }
        return packet;
    }

    /** A UDP packet that carries its number as its source port. */
    public Packet numbered(int number) {
        return of(Frames.udp("10.0.0.1", number, "10.0.0.2", 7));
    }

    public static int number(Packet packet) {
        return packet.u16(34);
    }

    /** Made as they are asked for. */
    public Flux<Packet> numbered(int from, int count) {
        return Flux.range(from, count).map(this::numbered);
    }

    public int out() {
        return pool.capacity() - pool.available();
    }

    public void assertAllBack() {
        assertThat(out()).as("packets not released").isZero();
    }
}
