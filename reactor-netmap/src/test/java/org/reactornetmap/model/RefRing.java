package org.reactornetmap.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.NetmapRing;

/**
 * The model of a ring: a queue of the buffers that are at it, in slot order. User space has passed the first
 * {@link #done} of them with head, {@link #limit} were shown to it by the last sync.
 */
abstract class RefRing {
    final String name;
    final RefMemory memory;
    final int n;
    final List<RefSlot> slots = new ArrayList<>();

    /** The real ring, null while nobody opened it. */
    @Nullable
    NetmapRing real;

    /** Index of the first of {@link #slots}. */
    int first;

    int done;
    int limit;

    /** How far cur is ahead of head. */
    int ahead;

    /** Slots before head that the kernel has accepted but not moved. */
    int accepted;

    /** User space wrote tail since the last sync. */
    boolean tailWritten;

    int users;
    boolean exclusive;

    /** Its port is gone, or it is a monitor's TX ring: a sync fails. */
    boolean stopped;

    /** Rings of copy monitors that look on. */
    final List<RefMonitorRing> copies = new ArrayList<>();

    /** Up to where an RX ring's copy monitors have seen it, and up to where the kernel has looked itself. */
    private int seen;

    private int kernelTail;

    RefRing(final String name, final RefMemory memory, final int n) {
        this.name = name;
        this.memory = memory;
        this.n = n;
    }

    /** What a legal sync does. */
    abstract void move();

    /** Whether a sync reads what is in the buffers. */
    boolean needsFrames() {
        return false;
    }

    final void sync() {
        if (real != null && !real.isRx()) {
            copies.forEach(monitor -> monitor.saw(memory, slots.subList(0, done), true));
        }
        move();
        tailWritten = false;
        if (real != null && real.isRx()) {
            kernelTail = limit;
            show();
        }
    }

    /** Whether the kernel looked at the ring since its owner did, for the sake of monitors. */
    final boolean isAhead() {
        return kernelTail != limit;
    }

    /** Packets arrived in an RX ring, of which user space may see {@code tail} slots at its next sync. */
    final void arrived(final int tail) {
        if (!copies.isEmpty()) {
            kernelTail = tail;
            show();
        }
    }

    private void show() {
        if (!copies.isEmpty()) {
            copies.forEach(monitor -> monitor.saw(memory, slots.subList(seen, kernelTail), false));
            seen = kernelTail;
        }
    }

    /** From where on a first monitor sees packets. */
    int newcomer() {
        return kernelTail;
    }

    final void watch(final RefMonitorRing monitor) {
        if (!copies.contains(monitor)) {
            if (copies.isEmpty()) {
                seen = newcomer();
            }
            copies.add(monitor);
        }
    }

    int index(final int position) {
        return (first + position) % n;
    }

    int left() {
        return limit - done;
    }

    boolean isReady() {
        return done + ahead != limit;
    }

    /** The slot at head, which must be user space's. */
    RefSlot atHead() {
        return slots.get(done);
    }

    void write(final RefSlot slot, final int position) {
        slot.write(ring(), index(position));
    }

    /** Moves head and cur over the slot at head. */
    void advance() {
        done++;
        ahead = Math.max(0, ahead - 1);
        writePointers();
    }

    void writePointers() {
        ring().head(index(done));
        ring().cur(index(done + ahead));
    }

    NetmapRing ring() {
        final NetmapRing ring = real;
        if (ring == null) {
            throw new IllegalStateException(name + " was never opened");
        }
        return ring;
    }

    /** Takes slots that user space has passed away from this ring. */
    final Deque<RefSlot> takeDone() {
        final List<RefSlot> passed = slots.subList(0, done);
        final Deque<RefSlot> taken = new ArrayDeque<>(passed);
        passed.clear();
        first = index(done);
        limit -= done;
        seen = Math.max(0, seen - done);
        kernelTail -= done;
        done = 0;
        return taken;
    }

    /** Compares every slot and pointer with the real ring's. */
    void check() {
        final NetmapRing ring = real;
        if (ring == null) {
            return;
        }
        if (ring.head() != index(done)
                || ring.cur() != index(done + ahead)
                || (!tailWritten && ring.tail() != index(limit))) {
            throw new AssertionError(name + ": expected head " + index(done) + ", cur " + index(done + ahead)
                    + ", tail " + index(limit) + ", found " + ring);
        }
        for (int i = 0; i < slots.size(); i++) {
            final RefSlot slot = slots.get(i);
            if (!memory.isValid(slot.buffer) || !slot.equals(ring, index(i))) {
                throw new AssertionError(
                        name + " slot " + index(i) + ": expected " + slot + ", found " + RefSlot.read(ring, index(i)));
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
