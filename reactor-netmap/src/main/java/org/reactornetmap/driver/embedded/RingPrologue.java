package org.reactornetmap.driver.embedded;

import static java.lang.Integer.compareUnsigned;

import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.ring.RingStateException;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * What a sync does before it moves anything: takes head and cur over from user space, or finds them illegal. The strict
 * form throws and changes nothing; the faithful one makes the same comparisons as the kernel, in the same order of
 * effects, because its traps come from them.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap.c#L1721">nm_txsync_prologue,
 *     nm_rxsync_prologue, netmap_ring_reinit</a>
 */
final class RingPrologue {
    private static final Logger LOG = Loggers.getLogger(RingPrologue.class);
    private static final int MAX_COMPLAINTS = 5;

    private RingPrologue() {}

    /** TX: {@code rhead <= head <= cur <= rtail}, modulo. */
    static void txStrict(final KernelRing k) {
        final int head = k.ring.head();
        final int cur = k.ring.cur();
        final int n = k.numSlots;
        if (!RingMath.isBetween(head, k.rHead, k.rTail, n) || !RingMath.isBetween(cur, head, k.rTail, n)) {
            throw illegal(k, k.rHead, k.rTail);
        }
        accept(k, head, cur);
    }

    /** RX: {@code hwcur <= head <= cur <= hwtail}, modulo; cur may move back. */
    static void rxStrict(final KernelRing k) {
        final int head = k.ring.head();
        final int cur = k.ring.cur();
        final int n = k.numSlots;
        if (!RingMath.isBetween(head, k.hwCur, k.hwTail, n) || !RingMath.isBetween(cur, head, k.hwTail, n)) {
            throw illegal(k, k.hwCur, k.hwTail);
        }
        accept(k, head, cur);
    }

    private static void accept(final KernelRing k, final int head, final int cur) {
        k.ring.tail(k.rTail);
        k.rHead = head;
        k.rCur = cur;
    }

    private static RingStateException illegal(final KernelRing k, final int first, final int last) {
        return new RingStateException(k.name + ": head and cur must satisfy " + first + " <= head <= cur <= " + last
                + " (modulo " + k.numSlots + "), but " + k.pointers()
                + ". Only the slots from head to tail belong to user space, and one thread may use a ring.");
    }

    /** The kernel's comparisons; false if it would reinitialise the ring. */
    static boolean txFaithful(final KernelRing k) {
        final int head = k.ring.head();
        final int cur = k.ring.cur();
        final int rHead = k.rHead;
        final int rTail = k.rTail;
        final boolean legal;
        if (rTail >= rHead) {
            legal = !below(head, rHead) && !below(rTail, head) && !below(cur, head) && !below(rTail, cur);
        } else if (below(rTail, head) && below(head, rHead)) {
            legal = false;
        } else if (!below(rTail, head)) {
            legal = !below(cur, head) && !below(rTail, cur);
        } else {
            // Past the wrap the kernel lets any cur at or behind head pass, even one beyond the ring.
            legal = !(below(rTail, cur) && below(cur, head));
        }
        if (!legal) {
            return false;
        }
        accept(k, head, cur);
        return !isOutside(k, head);
    }

    /** The same for RX, which takes cur and head over before it looks at them. */
    static boolean rxFaithful(final KernelRing k) {
        final int cur = k.ring.cur();
        final int head = k.ring.head();
        k.rCur = cur;
        k.rHead = head;
        final int hwCur = k.hwCur;
        final int hwTail = k.hwTail;
        final boolean legal;
        if (hwTail >= hwCur) {
            legal = !below(head, hwCur) && !below(hwTail, head) && !below(cur, head) && !below(hwTail, cur);
        } else if (below(head, hwCur) && below(hwTail, head)) {
            legal = false;
        } else if (!below(hwTail, head)) {
            legal = !below(cur, head) && !below(hwTail, cur);
        } else {
            legal = !(below(cur, head) && below(hwTail, cur));
        }
        if (!legal) {
            return false;
        }
        k.ring.tail(k.rTail);
        return !isOutside(k, head);
    }

    /**
     * {@code netmap_ring_reinit}: takes whatever user space wrote over, disarms bad slots, and repairs the pointers only
     * if one of them is outside the ring.
     */
    static void reinit(final KernelRing k, final BufferPool pool, final int bufSize) {
        final NetmapRing ring = k.ring;
        if (k.complaints < MAX_COMPLAINTS) {
            k.complaints++;
            LOG.warn("reinitialised: {}", k);
        }
        final int head = ring.head();
        final int cur = ring.cur();
        final int tail = ring.tail();
        for (int i = 0; i < k.numSlots; i++) {
            disarm(ring, i, pool, bufSize);
        }
        if (isOutside(k, head) || isOutside(k, cur) || isOutside(k, tail)) {
            k.rHead = k.hwCur;
            k.rCur = k.hwCur;
            k.rTail = k.hwTail;
            ring.head(k.hwCur);
            ring.cur(k.hwCur);
            ring.tail(k.hwTail);
        } else {
            k.rHead = head;
            k.rCur = cur;
            k.rTail = tail;
        }
    }

    private static void disarm(final NetmapRing ring, final int slot, final BufferPool pool, final int bufSize) {
        final long word = ring.slotWord(slot);
        final int flags = NetmapSlotDescriptor.flags(word);
        if (!pool.isValid(NetmapSlotDescriptor.bufIdx(word))) {
            ring.slotWord(slot, NetmapSlotDescriptor.word(0, 0, flags));
        } else if (NetmapSlotDescriptor.len(word) > bufSize) {
            ring.slotWord(slot, NetmapSlotDescriptor.word(NetmapSlotDescriptor.bufIdx(word), 0, flags));
        }
    }

    private static boolean isOutside(final KernelRing k, final int index) {
        return compareUnsigned(index, k.numSlots) >= 0;
    }

    /** {@code a < b} as the kernel's u_int. */
    private static boolean below(final int a, final int b) {
        return compareUnsigned(a, b) < 0;
    }
}
