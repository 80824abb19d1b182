package org.reactornetmap.model;

import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_TXMON;

import java.util.List;

/** The model of a copy monitor's RX ring: what does not fit costs the oldest of a batch. */
final class RefMonitorRing extends RefRing {
    private int filled;

    RefMonitorRing(final String name, final RefMemory memory, final int n) {
        super(name, memory, n);
    }

    /** Copies the packets of one sync of one ring. */
    void saw(final RefMemory from, final List<RefSlot> batch, final boolean sent) {
        final int fitting = Math.min(batch.size(), n - 1 - filled);
        for (final RefSlot source : batch.subList(batch.size() - fitting, batch.size())) {
            final RefSlot slot = slots.get(filled++);
            slot.length = Math.min(source.length, Math.min(from.bufSize, memory.bufSize));
            slot.flags = sent ? source.flags | NS_TXMON : source.flags & ~NS_TXMON;
            memory.copied(from, source.buffer, slot.buffer, slot.length);
        }
    }

    @Override
    void move() {
        limit = filled;
        filled -= done;
        slots.addAll(takeDone());
    }
}
