package org.reactornetmap.operators.filter.language;

import org.reactornetmap.operators.filter.bpf.BpfCode;

/** Gives out the machine's memory cells, in libpcap's order. */
final class Registers {
    private final boolean[] used = new boolean[BpfCode.MEMWORDS];
    private int current;

    /**
     * Takes a free one.
     *
     * @throws Rejection if none is
     */
    int take() {
        for (int i = 0; i < used.length; i++) {
            if (!used[current]) {
                used[current] = true;
                return current;
            }
            current = (current + 1) % used.length;
        }
        throw new Rejection("the expression is too complex: it needs more than the " + used.length
                + " memory cells that the machine has");
    }

    void release(final int register) {
        used[register] = false;
    }
}
