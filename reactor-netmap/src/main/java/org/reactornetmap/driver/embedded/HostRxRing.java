package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** A host RX ring, which shows what the host stack transmits. {@code netmap_rxsync_from_host}. */
final class HostRxRing extends KernelRing {
    private final Nic nic;
    private final Buffers buffers;
    private final HostQueue queue;

    /** Of several only the first forwards to the NIC; by an oddity of the kernel's the others forward up again. */
    private final boolean first;

    HostRxRing(final String port, final RingObject object, final Nic nic, final HostQueue queue, final boolean first) {
        super(port, object);
        this.nic = nic;
        this.buffers = ring.buffers();
        this.queue = queue;
        this.first = first;
    }

    @Override
    void move() {
        if (monitors() == null) {
            beforeRelease();
        }
        synchronized (queue) {
            takeQueued();
            if (hwCur != rHead) {
                if (first && canForwardDown && HostForwarding.isOn(this)) {
                    forwardedDown |= HostForwarding.down(this, nic.rings().tx());
                }
                hwCur = rHead;
            }
            queue.busy(RingMath.distance(hwCur, hwTail, numSlots));
        }
    }

    @Override
    void beforeRelease() {
        if (!first && hwCur != rHead && HostForwarding.isOn(this)) {
            HostForwarding.up(this, nic, false);
        }
    }

    private void takeQueued() {
        int slot = hwTail;
        final int stop = RingMath.previous(hwCur, numSlots);
        int taken = 0;
        int lost = 0;
        final SlotOffsets offsets = offsets();
        for (int len = queue.frames.firstLength();
                slot != stop && len >= 0;
                len = queue.frames.firstLength(), slot = RingMath.next(slot, numSlots)) {
            if (take(offsets, slot, len)) {
                taken++;
            } else {
                lost++;
            }
        }
        hwTail = slot;
        if (taken > 0) {
            nic.counters.hostReceived.add(taken);
        }
        if (lost > 0) {
            nic.counters.queuePurged.add(lost);
        }
    }

    /** Where the kernel would write over another buffer, the slot comes out empty. */
    private boolean take(final SlotOffsets offsets, final int slot, final int len) {
        final int at = NetmapRingDescriptor.slotOffset(slot);
        final int bufIdx = NetmapSlotDescriptor.bufIdx(memory.getLong(at));
        final int offset = offsets.areUsed() ? offsets.of(memory.getLong(at + NetmapSlotDescriptor.PTR_OFFSET)) : 0;
        final boolean fits = buffers.isValid(bufIdx) && len <= buffers.bufSize() - offset;
        if (fits) {
            final ByteBuffer block = buffers.block(bufIdx);
            queue.frames.poll(block, buffers.offset(bufIdx) + offset);
        } else {
            queue.frames.drop();
        }
        memory.putLong(at, NetmapSlotDescriptor.word(bufIdx, fits ? len : 0, 0));
        return fits;
    }

    @Override
    void notifyOtherSide() {}
}
