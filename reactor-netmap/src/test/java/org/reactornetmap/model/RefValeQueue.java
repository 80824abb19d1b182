package org.reactornetmap.model;

import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;

import java.util.List;

/** The model of a VALE port's RX ring: the switch fills it as far as there is room. */
final class RefValeQueue extends RefRing {
    private int filled;

    RefValeQueue(final String name, final RefMemory memory, final int n) {
        super(name, memory, n);
    }

    /** One slot always stays empty. */
    int space() {
        return n - 1 - filled;
    }

    /** After a delivery that brought something. */
    void notifyArrival() {
        arrived(filled);
    }

    /** Copies a packet; the number of its slots whose data did not fit. */
    int put(final RefMemory from, final List<RefSlot> packet) {
        int emptied = 0;
        for (int i = 0; i < packet.size(); i++) {
            final RefSlot source = packet.get(i);
            final RefSlot slot = slots.get(filled++);
            final boolean fits = source.length <= from.bufSize && source.length <= memory.bufSize;
            emptied += fits ? 0 : 1;
            slot.length = fits ? source.length : 0;
            slot.flags = (packet.size() << 8 & 0xFFFF) | (i < packet.size() - 1 ? NS_MOREFRAG : 0);
            memory.copied(from, source.buffer, slot.buffer, slot.length);
        }
        return emptied;
    }

    /** What is there already is not for a monitor that comes now. */
    @Override
    int newcomer() {
        return filled;
    }

    @Override
    void move() {
        limit = filled;
        filled -= done;
        for (final RefSlot slot : takeDone()) {
            slot.flags &= ~NS_BUF_CHANGED;
            slots.add(slot);
        }
    }
}
