package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.List;

/**
 * Where every buffer of an embedded netmap is, all memories taken together. Exact only while no sync and no open or close is under way.
 *
 * @param total buffers of the memories, the two reserved ones included
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
     * @param total buffers of the memories
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

    /** Sums up audits of several memories, and what memories that are gone had to reclaim. */
    static BufferAudit sum(final List<BufferAudit> audits, final long reclaimedBefore) {
        int total = 0;
        int free = 0;
        int inRings = 0;
        int extra = 0;
        long reclaimed = reclaimedBefore;
        final List<Integer> lost = new ArrayList<>();
        final List<Integer> duplicated = new ArrayList<>();
        for (final BufferAudit audit : audits) {
            total += audit.total;
            free += audit.free;
            inRings += audit.inRings;
            extra += audit.extra;
            reclaimed += audit.reclaimed;
            lost.addAll(audit.lost);
            duplicated.addAll(audit.duplicated);
        }
        return new BufferAudit(total, free, inRings, extra, lost, duplicated, reclaimed);
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
