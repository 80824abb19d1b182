package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rings of a port that shares them with no other: they go when nobody uses them. */
final class RefOwnRings {
    private final Map<Integer, RefRing> tx = new TreeMap<>();
    private final Map<Integer, RefRing> rx = new TreeMap<>();

    private Map<Integer, RefRing> rings(final boolean ofRx) {
        return ofRx ? rx : tx;
    }

    @Nullable
    RefRing get(final boolean ofRx, final int ringId) {
        return rings(ofRx).get(ringId);
    }

    void put(final boolean ofRx, final int ringId, final RefRing ring) {
        rings(ofRx).put(ringId, ring);
    }

    List<RefRing> all() {
        final List<RefRing> all = new ArrayList<>(tx.values());
        all.addAll(rx.values());
        return all;
    }

    void freeIdle() {
        for (final boolean ofRx : new boolean[] {false, true}) {
            rings(ofRx).values().removeIf(ring -> {
                if (ring.users == 0) {
                    RefAdapter.free(ring);
                }
                return ring.users == 0;
            });
        }
    }
}
