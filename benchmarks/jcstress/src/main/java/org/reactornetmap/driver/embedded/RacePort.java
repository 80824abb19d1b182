package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** A port with one ring each way, whose packets are two addresses and a number; used without a loop. */
final class RacePort {
    static final int MOREFRAG = NetmapSlotDescriptor.NS_MOREFRAG;

    private static final int LENGTH = 18;
    private static final int NUMBER_AT = 14;

    final DriverPort port;
    final NetmapRing tx;
    final NetmapRing rx;

    RacePort(final EmbeddedDriver driver, final String spec, final int slots) {
        this.port = driver.open(new OpenRequest(PortSpec.parse(spec), -1, 1, 1, slots, slots, 0));
        this.tx = port.netmapIf().txRings().get(0);
        this.rx = port.netmapIf().rxRings().get(0);
    }

    /** Fills the next slot; the sync is the caller's. */
    void put(final int to, final int from, final int number, final int flags) {
        final int slot = tx.head();
        if (slot == tx.tail()) {
            throw new IllegalStateException("no room in " + tx);
        }
        final int bufIdx = NetmapSlotDescriptor.bufIdx(tx.slotWord(slot));
        tx.buffers()
                .slice(bufIdx)
                .putShort(0, (short) 0x0200)
                .putInt(2, to)
                .putShort(6, (short) 0x0200)
                .putInt(8, from)
                .putShort(12, (short) 0x88B5)
                .putInt(NUMBER_AT, number);
        tx.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, LENGTH, flags));
        tx.head(RingMath.next(slot, tx.numSlots()));
        tx.cur(tx.head());
    }

    /** Slots that the last sync or poll showed and nobody took. */
    int waiting() {
        return RingMath.distance(rx.head(), rx.tail(), rx.numSlots());
    }

    /** The number in a slot that waits, -1 if its length is 0. */
    int number(final int position) {
        final long word = word(position);
        return NetmapSlotDescriptor.len(word) == 0
                ? -1
                : rx.buffers().slice(NetmapSlotDescriptor.bufIdx(word)).getInt(NUMBER_AT);
    }

    boolean goesOn(final int position) {
        return (NetmapSlotDescriptor.flags(word(position)) & MOREFRAG) != 0;
    }

    private long word(final int position) {
        return rx.slotWord(RingMath.plus(rx.head(), position, rx.numSlots()));
    }

    /** Gives everything that waits back. */
    void release() {
        rx.head(rx.tail());
        rx.cur(rx.tail());
        port.rxSync();
    }
}
