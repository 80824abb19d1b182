package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** A port as a C program written against netmap_user.h would use it: it moves head and cur itself and syncs by hand. */
final class TestPort implements AutoCloseable {
    final DriverPort port;

    private TestPort(final DriverPort port) {
        this.port = port;
    }

    static EmbeddedDriver world(final Strictness strictness) {
        return EmbeddedDriver.create(EmbeddedConfig.builder()
                .buffers(4_096)
                .bufSize(256)
                .strictness(strictness)
                .build());
    }

    /** Pipes that don't say otherwise are in the global memory, whose buffers these tests count. */
    private static PortSpec parse(final String spec) {
        final boolean plainPipe = spec.startsWith("netmap:") && spec.matches("[^@]*[{}][^@]*");
        return PortSpec.parse(plainPipe ? spec + "@1" : spec);
    }

    /** The pools of a port's memory; the port is made for the question if need be. */
    static PoolsInfo pools(final EmbeddedDriver driver, final Registration request) {
        synchronized (driver.world()) {
            return driver.world().ask(request, true, adapter -> adapter.memory().info());
        }
    }

    static TestPort open(final NetmapDriver driver, final String spec) {
        return open(driver, spec, 0, 0);
    }

    static TestPort open(final NetmapDriver driver, final String spec, final int rings, final int slots) {
        return open(driver, spec, rings, slots, 0);
    }

    static TestPort open(
            final NetmapDriver driver, final String spec, final int rings, final int slots, final int extra) {
        return new TestPort(driver.open(new OpenRequest(parse(spec), -1, rings, rings, slots, slots, extra)));
    }

    /** With different numbers for each direction. */
    static TestPort open(
            final NetmapDriver driver,
            final String spec,
            final int txRings,
            final int rxRings,
            final int txSlots,
            final int rxSlots) {
        return new TestPort(driver.open(new OpenRequest(parse(spec), -1, txRings, rxRings, txSlots, rxSlots, 0)));
    }

    /** Bound to one ring pair. */
    static TestPort openRing(final NetmapDriver driver, final String spec, final int ring, final int rings) {
        return new TestPort(driver.open(new OpenRequest(parse(spec), ring, rings, rings, 0, 0, 0)));
    }

    NetmapRing tx() {
        return tx(0);
    }

    NetmapRing tx(final int i) {
        return port.netmapIf().txRings().get(i);
    }

    NetmapRing rx() {
        return rx(0);
    }

    NetmapRing rx(final int i) {
        return port.netmapIf().rxRings().get(i);
    }

    /** {@code nm_ring_space}: from cur to tail. */
    static int space(final NetmapRing ring) {
        return RingMath.distance(ring.cur(), ring.tail(), ring.numSlots());
    }

    /** Fills the next TX slot with one int and moves head and cur over it. */
    static void put(final NetmapRing ring, final int value) {
        put(ring, value, 0);
    }

    static void put(final NetmapRing ring, final int value, final int flags) {
        final int slot = ring.head();
        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
        write(ring.buffers(), bufIdx, value);
        ring.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, 4, flags));
        advance(ring, 1);
    }

    static void write(final Buffers buffers, final int bufIdx, final int value) {
        buffers.block(bufIdx).putInt(buffers.offset(bufIdx), value);
    }

    static int read(final Buffers buffers, final int bufIdx) {
        return buffers.block(bufIdx).getInt(buffers.offset(bufIdx));
    }

    /** The int in a slot's buffer. */
    static int valueAt(final NetmapRing ring, final int slot) {
        return read(ring.buffers(), NetmapSlotDescriptor.bufIdx(ring.slotWord(slot)));
    }

    /** Moves head and cur. */
    static void advance(final NetmapRing ring, final int slots) {
        final int head = RingMath.plus(ring.head(), slots, ring.numSlots());
        ring.head(head);
        ring.cur(head);
    }

    /** Sends values and syncs. */
    void send(final int... values) {
        for (final int value : values) {
            put(tx(), value);
        }
        port.txSync();
    }

    /** Syncs and takes everything, without returning it to the sender before the next sync. */
    List<Integer> receive() {
        port.rxSync();
        return take(rx());
    }

    static List<Integer> take(final NetmapRing ring) {
        final List<Integer> values = new ArrayList<>();
        while (ring.head() != ring.tail()) {
            values.add(valueAt(ring, ring.head()));
            advance(ring, 1);
        }
        return values;
    }

    @Override
    public void close() {
        port.close();
    }
}
