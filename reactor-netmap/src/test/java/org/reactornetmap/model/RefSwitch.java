package org.reactornetmap.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The model of a VALE switch: who is at which place and which place each source address was last learned at. The hosts
 * that {@link Frame} knows have no two addresses with one hash, so nothing is forgotten by a collision.
 */
final class RefSwitch {
    final TreeMap<Integer, RefValePort> ports = new TreeMap<>();

    private final Deque<Integer> freePlaces = new ArrayDeque<>();
    private final Map<Integer, Integer> learned = new HashMap<>();

    RefSwitch() {
        for (int place = 0; place < 254; place++) {
            freePlaces.add(place);
        }
    }

    void connect(final RefValePort port, final RefCounters counters) {
        port.counters = counters;
        port.place = freePlaces.remove();
        port.vale = this;
        ports.put(port.place, port);
    }

    /** The place is the next to be given; what was learned stays. */
    void disconnect(final RefValePort port) {
        ports.remove(port.place);
        freePlaces.push(port.place);
        port.vale = null;
    }

    /** Forwards what one sync of one TX ring took. */
    void forward(final RefValePort from, final int ringId, final List<List<RefSlot>> packets) {
        final List<Integer> destinations = new ArrayList<>();
        final Map<Integer, List<Integer>> unicast = new HashMap<>();
        final List<Integer> flooded = new ArrayList<>();
        for (int i = 0; i < packets.size(); i++) {
            from.counters.received++;
            final RefSlot header = header(from.memory(), packets.get(i));
            if (header == null) {
                from.counters.malformed++;
                continue;
            }
            final int frame = from.memory().frame(header.buffer);
            learn(from, Frame.source(frame));
            final Integer place =
                    Frame.isGroup(Frame.destination(frame)) ? null : learned.get(Frame.destination(frame));
            if (place == null) {
                flooded.add(i);
            } else if (place == from.place || !ports.containsKey(place)) {
                from.counters.noDestination++;
            } else {
                if (!unicast.containsKey(place)) {
                    destinations.add(place);
                }
                unicast.computeIfAbsent(place, p -> new ArrayList<>()).add(i);
            }
        }
        if (!flooded.isEmpty() && ports.size() < 2) {
            from.counters.noDestination += flooded.size();
            flooded.clear();
        }
        for (final int place : destinations) {
            final List<Integer> both = new ArrayList<>(unicast.get(place));
            if (ringId == 0 || from.faithful) {
                both.addAll(flooded);
                both.sort(null);
            }
            deliver(from, ports.get(place), ringId, both, packets);
        }
        for (final RefValePort port : ports.values()) {
            final boolean served = ringId == 0 && unicast.containsKey(port.place);
            if (port != from && !served && !flooded.isEmpty()) {
                deliver(from, port, 0, flooded, packets);
            }
        }
    }

    /** The slot that addresses are read from; null if the packet is malformed. */
    private static @Nullable RefSlot header(final RefMemory memory, final List<RefSlot> packet) {
        final RefSlot first = packet.get(0);
        final boolean skip = first.length == 0 && packet.size() > 1;
        final RefSlot header = skip ? packet.get(1) : first;
        return header.length < Frame.HEADER || header.length > memory.bufSize ? null : header;
    }

    /** A port remembers the last address that was learned from it, and does not learn it again. */
    private void learn(final RefValePort from, final int source) {
        if (!Frame.isGroup(source) && from.lastSource != source) {
            from.lastSource = source;
            learned.put(source, from.place);
        }
    }

    private static void deliver(
            final RefValePort from,
            final RefValePort to,
            final int ringId,
            final List<Integer> which,
            final List<List<RefSlot>> packets) {
        from.counters.copies += which.size();
        final RefValeQueue queue = to.queue(ringId);
        if (queue == null) {
            to.counters.closed += which.size();
            return;
        }
        final int before = queue.space();
        boolean full = false;
        for (final int i : which) {
            full |= packets.get(i).size() > queue.space();
            if (full) {
                to.counters.ringFull++;
            } else {
                to.counters.delivered++;
                to.counters.emptied += queue.put(from.memory(), packets.get(i));
            }
        }
        if (queue.space() != before) {
            queue.notifyArrival();
        }
    }
}
