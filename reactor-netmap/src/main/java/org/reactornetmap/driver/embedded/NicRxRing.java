package org.reactornetmap.driver.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** An RX ring of a NIC. The wire fills it from any thread; its own sync shows what is there and takes back what was read. */
final class NicRxRing extends KernelRing {
    /** What became of a frame from the wire. */
    enum Taken {
        FILLED,
        FULL,
        NOT_OPEN
    }

    private static final VarHandle FILLED;
    private static final VarHandle RELEASED;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            FILLED = lookup.findVarHandle(NicRxRing.class, "filled", int.class);
            RELEASED = lookup.findVarHandle(NicRxRing.class, "released", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Nic nic;
    private final Buffers buffers;

    /** The wire's side. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean on;

    @SuppressWarnings("unused") // by VarHandle
    private int filled;

    @SuppressWarnings("unused") // by VarHandle
    private int released;

    NicRxRing(final String port, final RingObject object, final Nic nic) {
        super(port, object);
        this.nic = nic;
        this.buffers = ring.buffers();
    }

    /** Whether the ring is in netmap mode; when this returns nobody fills it any more that shouldn't. */
    void on(final boolean isOn) {
        lock.lock();
        try {
            on = isOn;
        } finally {
            lock.unlock();
        }
    }

    /** A frame from the wire, in as many slots as it takes, or not at all. */
    Taken fill(final ByteBuffer data, final int at, final int len) {
        lock.lock();
        try {
            if (!on || stopped() != null) {
                return Taken.NOT_OPEN;
            }
            final SlotOffsets offsets = offsets();
            final int room = Math.min(nic.config.rxBufSize(), roomOf(offsets));
            final int first = (int) FILLED.get(this);
            final int free = numSlots - 1 - RingMath.distance((int) RELEASED.getAcquire(this), first, numSlots);
            if (len > (long) free * room || free == 0) {
                return Taken.FULL;
            }
            int slot = first;
            int done = 0;
            do {
                final int part = Math.min(room, len - done);
                if (!put(offsets, slot, data, at + done, part, done + part < len)) {
                    empty(first, RingMath.next(slot, numSlots));
                    return Taken.FULL;
                }
                done += part;
                slot = RingMath.next(slot, numSlots);
            } while (done < len);
            FILLED.setRelease(this, slot);
            return Taken.FILLED;
        } finally {
            lock.unlock();
        }
    }

    private int roomOf(final SlotOffsets offsets) {
        return offsets.areUsed() ? offsets.room(buffers.bufSize()) : buffers.bufSize();
    }

    /** Gives slots up to the first that has no buffer back to the ring's owner, who may see to it. */
    private void empty(final int from, final int to) {
        for (int slot = from; slot != to; slot = RingMath.next(slot, numSlots)) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            memory.putLong(at, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(memory.getLong(at)), 0, 0));
        }
        FILLED.setRelease(this, to);
    }

    /** False if there is no buffer in the slot. */
    private boolean put(
            final SlotOffsets offsets,
            final int slot,
            final ByteBuffer data,
            final int at,
            final int len,
            final boolean more) {
        final int bytes = NetmapRingDescriptor.slotOffset(slot);
        final int bufIdx = NetmapSlotDescriptor.bufIdx(memory.getLong(bytes));
        if (!buffers.isValid(bufIdx)) {
            return false;
        }
        final int offset = offsets.areUsed() ? offsets.of(memory.getLong(bytes + NetmapSlotDescriptor.PTR_OFFSET)) : 0;
        buffers.block(bufIdx).put(buffers.offset(bufIdx) + offset, data, at, len);
        memory.putLong(bytes, NetmapSlotDescriptor.word(bufIdx, len, more ? NetmapSlotDescriptor.NS_MOREFRAG : 0));
        return true;
    }

    @Override
    void move() {
        hwTail = (int) FILLED.getAcquire(this);
        final int end = rHead;
        if (hwCur == end) {
            return;
        }
        if (monitors() == null) {
            beforeRelease();
        }
        for (int slot = hwCur; slot != end; slot = RingMath.next(slot, numSlots)) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            final long word = memory.getLong(at);
            if ((word & HostForwarding.BUF_CHANGED) != 0) {
                memory.putLong(at, word & ~HostForwarding.BUF_CHANGED);
            }
        }
        hwCur = end;
        RELEASED.setRelease(this, end);
    }

    @Override
    void beforeRelease() {
        if (HostForwarding.isOn(this)) {
            HostForwarding.up(this, nic, false);
        }
    }

    @Override
    void notifyOtherSide() {}
}
