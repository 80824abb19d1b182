package org.reactornetmap.driver.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapRingDescriptor;

/**
 * The kernel's side of one ring: what {@code netmap_kring} is to {@code netmap_ring}. The pointers are plain fields of
 * the thread that syncs the ring, which is between {@link #get} and {@link #put}; who uses the ring is guarded by the
 * world's lock; any thread may tell it that something arrived.
 */
abstract class KernelRing {
    private static final Watch[] NOBODY = {};
    private static final int SPINS = 100;
    private static final VarHandle BUSY;

    static {
        try {
            BUSY = MethodHandles.lookup().findVarHandle(KernelRing.class, "busy", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Such as <code>x{1 TX0</code>. */
    final String name;

    /** Where the ring is in the region. */
    final long offset;

    final NetmapRing ring;
    final ByteBuffer memory;
    final int numSlots;

    /** First slot the kernel has not dealt with, and the end of what it has. */
    int hwCur;

    int hwTail;

    /** What user space last handed over, and the tail it was last shown. */
    int rHead;

    int rCur;
    int rTail;

    /** The last sync gave the other side something; cleared when that side has been signalled. */
    boolean moved;

    /** {@code NAF_CAN_FORWARD_DOWN}: who syncs now has every TX ring of the NIC. */
    boolean canForwardDown;

    /** The last sync put packets of the host stack into TX rings of the NIC, which must be synced now. */
    boolean forwardedDown;

    /** What a bad ring logged so far. */
    int complaints;

    private int users;
    private boolean exclusive;

    @SuppressWarnings("unused") // by VarHandle
    private boolean busy;

    private volatile @Nullable Errno stopped;
    private volatile @Nullable RingMonitors monitors;
    private volatile SlotOffsets offsets = SlotOffsets.NONE;
    private volatile @Nullable Runnable interrupt;
    private volatile Watch[] watches = NOBODY;

    KernelRing(final String portName, final RingObject object) {
        this.ring = object.ring();
        this.memory = object.memory();
        this.offset = object.offset();
        this.numSlots = ring.numSlots();
        this.name = portName + (ring.isRx() ? " RX" : " TX") + ring.ringId();
        if (!ring.isRx()) {
            // One slot always stays empty.
            hwTail = numSlots - 1;
            rTail = hwTail;
        }
        ring.tail(rTail);
    }

    /** {@code nm_kr_tryget} that waits: from here to {@link #put} this thread alone syncs the ring. */
    @SuppressWarnings("ThreadPriorityCheck") // whoever has the ring may have lost its core
    final void get() {
        for (int spins = 0; !tryGet(); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** {@code nm_kr_tryget}: false if another thread is at the ring. */
    final boolean tryGet() {
        return !(boolean) BUSY.getOpaque(this) && BUSY.compareAndSet(this, false, true);
    }

    /** {@code nm_kr_put}. */
    final void put() {
        BUSY.setRelease(this, false);
    }

    /**
     * {@code nm_sync}: moves what user space handed over, up to {@link #rHead}, and updates hwCur and hwTail; who
     * monitors the ring sees it.
     */
    final void sync() {
        final RingMonitors watching = monitors;
        if (watching == null) {
            move();
        } else {
            watching.sync(this);
        }
    }

    /** The port's own part of {@link #sync}. */
    abstract void move();

    /**
     * What else has to happen to the slots from hwcur to rhead, before a zero-copy monitor takes their buffers: forwarding
     * to the host stack. Called by the monitors; without any, {@link #move} does it.
     */
    void beforeRelease() {}

    /** Up to where packets have arrived, as far as the kernel knows without a sync. */
    int arrivedUpTo() {
        return hwTail;
    }

    /** Tells who waits for what the last sync gave away. Called if {@link #moved}. */
    abstract void notifyOtherSide();

    /**
     * {@code nm_notify}: there are new packets in an RX ring, or free slots in a TX ring. Any thread; what it published
     * before is seen by whom this wakes.
     *
     * @param events {@code Poller.IN}, {@code Poller.OUT}
     */
    void arrived(final int events) {
        final RingMonitors watching = monitors;
        if (watching != null) {
            watching.arrived(this);
        }
        final Runnable instead = interrupt;
        if (instead != null) {
            instead.run();
            return;
        }
        VarHandle.fullFence();
        signal(events);
    }

    /** Who is told that something {@link #arrived}, in place of the pollers: a switch that has the NIC; null: nobody. */
    final void interrupt(final @Nullable Runnable instead) {
        interrupt = instead;
    }

    /** The monitors that look on; null: none. Set between {@link #get} and {@link #put}. */
    final void monitors(final @Nullable RingMonitors watching) {
        monitors = watching;
    }

    final @Nullable RingMonitors monitors() {
        return monitors;
    }

    /** Where frames begin in the buffers of this ring. Read it once a sync: any thread. */
    final SlotOffsets offsets() {
        return offsets;
    }

    /** Agrees on offsets, and tells user space: {@code offset_mask}. No NIC here asks for a {@code buf_align}. */
    final void offsets(final SlotOffsets agreed) {
        offsets = agreed;
        memory.putLong(NetmapRingDescriptor.OFFSET_MASK_OFFSET, agreed.mask());
    }

    /** {@code nkr_stopped}: from now on each sync fails with this error. Any thread. */
    final void stop(final Errno errno) {
        stopped = errno;
        VarHandle.fullFence();
        signal(~0);
    }

    final void start() {
        stopped = null;
    }

    /** Why syncs fail; null if they don't. */
    final @Nullable Errno stopped() {
        return stopped;
    }

    /** {@code nm_sync_finalize}: shows user space how far it may go. */
    final void finish() {
        rTail = hwTail;
        ring.tail(hwTail);
    }

    /** Wakes the pollers that wait for these events. Behind a full fence. */
    private void signal(final int events) {
        for (final Watch watch : watches) {
            watch.signal(events);
        }
    }

    /** Whether a new user must be refused. */
    final boolean isBusyFor(final boolean wantsExclusive) {
        return exclusive || (wantsExclusive && users > 0);
    }

    final boolean isUsed() {
        return users > 0;
    }

    final void acquire(final boolean wantsExclusive) {
        users++;
        exclusive |= wantsExclusive;
    }

    final void release(final boolean wasExclusive) {
        users--;
        exclusive &= !wasExclusive;
    }

    final void addWatch(final Watch watch) {
        final Watch[] old = watches;
        final Watch[] grown = Arrays.copyOf(old, old.length + 1);
        grown[old.length] = watch;
        watches = grown;
    }

    final void removeWatch(final Watch watch) {
        watches = Arrays.stream(watches).filter(w -> w != watch).toArray(Watch[]::new);
    }

    /** Every pointer, for a message. */
    final String pointers() {
        return "head=" + Integer.toUnsignedString(ring.head()) + " cur=" + Integer.toUnsignedString(ring.cur())
                + " tail=" + Integer.toUnsignedString(ring.tail()) + " hwcur=" + hwCur + " hwtail=" + hwTail + " rhead="
                + Integer.toUnsignedString(rHead) + " rcur=" + Integer.toUnsignedString(rCur) + " rtail=" + rTail
                + " num_slots=" + numSlots;
    }

    @Override
    public String toString() {
        return name + " (" + pointers() + ")";
    }
}
