package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/** One sync of a ring that faults may strike, step by step. The thread that syncs. */
final class FaultySync {
    private final List<Fault> faults;
    private final KernelRing ring;
    private final boolean rx;
    private final int tailBefore;
    private @Nullable List<Fault> slotScribblers;
    private @Nullable SplittableRandom tailScribbler;

    /** With those of the faults that are on this ring. */
    FaultySync(final List<Fault> faults, final KernelRing ring) {
        this.faults = faults;
        this.ring = ring;
        this.rx = ring.ring.isRx();
        this.tailBefore = ring.rTail;
    }

    /** Before the sync looks at the ring. */
    void begin() {
        for (final Fault fault : faults) {
            if (fault.kind() instanceof FaultKind.Torn && isHandedOver() && fault.strikes()) {
                tear(ring.ring.head());
            } else if (fault.kind() instanceof FaultKind.Scribble what) {
                scribble(fault, what);
            }
        }
    }

    private boolean isHandedOver() {
        final int head = ring.ring.head();
        return !rx && head != ring.hwCur && head >= 0 && head < ring.numSlots;
    }

    private void scribble(final Fault fault, final FaultKind.Scribble what) {
        final boolean pointer =
                what.pointers() && (!what.slots() || fault.dice().nextBoolean());
        if (pointer) {
            if (fault.strikes()) {
                final SplittableRandom dice = fault.dice();
                if (dice.nextInt(3) == 0) {
                    tailScribbler = dice; // the sync would put it right
                } else {
                    Scribbler.headOrCur(ring, dice);
                }
            }
        } else if (rx) {
            if (slotScribblers == null) {
                slotScribblers = new ArrayList<>();
            }
            slotScribblers.add(fault);
        } else if (isHandedOver() && fault.strikes()) {
            Scribbler.slot(ring, ring.hwCur, ring.ring.head(), fault.dice());
        }
    }

    /**
     * When the sync has moved the ring: shows the new tail, or does not.
     *
     * @return whether it is held back
     */
    boolean finish() {
        final boolean held = isHeld();
        if (!held) {
            ring.finish();
        }
        if (rx && ring.rTail != tailBefore) {
            shown();
        }
        if (tailScribbler != null) {
            Scribbler.tail(ring, tailScribbler);
        }
        return held;
    }

    private boolean isHeld() {
        if (ring.hwTail == tailBefore) {
            return false;
        }
        for (final Fault fault : faults) {
            if (fault.kind() instanceof FaultKind.Hold && fault.strikes()) {
                return true;
            }
        }
        return false;
    }

    private void shown() {
        for (final Fault fault : faults) {
            if (fault.kind() instanceof FaultKind.Torn && fault.strikes()) {
                tear(ring.rTail);
            }
        }
        if (slotScribblers != null) {
            for (final Fault fault : slotScribblers) {
                if (fault.strikes()) {
                    Scribbler.slot(ring, tailBefore, ring.rTail, fault.dice());
                }
            }
        }
    }

    private void tear(final int end) {
        final int last = RingMath.previous(end, ring.numSlots);
        final long more = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_MOREFRAG);
        ring.ring.slotWord(last, ring.ring.slotWord(last) | more);
    }
}
