package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.reactornetmap.ring.NetmapRing;

/**
 * The kernel's side of one ring: what {@code netmap_kring} is to {@code netmap_ring}. The pointers are plain fields of
 * the thread that syncs the ring; who uses the ring is guarded by the world's lock; any thread may signal.
 */
abstract class KernelRing {
    private static final Watch[] NOBODY = {};

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

    /** What a bad ring logged so far. */
    int complaints;

    private int users;
    private boolean exclusive;
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

    /** {@code nm_sync}: moves what user space handed over, up to {@link #rHead}, and updates hwCur and hwTail. */
    abstract void sync();

    /** Wakes who waits for what the last sync gave away. Called behind a full fence, if {@link #moved}. */
    abstract void signalOtherSide();

    /** {@code nm_sync_finalize}: shows user space how far it may go. */
    final void finish() {
        rTail = hwTail;
        ring.tail(hwTail);
    }

    final void signal(final int events) {
        for (final Watch watch : watches) {
            watch.signal(events);
        }
    }

    /** Whether a new user must be refused. */
    final boolean isBusyFor(final boolean wantsExclusive) {
        return exclusive || (wantsExclusive && users > 0);
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
