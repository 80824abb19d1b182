package org.reactornetmap.benchmarks;

import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** Receives at driver level: counts packets and bytes, and gives every slot back at once. Not thread-safe. */
final class Sink {
    private final DriverPort port;
    private final NetmapRing[] rings;
    private long bytes;

    Sink(final DriverPort port) {
        this.port = port;
        this.rings = port.netmapIf().rxRings().toArray(new NetmapRing[0]);
    }

    /** Takes all there is; two syncs, so that the slots are back with the sender before it returns. */
    int take() {
        port.rxSync();
        int packets = 0;
        for (final NetmapRing ring : rings) {
            final int tail = ring.tail();
            final int numSlots = ring.numSlots();
            int at = ring.head();
            while (at != tail) {
                bytes += NetmapSlotDescriptor.len(ring.slotWord(at));
                packets++;
                at = RingMath.next(at, numSlots);
            }
            ring.head(tail);
            ring.cur(tail);
        }
        port.rxSync();
        return packets;
    }

    long bytes() {
        return bytes;
    }
}
