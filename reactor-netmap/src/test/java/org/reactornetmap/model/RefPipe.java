package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.reactornetmap.driver.OpenRequest;

/** The model of a pipe: its numbers are the creator's, its lanes come when an end first opens them. */
final class RefPipe {
    final int[] openEnds = new int[2];

    final String parent;
    private final String id;

    /** By sender: 1 is the master. */
    private final int[] rings;

    private final int[] slots;
    private final List<TreeMap<Integer, RefLane>> lanes = List.of(new TreeMap<>(), new TreeMap<>());

    RefPipe(final String parent, final String id, final OpenRequest creator) {
        this.parent = parent;
        this.id = id;
        this.rings = new int[] {creator.rxRings(), creator.txRings()};
        this.slots = new int[] {creator.rxSlots(), creator.txSlots()};
    }

    private static int sender(final boolean master, final boolean rx) {
        return master != rx ? 1 : 0;
    }

    int ringCount(final boolean master, final boolean rx) {
        return rings[sender(master, rx)];
    }

    int slotCount(final boolean master, final boolean rx) {
        return slots[sender(master, rx)];
    }

    /** The lane that is an end's TX or RX ring, null if nobody needed it yet. */
    RefLane lane(final boolean master, final boolean rx, final int ringId) {
        return lanes.get(sender(master, rx)).get(ringId);
    }

    RefLane newLane(final boolean master, final boolean rx, final int ringId, final RefMemory memory) {
        final int sender = sender(master, rx);
        final RefLane lane = new RefLane(end(sender == 1), end(sender == 0), ringId, memory, slots[sender]);
        lanes.get(sender).put(ringId, lane);
        return lane;
    }

    private String end(final boolean master) {
        return parent + (master ? '{' : '}') + id;
    }

    List<RefRing> rings() {
        final List<RefRing> all = new ArrayList<>();
        lanes.forEach(map -> map.values().forEach(lane -> {
            all.add(lane.tx);
            all.add(lane.rx);
        }));
        return all;
    }
}
