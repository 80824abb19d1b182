package org.reactornetmap.model;

import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_BUF_CHANGED;
import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.ring.NetmapRing;

/** The model of a port of a VALE switch. */
final class RefValePort extends RefAdapter {
    final boolean faithful;

    /** It was made by NEWIF, so it stays and changes switches by request. */
    final boolean persistent;

    /** By the last name it had in a switch, or its own. */
    RefCounters counters;

    @Nullable
    RefSwitch vale;

    int place;
    int lastSource = -1;

    private final OpenRequest creator;
    private final RefOwnRings rings = new RefOwnRings();

    RefValePort(
            final String name,
            final OpenRequest creator,
            final RefCounters counters,
            final boolean faithful,
            final boolean persistent) {
        super(name);
        this.creator = creator;
        this.counters = counters;
        this.faithful = faithful;
        this.persistent = persistent;
    }

    @Override
    int ringCount(final boolean rx) {
        return rx ? creator.rxRings() : creator.txRings();
    }

    @Override
    int slotCount(final boolean rx) {
        return rx ? creator.rxSlots() : creator.txSlots();
    }

    @Override
    @Nullable
    RefRing ring(final boolean rx, final int ringId) {
        return rings.get(rx, ringId);
    }

    /** Where packets from a TX ring of this number arrive; null if nobody has that RX ring open. */
    @Nullable
    RefValeQueue queue(final int ringId) {
        return rings.get(true, ringId % ringCount(true)) instanceof RefValeQueue queue ? queue : null;
    }

    @Override
    RefRing newRing(final boolean rx, final int ringId, final NetmapRing real) {
        final String ringName = name + (rx ? " RX" : " TX") + ringId;
        final RefRing ring = rx
                ? new RefValeQueue(ringName, memory(), real.numSlots())
                : new Sender(ringName, memory(), real.numSlots(), ringId);
        fill(ring, real);
        rings.put(rx, ringId, ring);
        return ring;
    }

    @Override
    List<RefRing> rings() {
        return rings.all();
    }

    @Override
    void closed() {
        rings.freeIdle();
        final RefSwitch in = vale;
        if (!isOpen() && in != null && !persistent) {
            in.disconnect(this);
        }
    }

    /** Everything is forwarded or dropped at once: its sender never waits. */
    private final class Sender extends RefRing {
        private final int ringId;

        Sender(final String name, final RefMemory memory, final int n, final int ringId) {
            super(name, memory, n);
            this.ringId = ringId;
            this.limit = n - 1;
        }

        @Override
        boolean needsFrames() {
            return true;
        }

        @Override
        void move() {
            final RefSwitch in = vale;
            final List<List<RefSlot>> packets = new ArrayList<>();
            boolean open = false;
            for (final RefSlot slot : takeDone()) {
                if (!open) {
                    packets.add(new ArrayList<>());
                }
                packets.get(packets.size() - 1).add(slot);
                open = slot.has(NS_MOREFRAG);
                if (in != null) {
                    slot.flags &= ~NS_BUF_CHANGED;
                }
                slots.add(slot);
            }
            limit = n - 1;
            if (in == null) {
                // It was detached and is still open.
                counters.received += packets.size();
                counters.noDestination += packets.size();
            } else {
                in.forward(RefValePort.this, ringId, packets);
            }
        }
    }
}
