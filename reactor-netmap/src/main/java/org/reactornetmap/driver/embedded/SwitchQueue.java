package org.reactornetmap.driver.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * The end of a switch at which packets come out: a ring that any number of forwarders fill at the same time. Each leases
 * slots under the lock, fills them without it, and reports them under it again; the tail moves over leases that are done,
 * in the order they were taken. The ring's own thread reads the tail and says what it released.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_vale.c#L640">nm_kr_space,
 *     nm_kr_lease, nm_vale_flush</a>
 */
abstract class SwitchQueue {
    private static final int PENDING = -1;
    private static final int FRAGS_SHIFT = 8;

    /** {@code NM_BUF_ALIGN}. */
    private static final int CACHE_LINE = 64;

    private static final VarHandle TAIL;
    private static final VarHandle RELEASED;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(SwitchQueue.class, "tail", int.class);
            RELEASED = lookup.findVarHandle(SwitchQueue.class, "released", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final KernelRing ring;
    private final ByteBuffer slots;
    private final Buffers buffers;
    private final int numSlots;
    private final int bufSize;

    /** Where each lease ends, {@link #PENDING} until its forwarder reported it; as many as there can be. Lock held. */
    private final int[] leases;

    private int nextLease;
    private int leased;

    @SuppressWarnings("unused") // by VarHandle
    private int tail;

    @SuppressWarnings("unused") // by VarHandle
    private int released;

    /** Makes the end of an empty ring. */
    SwitchQueue(final KernelRing ring) {
        this.ring = ring;
        slots = ring.memory;
        buffers = ring.ring.buffers();
        numSlots = ring.numSlots;
        bufSize = buffers.bufSize();
        leases = new int[numSlots];
    }

    /** {@code nm_notify}: packets are there. The forwarder's thread, without the queue's lock. */
    abstract void arrived();

    /** {@code nkr_stopped}: packets are to be dropped. */
    abstract boolean isStopped();

    /** {@code retry}: how often to come back for packets that didn't fit, after {@link #arrived} made room. */
    int retries() {
        return 0;
    }

    /** {@code NAF_FORCE_RECLAIM}: makes what room it can before a delivery, if {@link #retries} is not 0. */
    void reclaim() {}

    /** Behind the last slot that is filled. The ring's thread; sees all that was filled. */
    final int tail() {
        return (int) TAIL.getAcquire(this);
    }

    /** The slots before {@code head} are empty again. The ring's thread. */
    final void release(final int head) {
        RELEASED.setRelease(this, head);
    }

    /**
     * Takes in, from one destination's packets of a batch, those that come before the first that doesn't fit.
     *
     * @param batch left at the first packet that was not taken
     * @param counters of the receiving port
     */
    final void deliver(final SwitchBatch batch, final SwitchCounters counters) {
        int retries = retries();
        boolean moved;
        do {
            if (retries > 0) {
                reclaim();
            }
            moved = deliverOnce(batch, counters);
            if (moved) {
                arrived();
            }
        } while (moved && retries-- > 0 && !batch.isEmpty());
    }

    /** Whether the tail moved. */
    private boolean deliverOnce(final SwitchBatch batch, final SwitchCounters counters) {
        final int start;
        final int lease;
        final int room;
        lock.lock();
        try {
            start = leased;
            room = Math.min(batch.needed, space());
            if (room == 0) {
                return false;
            }
            lease = nextLease;
            leases[lease] = PENDING;
            nextLease = RingMath.next(lease, numSlots);
            leased = RingMath.plus(start, room, numSlots);
        } finally {
            lock.unlock();
        }
        final int used = fill(batch, counters, start, room);
        lock.lock();
        try {
            return report(lease, start, used, room - used);
        } finally {
            lock.unlock();
        }
    }

    private int space() {
        return numSlots - 1 - RingMath.distance((int) RELEASED.getAcquire(this), leased, numSlots);
    }

    /**
     * Fills leased slots, without the lock.
     *
     * @return how many
     */
    int fill(final SwitchBatch batch, final SwitchCounters counters, final int start, final int room) {
        final SlotOffsets offsets = ring.offsets();
        int slot = start;
        int used = 0;
        int packets = 0;
        int emptied = 0;
        while (!batch.isEmpty()) {
            final int first = batch.first();
            final int frags = batch.frags[first];
            if (used + frags > room) {
                break;
            }
            batch.advance();
            final int flags = frags << FRAGS_SHIFT | NetmapSlotDescriptor.NS_MOREFRAG;
            for (int i = 0; i < frags - 1; i++) {
                emptied += fill(batch, first + i, slot, flags, offsets);
                slot = RingMath.next(slot, numSlots);
            }
            emptied += fill(batch, first + frags - 1, slot, frags << FRAGS_SHIFT, offsets);
            slot = RingMath.next(slot, numSlots);
            used += frags;
            packets++;
        }
        batch.needed -= used;
        if (packets > 0) {
            counters.delivered.add(packets);
        }
        if (emptied > 0) {
            counters.emptied.add(emptied);
        }
        return used;
    }

    /** 1 if the slot's data could not be had, and its length became 0. */
    private int fill(
            final SwitchBatch batch, final int from, final int slot, final int flags, final SlotOffsets offsets) {
        final int at = NetmapRingDescriptor.slotOffset(slot);
        final int bufIdx = NetmapSlotDescriptor.bufIdx(slots.getLong(at));
        final ByteBuffer data = batch.data[from];
        final int offset = batch.offset[from];
        final int begin = offsets.areUsed() ? begin(offsets.of(ptr(at)), offset) : 0;
        int len = batch.len[from];
        int emptied = 0;
        if (data == null || len > data.capacity() - offset || len > bufSize - begin || !buffers.isValid(bufIdx)) {
            len = 0;
            emptied = 1;
        } else {
            buffers.block(bufIdx).put(buffers.offset(bufIdx) + begin, data, offset, len);
            if (offsets.areUsed()) {
                slots.putLong(at + NetmapSlotDescriptor.PTR_OFFSET, offsets.with(ptr(at), begin));
            }
        }
        slots.putLong(at, NetmapSlotDescriptor.word(bufIdx, len, flags & 0xFFFF));
        return emptied;
    }

    private long ptr(final int at) {
        return slots.getLong(at + NetmapSlotDescriptor.PTR_OFFSET);
    }

    /**
     * Where a frame begins in a buffer with an offset: the kernel copies whole cache lines, so it moves the offset to the
     * next place in a line at which the data are in theirs.
     */
    private static int begin(final int wanted, final int from) {
        final int inLine = from % CACHE_LINE;
        final int line = wanted - wanted % CACHE_LINE;
        return wanted % CACHE_LINE < inLine ? line + CACHE_LINE + inLine : line + inLine;
    }

    /** Ends a lease: whether the tail moved. Lock held. */
    private boolean report(final int lease, final int start, final int used, final int left) {
        int end = RingMath.plus(start, used, numSlots);
        if (left > 0) {
            if (RingMath.next(lease, numSlots) == nextLease) {
                // Nobody leased behind us.
                leased = end;
                if (used == 0) {
                    // The kernel keeps the lease, and has too many of them if an early one takes long.
                    nextLease = lease;
                    return false;
                }
            } else {
                end = empty(end, left);
            }
        }
        leases[lease] = end;
        if ((int) TAIL.get(this) != start) {
            // An earlier lease is not done; who reports it publishes ours too.
            return false;
        }
        for (int i = lease; i != nextLease && leases[i] != PENDING; i = RingMath.next(i, numSlots)) {
            end = leases[i];
            leases[i] = PENDING;
        }
        if (end == start) {
            return false;
        }
        TAIL.setRelease(this, end);
        return true;
    }

    /** Slots that were leased but not needed become packets of length 0. */
    private int empty(final int first, final int count) {
        int slot = first;
        for (int i = 0; i < count; i++) {
            final int at = NetmapRingDescriptor.slotOffset(slot);
            slots.putLong(at, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(slots.getLong(at)), 0, 0));
            slot = RingMath.next(slot, numSlots);
        }
        return slot;
    }
}
