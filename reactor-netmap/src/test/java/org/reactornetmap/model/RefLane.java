package org.reactornetmap.model;

import static org.reactornetmap.ring.NetmapSlotDescriptor.NS_MOREFRAG;

/** One direction of one ring pair of a pipe: {@code n} buffers that go round between its two ends. */
final class RefLane {
    final RefRing tx;
    final RefRing rx;

    /** Slots at the receiver that belong to whole packets. */
    private int whole;

    RefLane(final String sender, final String receiver, final int ringId, final RefMemory memory, final int n) {
        this.tx = new Sender(sender + " TX" + ringId, memory, n);
        this.rx = new Receiver(receiver + " RX" + ringId, memory, n);
        tx.limit = n - 1;
    }

    private final class Sender extends RefRing {
        Sender(final String name, final RefMemory memory, final int n) {
            super(name, memory, n);
        }

        @Override
        void move() {
            limit = slots.size() - 1;
            final int before = whole;
            for (final RefSlot slot : takeDone()) {
                rx.slots.add(slot);
                if (!slot.has(NS_MOREFRAG)) {
                    whole = rx.slots.size();
                }
            }
            if (whole != before) {
                rx.arrived(whole);
            }
        }
    }

    private final class Receiver extends RefRing {
        Receiver(final String name, final RefMemory memory, final int n) {
            super(name, memory, n);
        }

        @Override
        void move() {
            limit = whole;
            whole -= done;
            tx.slots.addAll(takeDone());
        }
    }
}
