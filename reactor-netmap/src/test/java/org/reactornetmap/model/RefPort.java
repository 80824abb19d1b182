package org.reactornetmap.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapIf;

/** The model of an open descriptor, beside the real one. */
final class RefPort {
    final Candidate candidate;
    final DriverPort real;
    final RefAdapter adapter;
    final RefMemory memory;
    final List<RefRing> txRings = new ArrayList<>();
    final List<RefRing> rxRings = new ArrayList<>();

    private final List<RefRing> all = new ArrayList<>();

    private final Deque<Integer> extras = new ArrayDeque<>();

    RefPort(final Candidate candidate, final DriverPort real, final RefAdapter adapter) {
        this.candidate = candidate;
        this.real = real;
        this.adapter = adapter;
        this.memory = adapter.memory();
    }

    List<RefRing> rings(final boolean rx) {
        return rx ? rxRings : txRings;
    }

    List<RefRing> rings() {
        if (all.isEmpty()) {
            all.addAll(txRings);
            all.addAll(rxRings);
        }
        return all;
    }

    int extraCount() {
        return extras.size();
    }

    /** Takes over the list of extra buffers that an open granted. */
    void adoptExtras(final Buffers buffers, final int expected) {
        int buffer = real.netmapIf().bufsHead();
        while (buffer != 0 && extras.size() <= expected) {
            memory.move(buffer, RefMemory.Place.FREE, RefMemory.Place.EXTRA);
            extras.add(buffer);
            memory.wrote(buffer, 0, 0);
            buffer = buffers.listNext(buffer);
        }
        if (extras.size() != expected || real.extraBuffers() != expected) {
            throw new AssertionError("expected " + expected + " extra buffers, the port says " + real.extraBuffers()
                    + " and its list has " + extras);
        }
    }

    /** Unlinks the first extra buffer. */
    int popExtra(final Buffers buffers, final RefMemory.Place to) {
        final NetmapIf netmapIf = real.netmapIf();
        final int buffer = extras.remove();
        final int next = extras.isEmpty() ? 0 : extras.peek();
        if (netmapIf.bufsHead() != buffer || buffers.listNext(buffer) != next) {
            throw new AssertionError("the list of extra buffers begins with " + netmapIf.bufsHead() + ", "
                    + buffers.listNext(buffer) + "; expected " + buffer + ", " + next);
        }
        netmapIf.bufsHead(next);
        memory.move(buffer, RefMemory.Place.EXTRA, to);
        return buffer;
    }

    void pushExtra(final Buffers buffers, final int buffer, final RefMemory.Place from) {
        buffers.listNext(buffer, real.netmapIf().bufsHead());
        real.netmapIf().bufsHead(buffer);
        memory.move(buffer, from, RefMemory.Place.EXTRA);
        memory.wrote(buffer, 0, 0);
        extras.push(buffer);
    }

    /** What the kernel frees at close. */
    void freeExtras() {
        extras.forEach(buffer -> memory.move(buffer, RefMemory.Place.EXTRA, RefMemory.Place.FREE));
        extras.clear();
    }

    @Override
    public String toString() {
        return "d" + candidate.number();
    }
}
