package org.reactornetmap.model;

import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** A buffer in a ring, with what its slot says. */
final class RefSlot {
    int buffer;
    int length;
    int flags;
    long ptr;

    static RefSlot read(final NetmapRing ring, final int index) {
        final RefSlot slot = new RefSlot();
        final long word = ring.slotWord(index);
        slot.buffer = NetmapSlotDescriptor.bufIdx(word);
        slot.length = NetmapSlotDescriptor.len(word);
        slot.flags = NetmapSlotDescriptor.flags(word);
        slot.ptr = ring.slotPtr(index);
        return slot;
    }

    void write(final NetmapRing ring, final int index) {
        ring.slotWord(index, word());
        ring.slotPtr(index, ptr);
    }

    boolean equals(final NetmapRing ring, final int index) {
        return ring.slotWord(index) == word() && ring.slotPtr(index) == ptr;
    }

    boolean has(final int flag) {
        return (flags & flag) != 0;
    }

    private long word() {
        return NetmapSlotDescriptor.word(buffer, length, flags);
    }

    @Override
    public String toString() {
        return "{buf_idx " + buffer + ", len " + length + ", flags 0x" + Integer.toHexString(flags) + ", ptr 0x"
                + Long.toHexString(ptr) + "}";
    }
}
