package org.reactornetmap.driver.embedded;

import java.util.List;

/**
 * Where every buffer of an embedded netmap is. Exact only while no sync and no open or close is under way.
 *
 * @param total buffers of the region, the two reserved ones included
 * @param free in the allocator
 * @param inRings in slots of rings, each counted at the end of its pipe that owns it
 * @param extra in the lists that {@code ni_bufs_head} of the open ports heads
 * @param lost in none of these: what user space took out of a list or a slot and holds. In ascending order
 * @param duplicated found in two of these, or twice in one. In ascending order
 * @param reclaimed buffers that were lost when the last port closed and were then taken back, since the start
 */
public record BufferAudit(
        int total, int free, int inRings, int extra, List<Integer> lost, List<Integer> duplicated, long reclaimed) {
    /**
     * Copies the lists.
     *
     * @param total buffers of the region
     * @param free in the allocator
     * @param inRings in slots of rings
     * @param extra in lists of extra buffers
     * @param lost in none of these
     * @param duplicated in more than one place
     * @param reclaimed taken back when the last port closed
     */
    public BufferAudit {
        lost = List.copyOf(lost);
        duplicated = List.copyOf(duplicated);
    }

    /**
     * Whether every buffer is in exactly one place and always was when the last port closed.
     *
     * @return false if a buffer is lost, duplicated, or had to be reclaimed
     */
    public boolean isBalanced() {
        return lost.isEmpty() && duplicated.isEmpty() && reclaimed == 0;
    }
}
