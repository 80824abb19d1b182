package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.OpenRequest;

/** The model of a pipe: its numbers are the creator's, its lanes come when an end first opens them. */
final class RefPipe {
    private final RefPipeEnd master;
    private final RefPipeEnd slave;

    /** By sender: 1 is the master. */
    private final int[] rings;

    private final int[] slots;
    private final List<TreeMap<Integer, RefLane>> lanes = List.of(new TreeMap<>(), new TreeMap<>());

    RefPipe(final String parent, final String id, final OpenRequest creator) {
        this.master = new RefPipeEnd(parent + "{" + id, this, true);
        this.slave = new RefPipeEnd(parent + "}" + id, this, false);
        this.rings = new int[] {creator.rxRings(), creator.txRings()};
        this.slots = new int[] {creator.rxSlots(), creator.txSlots()};
    }

    RefPipeEnd end(final boolean ofMaster) {
        return ofMaster ? master : slave;
    }

    private static int sender(final boolean ofMaster, final boolean rx) {
        return ofMaster != rx ? 1 : 0;
    }

    int ringCount(final boolean ofMaster, final boolean rx) {
        return rings[sender(ofMaster, rx)];
    }

    int slotCount(final boolean ofMaster, final boolean rx) {
        return slots[sender(ofMaster, rx)];
    }

    /** The lane that is an end's TX or RX ring, null if nobody needed it yet. */
    @Nullable
    RefLane lane(final boolean ofMaster, final boolean rx, final int ringId) {
        return lanes.get(sender(ofMaster, rx)).get(ringId);
    }

    RefLane newLane(final boolean ofMaster, final boolean rx, final int ringId, final RefMemory memory) {
        final int sender = sender(ofMaster, rx);
        final RefLane lane = new RefLane(end(sender == 1).name, end(sender == 0).name, ringId, memory, slots[sender]);
        lanes.get(sender).put(ringId, lane);
        return lane;
    }

    List<RefRing> rings() {
        final List<RefRing> all = new ArrayList<>();
        lanes.forEach(map -> map.values().forEach(lane -> {
            all.add(lane.tx);
            all.add(lane.rx);
        }));
        return all;
    }

    boolean isClosed() {
        return !master.isOpen() && !slave.isOpen();
    }

    /** What is in a pipe stays until both ends are closed. */
    void freeIfClosed() {
        if (isClosed()) {
            rings().forEach(RefAdapter::free);
            lanes.forEach(TreeMap::clear);
        }
    }
}
