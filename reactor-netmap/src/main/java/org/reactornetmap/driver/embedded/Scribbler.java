package org.reactornetmap.driver.embedded;

import java.util.SplittableRandom;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** Writes into a ring what another process could write. */
final class Scribbler {
    private Scribbler() {}

    static void headOrCur(final KernelRing ring, final SplittableRandom dice) {
        if (dice.nextBoolean()) {
            ring.ring.head(index(ring.numSlots, dice));
        } else {
            ring.ring.cur(index(ring.numSlots, dice));
        }
    }

    static void tail(final KernelRing ring, final SplittableRandom dice) {
        ring.ring.tail(index(ring.numSlots, dice));
    }

    /** In the ring, just outside, or anything. */
    private static int index(final int numSlots, final SplittableRandom dice) {
        return switch (dice.nextInt(4)) {
            case 0 -> numSlots + dice.nextInt(numSlots);
            case 1 -> dice.nextInt();
            default -> dice.nextInt(numSlots);
        };
    }

    /** One slot from first to the one before end, which are not the same. */
    static void slot(final KernelRing ring, final int first, final int end, final SplittableRandom dice) {
        final int distance = RingMath.distance(first, end, ring.numSlots);
        final int slot = RingMath.plus(first, dice.nextInt(distance), ring.numSlots);
        final long word = ring.ring.slotWord(slot);
        int bufIdx = NetmapSlotDescriptor.bufIdx(word);
        int len = NetmapSlotDescriptor.len(word);
        int flags = NetmapSlotDescriptor.flags(word);
        switch (dice.nextInt(3)) {
            case 0 -> bufIdx = bufIdx(ring.ring.buffers().total(), dice);
            case 1 -> len = dice.nextInt(1 << 16);
            default -> flags = dice.nextInt(1 << 16);
        }
        ring.ring.slotWord(slot, NetmapSlotDescriptor.word(bufIdx, len, flags));
    }

    /** Reserved, just outside the pool, anything, or somebody's. */
    private static int bufIdx(final int total, final SplittableRandom dice) {
        return switch (dice.nextInt(4)) {
            case 0 -> dice.nextInt(2);
            case 1 -> total + dice.nextInt(total);
            case 2 -> dice.nextInt();
            default -> 2 + dice.nextInt(total - 2);
        };
    }
}
