package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** A port of a switch whose frames are two addresses, a type and a number, 18 bytes. An address is 02:00:00:00:00:XX. */
final class ValePeer implements AutoCloseable {
    static final int ALL = 0xFF;
    static final int LENGTH = 18;

    final TestPort port;

    private ValePeer(final TestPort port) {
        this.port = port;
    }

    static ValePeer open(final EmbeddedDriver driver, final String spec) {
        return new ValePeer(TestPort.open(driver, spec));
    }

    static ValePeer open(final EmbeddedDriver driver, final String spec, final int rings, final int slots) {
        return new ValePeer(TestPort.open(driver, spec, rings, slots));
    }

    /** Bound to one ring pair. */
    static ValePeer openRing(final EmbeddedDriver driver, final String spec, final int ring, final int rings) {
        return new ValePeer(TestPort.openRing(driver, spec, ring, rings));
    }

    static SwitchStatistics statistics(final EmbeddedDriver driver, final String name) {
        return driver.switchStatistics().stream()
                .filter(s -> s.port().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Conservation: every copy was delivered or dropped and counted. */
    static void assertBalanced(final EmbeddedDriver driver) {
        long copies = 0;
        long ended = 0;
        for (final SwitchStatistics s : driver.switchStatistics()) {
            assertThat(s.received()).isGreaterThanOrEqualTo(s.malformed() + s.noDestination());
            copies += s.copies();
            ended += s.delivered() + s.ringFull() + s.closed();
        }
        assertThat(copies).isEqualTo(ended);
    }

    /** Fills the next TX slot with a frame. */
    ValePeer put(final int to, final int from, final int number) {
        return put(0, to, from, number);
    }

    ValePeer put(final int ringId, final int to, final int from, final int number) {
        fill(ringId, to, from, number);
        return commit(ringId, LENGTH, 0);
    }

    /** Fills the next TX slot with a frame and says that it goes on in the slot behind. */
    ValePeer putMore(final int to, final int from, final int number) {
        fill(0, to, from, number);
        return commit(0, LENGTH, NetmapSlotDescriptor.NS_MOREFRAG);
    }

    /** Writes a frame into the next TX slot's buffer. */
    ValePeer fill(final int ringId, final int to, final int from, final int number) {
        final NetmapRing ring = port.tx(ringId);
        frame(ring.buffers().slice(NetmapSlotDescriptor.bufIdx(ring.slotWord(ring.head()))), to, from, number);
        return this;
    }

    /** Gives the next TX slot a length and flags, and moves over it. */
    ValePeer commit(final int ringId, final int len, final int flags) {
        final NetmapRing ring = port.tx(ringId);
        final int slot = ring.head();
        ring.slotWord(slot, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(ring.slotWord(slot)), len, flags));
        TestPort.advance(ring, 1);
        return this;
    }

    static void frame(final ByteBuffer memory, final int to, final int from, final int number) {
        memory.order(ByteOrder.BIG_ENDIAN)
                .putShort(0, (short) (to == ALL ? 0xFFFF : 0x0200))
                .putInt(2, to == ALL ? -1 : to)
                .putShort(6, (short) 0x0200)
                .putInt(8, from)
                .putShort(12, (short) 0x88B5)
                .putInt(14, number);
    }

    ValePeer send() {
        port.port.txSync();
        return this;
    }

    /** Syncs and takes the numbers of the frames of ring 0; -1 for a slot of length 0. */
    List<Integer> receive() {
        return receive(0);
    }

    List<Integer> receive(final int ringId) {
        port.port.rxSync();
        return take(ringId);
    }

    List<Integer> take(final int ringId) {
        final NetmapRing ring = port.rx(ringId);
        final List<Integer> numbers = new ArrayList<>();
        while (ring.head() != ring.tail()) {
            final long word = ring.slotWord(ring.head());
            numbers.add(
                    NetmapSlotDescriptor.len(word) == 0
                            ? -1
                            : ring.buffers()
                                    .slice(NetmapSlotDescriptor.bufIdx(word))
                                    .getInt(14));
            TestPort.advance(ring, 1);
        }
        return numbers;
    }

    @Override
    public void close() {
        port.close();
    }
}
