package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;

/**
 * What one TX ring of a switched port needs to forward its packets: in batches, it finds each packet's destination, then
 * hands each destination its packets at once. One thread at a time; nothing is allocated after the first packet.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_vale.c#L484">nm_vale_preflush,
 *     nm_vale_flush</a>
 */
final class Forwarder {
    /** {@code NM_BDG_BATCH}: slots after which a batch ends with the packet. */
    static final int BATCH = 1_024;

    /** An Ethernet header. */
    private static final int MIN_FRAME = 14;

    /** What is read of a frame to forward it: both addresses. */
    private static final int ADDRESSES = 12;

    private static final int DROP = -2;
    private static final long BUF_CHANGED = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_BUF_CHANGED);
    private static final int FLOOD = SwitchLists.FLOOD;

    private final SwitchSeat seat;
    private final KernelRing ring;
    private final ByteBuffer slots;
    private final Buffers buffers;
    private final int numSlots;
    private final int ringId;
    private final UserMemory userMemory;
    private final boolean faithful;
    private @Nullable Scratch scratch;

    /**
     * Makes the forwarder of one ring.
     *
     * @param seat of the port whose ring it is
     * @param ring the ring that the packets are in
     * @param switches whether to flood as the kernel does, into ring 0 of each port and once more into every other ring
     *     that gets packets in the same batch
     */
    Forwarder(final SwitchSeat seat, final KernelRing ring, final ValeSwitches switches) {
        this.seat = seat;
        this.ring = ring;
        this.slots = ring.memory;
        this.buffers = ring.ring.buffers();
        this.numSlots = ring.numSlots;
        this.ringId = ring.ring.ringId() % ValeSwitch.MAX_RINGS;
        this.userMemory = switches.userMemory();
        this.faithful = switches.isFaithful();
    }

    /**
     * Forwards the slots from {@code from} (included) to {@code to} (excluded), or drops them. Never blocks for a
     * receiver.
     */
    void forward(final int from, final int to) {
        if (from == to) {
            return;
        }
        final ValeSwitch vale = seat.valeSwitch();
        if (vale == null) {
            swallow(from, to);
            return;
        }
        final long stamp = vale.lock.lockRead();
        try {
            if (seat.valeSwitch() == vale) {
                forward(vale, from, to);
            } else {
                swallow(from, to);
            }
        } finally {
            vale.lock.unlockRead(stamp);
        }
    }

    /** Counts what a port in no switch sends. */
    private void swallow(final int from, final int to) {
        int packets = 0;
        boolean open = false;
        for (int slot = from; slot != to; slot = RingMath.next(slot, numSlots)) {
            final int flags = NetmapSlotDescriptor.flags(slots.getLong(NetmapRingDescriptor.slotOffset(slot)));
            open = (flags & NetmapSlotDescriptor.NS_MOREFRAG) != 0;
            packets += open ? 0 : 1;
        }
        packets += open ? 1 : 0;
        seat.counters().received.add(packets);
        seat.counters().noDestination.add(packets);
    }

    private void forward(final ValeSwitch vale, final int from, final int to) {
        final Scratch work = scratch();
        final SwitchBatch batch = work.batch;
        final SlotOffsets offsets = ring.offsets();
        int count = 0;
        int frags = 0;
        for (int slot = from; slot != to; slot = RingMath.next(slot, numSlots)) {
            final int flags = load(batch, count++, slot, offsets);
            frags++;
            if ((flags & NetmapSlotDescriptor.NS_MOREFRAG) == 0) {
                batch.frags[count - frags] = frags;
                frags = 0;
                if (count >= BATCH) {
                    flush(vale, work, count);
                    count = 0;
                }
            }
        }
        if (frags > 0) {
            // The packet's end is missing: what is there is sent.
            batch.frags[count - frags] = frags;
        }
        if (count > 0) {
            flush(vale, work, count);
        }
    }

    private Scratch scratch() {
        Scratch work = scratch;
        if (work == null) {
            // A sync never has more than all slots but one.
            work = new Scratch(new SwitchBatch(numSlots), new SwitchLists(numSlots));
            scratch = work;
        }
        return work;
    }

    /** Takes a slot over into the batch; its flags. */
    private int load(final SwitchBatch batch, final int to, final int slot, final SlotOffsets offsets) {
        final int at = NetmapRingDescriptor.slotOffset(slot);
        final long word = slots.getLong(at);
        if ((word & BUF_CHANGED) != 0) {
            slots.putLong(at, word & ~BUF_CHANGED);
        }
        final int flags = NetmapSlotDescriptor.flags(word);
        final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
        final int len = NetmapSlotDescriptor.len(word);
        final int begin = offsets.areUsed() ? offsets.of(slots.getLong(at + NetmapSlotDescriptor.PTR_OFFSET)) : 0;
        batch.next[to] = SwitchBatch.END;
        batch.len[to] = len;
        if (len > buffers.bufSize() - begin) {
            batch.data[to] = null;
            batch.len[to] = 0;
        } else if ((flags & NetmapSlotDescriptor.NS_INDIRECT) != 0) {
            loadIndirect(batch, to, slots.getLong(at + NetmapSlotDescriptor.PTR_OFFSET));
        } else if (buffers.isValid(bufIdx)) {
            batch.data[to] = buffers.block(bufIdx);
            batch.offset[to] = buffers.offset(bufIdx) + begin;
        } else {
            batch.data[to] = null;
            batch.len[to] = 0;
        }
        return flags;
    }

    private void loadIndirect(final SwitchBatch batch, final int to, final long pointer) {
        final UserMemory.Mapping mapping = userMemory.find(pointer);
        if (mapping == null) {
            batch.data[to] = null;
        } else {
            batch.data[to] = mapping.bytes;
            batch.offset[to] = mapping.offsetOf(pointer);
        }
    }

    private void flush(final ValeSwitch vale, final Scratch work, final int count) {
        findDestinations(vale, work, count);
        addFloodDestinations(vale, work.lists);
        int copies = 0;
        for (int i = 0; i < work.lists.destinations(); i++) {
            copies += deliver(vale, work, work.lists.destination(i));
        }
        work.lists.clear(FLOOD);
        work.lists.clearDestinations();
        if (copies > 0) {
            seat.counters().copies.add(copies);
        }
    }

    /** First pass: puts each packet into the list of its destination. */
    private void findDestinations(final ValeSwitch vale, final Scratch work, final int count) {
        final SwitchBatch batch = work.batch;
        final int me = seat.port();
        int packets = 0;
        int malformed = 0;
        int noDestination = 0;
        for (int i = 0; i < count; i += batch.frags[i]) {
            packets++;
            final int port = lookup(vale, batch, i);
            if (port == DROP) {
                malformed++;
            } else if (port == MacTable.UNKNOWN) {
                work.lists.append(FLOOD, batch, i);
            } else if (port == me || vale.port(port) == null) {
                noDestination++;
            } else {
                final int list = SwitchLists.list(port, ringId);
                if (work.lists.append(list, batch, i)) {
                    work.lists.addDestination(list);
                }
            }
        }
        final SwitchCounters counters = seat.counters();
        counters.received.add(packets);
        if (malformed > 0) {
            counters.malformed.add(malformed);
        }
        if (noDestination > 0) {
            counters.noDestination.add(noDestination);
        }
    }

    /** The port that a packet is for, {@link MacTable#UNKNOWN} for all, or {@link #DROP}; learns where it comes from. */
    private int lookup(final ValeSwitch vale, final SwitchBatch batch, final int packet) {
        // A first slot that is empty, as one for a header of its own, is skipped.
        final int i =
                batch.len[packet] == 0 && batch.data[packet] != null && batch.frags[packet] > 1 ? packet + 1 : packet;
        final ByteBuffer data = batch.data[i];
        final int at = batch.offset[i];
        if (batch.len[i] < MIN_FRAME || data == null || data.capacity() - at < ADDRESSES) {
            return DROP;
        }
        final long to = data.getLong(at) & MacTable.MAC_MASK;
        final long from = data.getLong(at + 4) >>> 16;
        if ((from & 1) == 0 && seat.lastSource != from) {
            vale.table.learn(from, seat.port());
            seat.lastSource = from;
        }
        return (to & 1) != 0 ? MacTable.UNKNOWN : vale.table.port(to);
    }

    /** Ring 0 of every other port, if there is something to flood. */
    private void addFloodDestinations(final ValeSwitch vale, final SwitchLists lists) {
        final int flooded = lists.packets(FLOOD);
        if (flooded == 0) {
            return;
        }
        if (vale.activePorts() < 2) {
            seat.counters().noDestination.add(flooded);
            return;
        }
        for (int j = 0; j < vale.activePorts(); j++) {
            final int port = vale.activePort(j);
            final int list = SwitchLists.list(port, 0);
            if (port != seat.port() && lists.head(list) == SwitchBatch.END) {
                lists.addDestination(list);
            }
        }
    }

    /** Second pass, for one destination. The copies it was to get. */
    private int deliver(final ValeSwitch vale, final Scratch work, final int list) {
        final SwitchBatch batch = work.batch;
        final SwitchLists lists = work.lists;
        final int ringThere = SwitchLists.ring(list);
        batch.unicast = lists.head(list);
        batch.needed = lists.slots(list);
        int packets = lists.packets(list);
        lists.clear(list);
        if (ringThere == 0 || faithful) {
            batch.broadcast = lists.head(FLOOD);
            batch.needed += lists.slots(FLOOD);
            packets += lists.packets(FLOOD);
        } else {
            batch.broadcast = SwitchBatch.END;
        }
        final SwitchedPort port = vale.port(SwitchLists.port(list));
        if (port == null) {
            return 0;
        }
        final SwitchCounters counters = port.seat().counters();
        final SwitchQueue queue = port.queue(ringThere % port.queueCount());
        if (queue == null || queue.isStopped()) {
            counters.closed.add(packets);
            return packets;
        }
        queue.deliver(batch, counters);
        final int left = left(batch);
        if (left > 0) {
            counters.ringFull.add(left);
        }
        return packets;
    }

    /** Packets that a delivery left. */
    private static int left(final SwitchBatch batch) {
        int left = 0;
        for (; !batch.isEmpty(); batch.advance()) {
            left++;
        }
        return left;
    }

    @Override
    public String toString() {
        return "forwarder of " + seat.name() + " TX" + ringId;
    }

    /** The tables, made for the first packet: {@code nkr_ft}. */
    private record Scratch(SwitchBatch batch, SwitchLists lists) {}
}
