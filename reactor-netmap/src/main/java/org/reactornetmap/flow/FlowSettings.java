package org.reactornetmap.flow;

import org.reactornetmap.packet.LeakLevel;

/**
 * What a port's rings are set to.
 *
 * @param leakLevel how much is recorded about packets
 * @param freshViews hand out a new view for each packet, so that every stale use is caught; for tests
 * @param poison fill released buffers with 0xDD; for tests
 * @param forward pass released packets on between NIC and host
 */
public record FlowSettings(LeakLevel leakLevel, boolean freshViews, boolean poison, boolean forward) {
    /**
     * What production uses.
     *
     * @return settings with the leak level the JVM was started with
     */
    public static FlowSettings defaults() {
        return new FlowSettings(LeakLevel.configured(), false, false, false);
    }

    /**
     * What tests use: every misuse through a packet is caught.
     *
     * @return settings with fresh views, poisoned buffers and at least the simple leak level
     */
    public static FlowSettings forTests() {
        final LeakLevel level = LeakLevel.configured();
        return new FlowSettings(level == LeakLevel.DISABLED ? LeakLevel.SIMPLE : level, true, true, false);
    }

    /**
     * The same for a port that passes packets on, or one that does not.
     *
     * @param forwards whether released packets go on between NIC and host
     * @return a copy
     */
    public FlowSettings withForward(final boolean forwards) {
        return new FlowSettings(leakLevel, freshViews, poison, forwards);
    }
}
