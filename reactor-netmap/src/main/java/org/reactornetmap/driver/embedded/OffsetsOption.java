package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.PortOption;
import org.reactornetmap.ring.NetmapRing;

/**
 * {@code nmreq_opt_offsets}: what a registration asks for. Guarded by the world's lock.
 *
 * @param maxOffset {@code nro_max_offset}, bytes
 * @param initialOffset {@code nro_initial_offset}, bytes; written into every slot unless 0
 * @param bits {@code nro_offset_bits}, 0: all 64
 * @param minGap {@code nro_min_gap}, bytes
 */
record OffsetsOption(long maxOffset, long initialOffset, long bits, long minGap) {
    /** As libnetmap does: the first offset is also the largest. */
    static OffsetsOption of(final PortOption.Offset option) {
        return new OffsetsOption(option.initial(), option.initial(), option.bits(), 0);
    }

    /** A ring and what is agreed for it. */
    private record Agreed(KernelRing ring, SlotOffsets offsets) {}

    /**
     * netmap_offsets_init, for the rings that a registration binds to and has not acquired yet. A refusal changes
     * nothing.
     *
     * @return the largest offset agreed on, which may exceed the one asked for
     */
    long apply(final Registration request, final Adapter adapter, final List<KernelRing> rings) {
        long mask = checkedMask(request, adapter);
        long max = maxOffset;
        final List<Agreed> agreed = new ArrayList<>();
        for (final KernelRing ring : rings) {
            final SlotOffsets before = ring.offsets();
            if (before.areUsed()) {
                if ((before.mask() & mask) != mask || before.max() < max) {
                    throw request.refuse(
                            Errno.EBUSY,
                            ring.name + " is open with offsets of at most " + before.max() + " bytes in the bits 0x"
                                    + Long.toHexString(before.mask())
                                    + ": ask for no more, or close the other descriptor.");
                }
                mask = before.mask();
                max = before.max();
                agreed.add(new Agreed(ring, before));
            } else {
                agreed.add(new Agreed(ring, new SlotOffsets(mask, (int) max, minGap)));
            }
        }
        agreed.forEach(this::write);
        return max;
    }

    private long checkedMask(final Registration request, final Adapter adapter) {
        if (!adapter.supportsOffsets()) {
            throw request.refuse(
                    Errno.EOPNOTSUPP, adapter.name() + " has no offsets: open it without the option @offset.");
        }
        if (Long.compareUnsigned(bits, Long.SIZE) > 0) {
            throw request.refuse(Errno.EINVAL, "ptr has 64 bits and " + bits + " are asked for the offset.");
        }
        final long mask = bits == 0 || bits == Long.SIZE ? -1L : (1L << bits) - 1;
        final int bufSize = adapter.memory().bufSize();
        if (Long.compareUnsigned(maxOffset, bufSize) > 0) {
            throw request.refuse(
                    Errno.EINVAL,
                    "The largest offset, " + Long.toUnsignedString(maxOffset) + ", leads out of buffers of " + bufSize
                            + " bytes: ask for less, or raise buf_size.");
        }
        if ((maxOffset & mask) != maxOffset) {
            throw request.refuse(
                    Errno.EINVAL, "The largest offset, " + maxOffset + ", needs more than " + bits + " bits.");
        }
        if (Long.compareUnsigned(initialOffset, maxOffset) > 0) {
            throw request.refuse(
                    Errno.EINVAL,
                    "The first offset, " + Long.toUnsignedString(initialOffset) + ", exceeds the largest, " + maxOffset
                            + ".");
        }
        return mask;
    }

    /** The slots of a ring that somebody else has open are left alone. */
    private void write(final Agreed agreed) {
        final KernelRing kernelRing = agreed.ring;
        kernelRing.offsets(agreed.offsets);
        if (initialOffset == 0 || kernelRing.isUsed()) {
            return;
        }
        final NetmapRing ring = kernelRing.ring;
        for (int i = 0; i < kernelRing.numSlots; i++) {
            ring.slotPtr(i, agreed.offsets.with(ring.slotPtr(i), initialOffset));
        }
    }
}
