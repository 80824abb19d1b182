package org.reactornetmap.flow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketReleasedException;

/**
 * The part of a send that belongs to one loop: what does not fit into the TX rings waits here, in order. The queue takes
 * all that was requested, so it is never full. Loop thread only, but for {@link #accept(Packet)}.
 */
final class TxLane {
    private final SendSubscriber sender;
    private final RingGroup group;
    private final NetmapLoop loop;
    private final RingTransmitter[] rings;
    private final @Nullable RingTransmitter onlyRing;
    private final TxOptions options;
    private final SpscVarHandleArrayQueue<Packet> queue;
    private final int batch;
    private final long lingerNs;
    private final int window;
    private final int refill;
    private final long drainNs;

    // What was taken from the queue and could not stay there; before it in order. Used only when some port closes.
    private final ArrayDeque<Packet> carried = new ArrayDeque<>(0);

    private volatile boolean stopped;

    // Packets put into the queue: of the source's thread, or its successor's, which comes after it.
    private long queued;

    // Packets that left queue and carried; of the loop.
    private long unqueued;

    private int consumed;
    private int passed; // what went past the queue since the last drain
    private boolean local; // the source has emitted on this loop
    private boolean blocked;
    private boolean draining;
    private boolean closing;
    private long deadline = Long.MAX_VALUE;
    private boolean finished;

    private long bytes;
    private long swapped;
    private long copied;
    private long rejected;
    private long dropped;

    TxLane(
            final SendSubscriber sender,
            final RingGroup group,
            final RingTransmitter[] rings,
            final TxOptions options,
            final int window,
            final int lanes) {
        this.sender = sender;
        this.group = group;
        this.loop = group.loop();
        this.rings = rings;
        this.onlyRing = rings.length == 1 ? rings[0] : null;
        this.options = options;
        this.queue = new SpscVarHandleArrayQueue<>(Math.max(2, window));
        this.window = window;
        // Lanes refill for themselves; together they must never sit on more than a quarter of the window.
        this.refill = Math.max(1, window / (4 * lanes));
        this.batch = options.batch();
        this.lingerNs = options.linger().toNanos();
        final Duration drain = options.drain();
        this.drainNs = drain != null ? drain.toNanos() : group.isPipe() ? 0 : 1_000_000_000L;
    }

    RingGroup group() {
        return group;
    }

    /** The source's thread, one at a time: takes the packet over. */
    void accept(final Packet packet) {
        if (stopped) {
            packet.release();
            return;
        }
        final boolean onLoop = loop.inLoop();
        if (onLoop) {
            local = true;
        }
        if (onLoop && queued == unqueued) { // nothing waits that came before it
            boolean ours = true;
            try {
                if (send(packet)) {
                    ours = false;
                    group.flushFull(batch);
                    if (++passed < window) { // else drain() asks, once the loop has looked at everything else
                        requestMore();
                    }
                    return;
                }
            } catch (RuntimeException e) {
                if (ours) {
                    dropped++;
                    packet.release();
                }
                group.fail(e);
                return;
            }
        }
        if (!queue.offer(packet)) {
            packet.release();
            sender.fail(new IllegalStateException("the source emitted more packets than were requested"));
            return;
        }
        queued++;
        if (!onLoop) {
            loop.signal();
        }
        if (stopped) { // while we offered: nobody may look into the queue again
            loop.post((Runnable) this::discard);
        }
    }

    /** Whether the packet was taken; false if there is no room. If it throws, the packet was not taken. */
    private boolean send(final Packet packet) {
        final RingTransmitter only = onlyRing;
        try {
            final RingTransmitter ring = only != null ? only : rings[sender.ringFor(packet, rings.length)];
            final long before = ring.counters().bytes; // a packet's length can't be read: its port may close meanwhile
            final RingTransmitter.Outcome outcome = put(ring, packet);
            if (outcome == RingTransmitter.Outcome.SWAPPED) {
                swapped++;
                sent(ring.counters().bytes - before);
            } else if (outcome == RingTransmitter.Outcome.COPIED) {
                copied++;
                sent(ring.counters().bytes - before);
            } else if (outcome == RingTransmitter.Outcome.FULL) {
                blocked = true;
                return false;
            } else {
                refuse(packet, ring, outcome);
            }
        } catch (PacketReleasedException e) { // its source's mistake: the port and its other sends are well
            packet.release();
            sender.fail(e);
        }
        consumed++;
        return true;
    }

    private void requestMore() {
        if (consumed >= refill) {
            final int credits = consumed;
            consumed = 0;
            sender.requestMore(credits);
        }
    }

    private RingTransmitter.Outcome put(final RingTransmitter ring, final Packet packet) {
        final RingTransmitter.Outcome outcome = ring.put(packet);
        if (outcome != RingTransmitter.Outcome.FULL) {
            return outcome;
        }
        group.flush();
        return ring.put(packet);
    }

    private void sent(final long length) {
        bytes += length;
        group.filled(lingerNs);
    }

    private void refuse(final Packet packet, final RingTransmitter ring, final RingTransmitter.Outcome outcome) {
        final int length = outcome == RingTransmitter.Outcome.REJECTED ? packet.length() : 0;
        packet.release();
        if (outcome == RingTransmitter.Outcome.DROPPED) {
            dropped++;
            ring.counters().dropped++;
            return;
        }
        rejected++;
        ring.counters().rejected++;
        if (options.oversize() == TxOptions.Oversize.FAIL) {
            sender.fail(
                    new FrameRejectedException("frame of " + length + " bytes: expected 1.." + ring.maxFrameBytes()));
        }
    }

    /**
     * Sends what waits, as far as there is room. A source on this loop is asked for more only at the end: if nothing waits
     * any more, what it emits at once goes past the queue. Another thread's is asked as soon as there is room in the queue.
     * A window at most of each: where there is always room, a source that always has more would keep the loop for itself.
     */
    int drain() {
        int count = 0;
        passed = 0;
        Packet packet;
        while (!stopped && count < window && (packet = next()) != null) {
            if (!send(packet)) {
                requestMore();
                return count + passed;
            }
            if (carried.poll() == null) {
                queue.poll();
            }
            unqueued++;
            count++;
            group.flushFull(batch);
            if (!local) {
                requestMore();
            }
        }
        blocked = false;
        requestMore();
        return count + passed;
    }

    /** Whether {@link #drain()} would go on at once. */
    boolean hasMore() {
        return !blocked && (consumed >= refill || next() != null);
    }

    private @Nullable Packet next() {
        final Packet first = carried.peek();
        return first != null ? first : queue.peek();
    }

    /** Whether a sync could help. */
    boolean isBlocked() {
        return blocked || draining;
    }

    boolean waitsForRoom() {
        return blocked || draining;
    }

    /** When the lane must be looked at again. */
    long deadline() {
        return deadline;
    }

    /** Moves the end of the send on, once its source is done. */
    int progress() {
        if (finished || !sender.isDone()) { // done is read before the queue: what came before it is seen there
            return 0;
        }
        if (next() != null) {
            if (!closing || loop.nanoTime() - deadline < 0) {
                return 0;
            }
            final long late = discard();
            dropped += late;
            group.countDropped(late);
        }
        group.flush();
        if (!draining && drainNs > 0 && pending() > 0) {
            draining = true;
            if (!closing) {
                deadline = loop.nanoTime() + drainNs;
            }
        }
        if (draining && pending() > 0 && loop.nanoTime() - deadline < 0) {
            return 0;
        }
        finish();
        return 1;
    }

    private long pending() {
        long pending = 0;
        for (final RingTransmitter ring : rings) {
            pending += ring.pending();
        }
        return Math.min(pending, swapped + copied);
    }

    private void finish() {
        if (!finished) {
            finished = true;
            // Volatile, before the queue is read once more: a source that emits while it is cancelled sees it and has
            // its packet discarded, or we see the packet.
            stopped = true;
            final long late = discard();
            dropped += late;
            if (closing) {
                group.countDropped(late);
            }
            draining = false;
            blocked = false;
            deadline = Long.MAX_VALUE;
            group.remove(this);
            sender.finished(new TxReport(swapped + copied, bytes, swapped, copied, rejected, dropped, pending()));
        }
    }

    /** The send is over, by cancel or an error elsewhere: what is in slots is synced, the rest released. */
    void stop() {
        if (!finished) {
            stopped = true;
            dropped += discard();
            try {
                group.flush();
            } catch (RuntimeException e) {
                sender.failed(e);
            }
            finish();
        }
    }

    /** The group is unusable. */
    void fail(final Throwable error) {
        if (!finished) {
            sender.failed(error);
            stopped = true;
            dropped += discard();
            finish();
        }
    }

    /** The port closes: sends what it can until the drain timeout, then ends with an error. */
    void close() {
        if (!finished && !closing) {
            closing = true;
            deadline = loop.nanoTime() + drainNs;
            sender.closing(new PortClosedException(group.port().name()));
        }
    }

    void dropPacketsOf(final List<RingGroup> closingGroups) {
        for (Packet packet = queue.poll(); packet != null; packet = queue.poll()) {
            carried.add(packet);
        }
        final int before = carried.size();
        carried.removeIf(packet -> {
            if (packet instanceof RingPacket received
                    && closingGroups.contains(received.receiver().group())) {
                received.receiver().group().countDroppedElsewhere();
                packet.release();
                return true;
            }
            return false;
        });
        final int gone = before - carried.size();
        unqueued += gone;
        dropped += gone;
        if (gone > 0) {
            rings[0].counters().dropped += gone;
            if (!sender.isDone()) {
                sender.requestMore(gone);
            }
        }
    }

    private long discard() {
        long count = 0;
        for (Packet packet = carried.poll(); packet != null; packet = carried.poll()) {
            packet.release();
            count++;
        }
        for (Packet packet = queue.poll(); packet != null; packet = queue.poll()) {
            packet.release();
            count++;
        }
        unqueued += count;
        return count;
    }
}
