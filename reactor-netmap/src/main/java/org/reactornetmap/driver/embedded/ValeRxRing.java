package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** An RX ring of a VALE port. The senders fill it; its own sync only shows what is there and takes back what was read. */
final class ValeRxRing extends KernelRing {
    private static final long BUF_CHANGED = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_BUF_CHANGED);

    private final SwitchQueue queue;

    ValeRxRing(final String port, final RingObject object) {
        super(port, object);
        this.queue = new Queue(this);
    }

    SwitchQueue queue() {
        return queue;
    }

    @Override
    void move() {
        hwTail = queue.tail();
        final int end = rHead;
        if (hwCur == end) {
            return;
        }
        forgetSwaps(memory, hwCur, end, numSlots);
        hwCur = end;
        queue.release(end);
    }

    /** The senders move this tail themselves. */
    @Override
    int arrivedUpTo() {
        return queue.tail();
    }

    private static void forgetSwaps(final ByteBuffer memory, final int from, final int to, final int numSlots) {
        for (int slot = from; slot != to; slot = RingMath.next(slot, numSlots)) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            final long word = memory.getLong(at);
            if ((word & BUF_CHANGED) != 0) {
                memory.putLong(at, word & ~BUF_CHANGED);
            }
        }
    }

    @Override
    void notifyOtherSide() {}

    private static final class Queue extends SwitchQueue {
        private final KernelRing ring;

        Queue(final KernelRing ring) {
            super(ring);
            this.ring = ring;
        }

        @Override
        void arrived() {
            ring.arrived(Poller.IN);
        }

        @Override
        boolean isStopped() {
            return ring.stopped() != null;
        }
    }
}
