package org.reactornetmap.model;

/** A null port's ring: a sync accepts what was filled and moves nothing, ever. */
final class RefNullRing extends RefRing {
    RefNullRing(final String name, final RefMemory memory, final int n, final boolean rx) {
        super(name, memory, n);
        limit = rx ? 0 : n - 1;
    }

    @Override
    void move() {
        accepted = done;
    }
}
