package org.reactornetmap.ring;

/**
 * Arithmetic of ring indexes. {@code num_slots} need not be a power of two, so indexes wrap by comparison, never by a
 * mask. Stateless.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap_user.h">netmap_user.h, nm_ring_next</a>
 */
public final class RingMath {
    private RingMath() {}

    /**
     * The index after {@code index}.
     *
     * @param index 0..numSlots-1
     * @param numSlots slots of the ring
     * @return 0..numSlots-1
     */
    public static int next(final int index, final int numSlots) {
        final int next = index + 1;
        return next == numSlots ? 0 : next;
    }

    /**
     * The index before {@code index}.
     *
     * @param index 0..numSlots-1
     * @param numSlots slots of the ring
     * @return 0..numSlots-1
     */
    public static int previous(final int index, final int numSlots) {
        return (index == 0 ? numSlots : index) - 1;
    }

    /**
     * The index {@code count} slots after {@code index}.
     *
     * @param index 0..numSlots-1
     * @param count 0..numSlots
     * @param numSlots slots of the ring
     * @return 0..numSlots-1
     */
    public static int plus(final int index, final int count, final int numSlots) {
        final int sum = index + count;
        return sum >= numSlots ? sum - numSlots : sum;
    }

    /**
     * Slots from {@code from} (included) to {@code to} (excluded).
     *
     * @param from 0..numSlots-1
     * @param to 0..numSlots-1
     * @param numSlots slots of the ring
     * @return 0..numSlots-1
     */
    public static int distance(final int from, final int to, final int numSlots) {
        final int distance = to - from;
        return distance < 0 ? distance + numSlots : distance;
    }

    /**
     * Whether {@code index} lies in the range that begins at {@code from} and ends at {@code to}, both included.
     *
     * @param index any int
     * @param from 0..numSlots-1
     * @param to 0..numSlots-1
     * @param numSlots slots of the ring
     * @return false too if {@code index} is not 0..numSlots-1
     */
    public static boolean isBetween(final int index, final int from, final int to, final int numSlots) {
        return index >= 0 && index < numSlots && distance(from, index, numSlots) <= distance(from, to, numSlots);
    }
}
