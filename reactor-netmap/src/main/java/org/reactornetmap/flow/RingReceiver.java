package org.reactornetmap.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.LeakLevel;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketTrace;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapRingDescriptor;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.ring.RingStateException;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The reactive side of one RX ring: emits packets by demand, knows who holds which slot, and moves head over what came
 * back. Loop thread only, but for the claim and the count of ignored releases.
 *
 * <pre>
 *      head            next                tail
 *  ……………|▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒|░░░░░░░░░░░░░░░░░░░|……………………
 *  kernel  emitted, held    waiting for demand   kernel
 *          or come back
 * </pre>
 */
final class RingReceiver {
    private static final Logger LOG = Loggers.getLogger(RingReceiver.class);
    private static final int TRACED_ONE_IN = 128;
    private static final long FORWARD = NetmapSlotDescriptor.word(0, 0, NetmapSlotDescriptor.NS_FORWARD);
    private static final long LOSS_WARNING_NS = 1_000_000_000;

    private final RingGroup group;
    private final NetmapLoop loop;
    private final NetmapRing ring;
    private final int numSlots;
    private final int bufSize;
    private final long offsetMask;
    private final LeakLevel leakLevel;
    private final boolean traces;
    private final boolean freshViews;
    private final boolean poison;
    private final boolean forward;
    private final boolean hosts;
    private final RxCounters counters;
    private final AtomicReference<@Nullable RxSubscription> claimed = new AtomicReference<>();
    private final AtomicLong foreignIgnored = new AtomicLong();

    private int head;
    private int syncedHead;
    private int returnedHead; // as of the last sync that is over
    private boolean heldBack; // slots that came back wait for room in the NIC's TX rings
    private int next;
    private int tail;
    private long timestampNanos;
    private int incompleteTail = -1; // tail at which the packet at next was not complete yet
    private boolean skipToEndOfPacket;
    private long[] gathered = new long[8];

    // View number + 1 of the packet that stands in a slot between head and next, 0 if the slot came back.
    private final int[] holder;

    // Views, by number. A view in the pool is held strongly, one that is out only by its PacketRef.
    private @Nullable RingPacket[] pooled;
    private @Nullable PacketRef[] refs;
    private int[] freeViews;
    private int freeCount;
    private int viewCount;
    private long emissions;
    private boolean releasedElsewhere;

    private boolean stalled;
    private long stalledSince;
    private boolean warned;
    private boolean warnedOfLongFrame;
    private long nextLossWarning;
    private int lostSinceWarning;

    RingReceiver(final RingGroup group, final NetmapRing ring, final FlowSettings settings) {
        this.group = group;
        this.loop = group.loop();
        this.ring = ring;
        this.numSlots = ring.numSlots();
        this.bufSize = ring.buffers().bufSize();
        this.offsetMask = ring.offsetMask();
        this.leakLevel = settings.leakLevel();
        this.traces = leakLevel.compareTo(LeakLevel.ADVANCED) >= 0;
        this.freshViews = settings.freshViews();
        this.forward = settings.forward();
        this.hosts = ring.ringId() >= group.port().portRxRings();
        this.poison = settings.poison() && !forward; // who gets a forwarded packet reads it after its release
        this.counters = new RxCounters(ring.ringId(), numSlots);
        this.holder = new int[numSlots];
        this.pooled = new RingPacket[numSlots];
        this.refs = new PacketRef[numSlots];
        this.freeViews = new int[numSlots];
        head = ring.head();
        if (head < 0 || head >= numSlots) {
            throw new RingStateException("head of " + ring + " is out of range");
        }
        syncedHead = head;
        next = head;
        tail = head;
        refreshTail();
    }

    RingGroup group() {
        return group;
    }

    NetmapLoop loop() {
        return loop;
    }

    Buffers buffers() {
        return ring.buffers();
    }

    int ringId() {
        return ring.ringId();
    }

    int numSlots() {
        return numSlots;
    }

    /** Whether the host sends what is in this ring. */
    boolean isHosts() {
        return hosts;
    }

    /** Any thread. */
    boolean isClaimed() {
        return claimed.get() != null;
    }

    /** Whether frames may begin inside their buffers. */
    boolean hasOffsets() {
        return offsetMask != 0;
    }

    LeakLevel leakLevel() {
        return leakLevel;
    }

    RxCounters counters() {
        return counters;
    }

    boolean claim(final RxSubscription subscription) {
        return claimed.compareAndSet(null, subscription);
    }

    void unclaim(final RxSubscription subscription) {
        claimed.compareAndSet(subscription, null);
    }

    // --- sync

    int available() {
        return RingMath.distance(next, tail, numSlots);
    }

    /** Whether a sync is not needed first: part of a packet is no packet. */
    boolean hasEmittable() {
        return next != tail && tail != incompleteTail;
    }

    /** Slots that came back and that the kernel does not know of yet. */
    int unreturned() {
        return RingMath.distance(syncedHead, advanceHead(), numSlots);
    }

    private int advanceHead() {
        int at = head;
        while (at != next && holder[at] == 0) {
            at = RingMath.next(at, numSlots);
        }
        head = at;
        return at;
    }

    /** Writes our pointers, whatever stands there, before a sync. */
    void beforeSync() {
        beforePoll(false);
    }

    /** As {@link #beforeSync()}; a parked ring doesn't end a poll, whatever waits in it, nor does part of a packet. */
    void beforePoll(final boolean parked) {
        syncedHead = advanceHead();
        if (forward && hosts) {
            syncedHead = forwardable(syncedHead);
            heldBack = syncedHead != head;
        }
        ring.head(syncedHead);
        ring.cur(parked || tail == incompleteTail ? tail : next);
    }

    /** How far head may go now: netmap loses what finds no room in the NIC's TX rings. */
    private int forwardable(final int to) {
        int room = group.roomDown();
        int at = returnedHead;
        while (at != to && ((ring.slotWord(at) & FORWARD) == 0 || --room >= 0)) {
            at = RingMath.next(at, numSlots);
        }
        return at;
    }

    /** Takes the kernel's tail, the only pointer of an RX ring ever read back. */
    void refreshTail() {
        returnedHead = syncedHead;
        final int seen = ring.tail();
        if (seen == tail) {
            return;
        }
        if (!RingMath.isBetween(seen, tail, RingMath.previous(head, numSlots), numSlots)) {
            throw new RingStateException("tail of RX ring " + ring.ringId() + " of "
                    + group.port().name()
                    + " jumped to " + seen + ": head " + head + ", emitted up to " + next + ", last tail " + tail
                    + ", " + numSlots + " slots; does another process write to this ring?");
        }
        tail = seen;
        incompleteTail = -1;
        timestampNanos = ring.timestampNanos();
        counters.syncs++;
    }

    // --- emission

    int emit(final RxSubscription subscription) {
        final CoreSubscriber<? super Packet> actual = subscription.actual();
        final Fuseable.ConditionalSubscriber<? super Packet> conditional = subscription.conditional();
        final boolean swapAlways = subscription.options().hold() == RxOptions.Hold.SWAP_ALWAYS;
        final Buffers buffers = ring.buffers();
        final boolean plain = offsetMask == 0;
        final int end = tail;
        int emitted = 0;
        long bytes = 0;
        while (next != end && subscription.hasDemand()) {
            final int slot = next;
            final long word = ring.slotWord(slot);
            final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
            final int len = NetmapSlotDescriptor.len(word);
            final int flags = NetmapSlotDescriptor.flags(word);
            final RingPacket packet;
            if ((flags & NetmapSlotDescriptor.NS_MOREFRAG) == 0
                    && !skipToEndOfPacket
                    && plain
                    && Integer.compareUnsigned(len - 1, bufSize) < 0 // 1..bufSize
                    && buffers.isValid(bufIdx)) {
                packet = takeView();
                final int view = packet.ref().view();
                holder[slot] = view + 1;
                next = slot + 1 == numSlots ? 0 : slot + 1;
                packet.emit(buffers, slot, bufIdx, 0, len, flags, timestampNanos);
                bytes += len;
            } else {
                final RingPacket several = gather(slot, end);
                if (several == null) {
                    if (next == slot) {
                        incompleteTail = end;
                        break; // the packet's last slot is not in yet
                    }
                    continue; // malformed or empty
                }
                packet = several;
                bytes += packet.length();
            }
            if (swapAlways) {
                swapOut(packet.ref());
            }
            if (traces) {
                startTrace(packet);
            }
            emitted++;
            subscription.consume();
            try {
                if (conditional == null) {
                    actual.onNext(packet);
                } else if (!conditional.tryOnNext(packet)) {
                    subscription.unconsume();
                }
            } catch (Throwable t) {
                packet.release();
                subscription.end(t);
                Exceptions.throwIfFatal(t);
            }
            if (packet.isOut()) {
                letGo(packet);
            }
        }
        counters.received += emitted;
        counters.bytes += bytes;
        return emitted;
    }

    /**
     * Nobody subscribed to a ring that forwards: what came goes on unseen.
     *
     * @return slots
     */
    int passOn() {
        int slots = 0;
        for (; next != tail; slots++) {
            final boolean more =
                    (NetmapSlotDescriptor.flags(ring.slotWord(next)) & NetmapSlotDescriptor.NS_MOREFRAG) != 0;
            if (more || skipToEndOfPacket) {
                warnOfLongFrame();
            } else {
                forward(next);
            }
            skipToEndOfPacket = more;
            holder[next] = 0;
            next = RingMath.next(next, numSlots);
        }
        return slots;
    }

    /** Marks a slot that is about to return, so that netmap passes its packet on. */
    private void forward(final int slot) {
        ring.slotWord(slot, ring.slotWord(slot) | FORWARD);
        counters.forwarded++;
    }

    /** netmap would cut it into one frame for each slot. */
    private void warnOfLongFrame() {
        if (!warnedOfLongFrame) {
            warnedOfLongFrame = true;
            LOG.warn(
                    "{} ring {} received a frame of several slots, which netmap can't forward and which is lost to the"
                            + " other side: make buffers (buf_size) larger than the MTU, or open the port without"
                            + " forward(true)",
                    group.port().name(),
                    ring.ringId());
        }
    }

    /** A packet of several slots or with an offset, or something malformed; null if nothing can be emitted. */
    private @Nullable RingPacket gather(final int slot, final int end) {
        final Buffers buffers = ring.buffers();
        long[] words = gathered;
        int count = 0;
        int bytes = 0;
        int flags = 0;
        boolean good = !skipToEndOfPacket;
        int at = slot;
        boolean complete = false;
        while (at != end && !complete) {
            final long word = ring.slotWord(at);
            final long offset = offsetMask == 0 ? 0 : ring.slotPtr(at) & offsetMask;
            good &= buffers.isValid(NetmapSlotDescriptor.bufIdx(word))
                    && Long.compareUnsigned(offset, bufSize - NetmapSlotDescriptor.len(word)) <= 0
                    && NetmapSlotDescriptor.len(word) <= bufSize;
            if (count == words.length) {
                words = Arrays.copyOf(words, count * 2);
                gathered = words;
            }
            if (count == 0) {
                flags = NetmapSlotDescriptor.flags(word);
            }
            words[count++] = placed(word, offset);
            bytes += NetmapSlotDescriptor.len(word);
            complete = (NetmapSlotDescriptor.flags(word) & NetmapSlotDescriptor.NS_MOREFRAG) == 0;
            at = RingMath.next(at, numSlots);
        }
        if (!complete && count < numSlots - 1 && good) {
            return null;
        }
        if (!complete || !good) {
            dropMalformed(slot, words, count, complete);
            return null;
        }
        if (bytes == 0) {
            skipEmpty(slot, count);
            return null;
        }
        final RingPacket packet = takeView();
        int slots = count;
        for (int s = slot; slots > 0; slots--) {
            holder[s] = packet.ref().view() + 1;
            s = RingMath.next(s, numSlots);
        }
        next = at;
        if (count == 1) {
            packet.emit(
                    buffers,
                    slot,
                    NetmapSlotDescriptor.bufIdx(words[0]),
                    offset(words[0]),
                    bytes,
                    flags,
                    timestampNanos);
        } else {
            packet.emit(slot, words, count, bytes, flags, timestampNanos);
        }
        return packet;
    }

    /** A slot's word with the frame's offset in its buffer, at most 65,535, where the flags were: they were read. */
    private static long placed(final long word, final long offset) {
        return NetmapSlotDescriptor.word(
                NetmapSlotDescriptor.bufIdx(word), NetmapSlotDescriptor.len(word), (int) offset & 0xFFFF);
    }

    /** The offset that {@link #placed} put into a word. */
    static int offset(final long placed) {
        return NetmapSlotDescriptor.flags(placed);
    }

    /** Gives slots back in which there is nothing: a switch's leases that were not used up. */
    private void skipEmpty(final int slot, final int count) {
        int at = slot;
        for (int i = 0; i < count; i++) {
            holder[at] = 0;
            at = RingMath.next(at, numSlots);
        }
        next = at;
        counters.empty += count;
    }

    /** Gives malformed slots back; a bad index is never followed, and replaced by a spare if there is one. */
    private void dropMalformed(final int slot, final long[] words, final int count, final boolean complete) {
        int at = slot;
        for (int i = 0; i < count; i++) {
            if (!ring.buffers().isValid(NetmapSlotDescriptor.bufIdx(words[i]))
                    && group.spares().available() > 0) {
                ring.slotWord(
                        at, NetmapSlotDescriptor.word(group.spares().take(), 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
            }
            holder[at] = 0;
            at = RingMath.next(at, numSlots);
        }
        next = at;
        if (!skipToEndOfPacket) {
            counters.malformed++;
        }
        skipToEndOfPacket = !complete;
    }

    /** The packet outlives its onNext: from here only its reference knows it. */
    private void letGo(final RingPacket packet) {
        final PacketRef ref = packet.ref();
        pooled[ref.view()] = null;
        ref.outSince(group.burstNanos());
        counters.held++;
    }

    // --- views

    private RingPacket takeView() {
        if (freeCount > 0 && !freshViews) {
            final RingPacket packet = pooled[freeViews[freeCount - 1]];
            if (packet != null) {
                freeCount--;
                return packet;
            }
        }
        return newView();
    }

    private RingPacket newView() {
        final int view;
        if (freeCount > 0) {
            view = freeViews[--freeCount];
        } else {
            view = viewCount++;
            if (view == refs.length) {
                pooled = Arrays.copyOf(pooled, view * 2);
                refs = Arrays.copyOf(refs, view * 2);
                freeViews = Arrays.copyOf(freeViews, view * 2);
            }
        }
        final RingPacket packet = new RingPacket(this, view);
        pooled[view] = packet;
        refs[view] = packet.ref();
        return packet;
    }

    private void startTrace(final RingPacket packet) {
        if (leakLevel == LeakLevel.PARANOID || emissions++ % TRACED_ONE_IN == 0) {
            packet.ref().trace(new PacketTrace());
            packet.trace("emitted");
        }
    }

    // --- coming back

    /** The last owner released the packet. */
    void takeBack(final RingPacket packet) {
        final PacketRef ref = packet.ref();
        final int slot = ref.slot();
        if (slot != PacketRef.NO_SLOT && ref.count() == 1 && !poison) { // the usual one, without the loop over segments
            final int exchanged = packet.exchanged();
            if (exchanged != 0) {
                ring.slotWord(slot, NetmapSlotDescriptor.word(exchanged, 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
            } else if (forward && !packet.isSent()) {
                forward(slot);
            }
            holder[slot] = 0;
            ref.comeBack();
        } else {
            giveBuffersBack(ref, packet);
        }
        counters.released++;
        final int view = ref.view();
        if (pooled[view] == null) { // it outlived its onNext
            counters.held--;
            pooled[view] = packet;
        }
        if (ref.isRetired() || freshViews) {
            forget(ref);
        } else {
            freeViews[freeCount++] = view;
        }
    }

    /** The view became unreachable while it was out. */
    void reclaim(final PacketRef ref) {
        if (!ref.isOut()) {
            return; // a view that was forgotten after it came back
        }
        giveBuffersBack(ref, null);
        counters.reclaimed++;
        counters.held--;
        if (leakLevel != LeakLevel.DISABLED) {
            warnOfLoss(ref);
        }
        forget(ref);
    }

    /** At most once a second: a pipeline that loses packets loses many. */
    private void warnOfLoss(final PacketRef ref) {
        lostSinceWarning++;
        final long now = loop.nanoTime();
        if (now >= nextLossWarning) {
            nextLossWarning = now + LOSS_WARNING_NS;
            LOG.warn(
                    "{} packets of {} ring {} were lost without release() and came back by garbage collection;"
                            + " the last one: {}. -D{}=advanced tells where they were",
                    lostSinceWarning,
                    group.port().name(),
                    ring.ringId(),
                    ref.lastTouch(),
                    LeakLevel.PROPERTY);
            lostSinceWarning = 0;
        }
    }

    /** The view is never handed out again; its number is free for a new one. */
    private void forget(final PacketRef ref) {
        final int view = ref.view();
        if (refs[view] == ref) {
            pooled[view] = null;
            refs[view] = null;
            if (freshViews) {
                freeViews[freeCount++] = view;
            } else {
                freeViews[freeCount++] = newViewInPlaceOf(view);
            }
        }
    }

    private int newViewInPlaceOf(final int view) {
        final RingPacket packet = new RingPacket(this, view);
        pooled[view] = packet;
        refs[view] = packet.ref();
        return view;
    }

    private void giveBuffersBack(final PacketRef ref, final @Nullable RingPacket packet) {
        final int slot = ref.slot();
        final int count = ref.count();
        int at = slot;
        for (int i = 0; i < count; i++) {
            final int exchanged = packet == null ? 0 : packet.exchanged(i);
            if (poison && exchanged == 0) {
                group.poison(ref.bufIdx(i));
            }
            if (slot == PacketRef.NO_SLOT) {
                group.spares().put(exchanged == 0 ? ref.bufIdx(i) : exchanged);
            } else {
                if (exchanged != 0) {
                    ring.slotWord(at, NetmapSlotDescriptor.word(exchanged, 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
                } else if (forward && (packet == null || !packet.isSent())) {
                    if (count == 1) {
                        forward(at);
                    } else {
                        warnOfLongFrame();
                    }
                }
                holder[at] = 0;
                at = at + 1 == numSlots ? 0 : at + 1;
            }
        }
        ref.comeBack();
    }

    void countIgnoredRelease() {
        foreignIgnored.incrementAndGet();
    }

    // --- holding

    /** A packet got a second owner: it may stay long. */
    void retained(final RingPacket packet) {
        if (forward) { // it leaves by its slot
            return;
        }
        final RxSubscription subscription = claimed.get();
        if (subscription == null || subscription.options().hold() != RxOptions.Hold.IN_PLACE) {
            swapOut(packet.ref());
        }
    }

    /** Gives the packet's slots spares, all or none; the packet keeps its buffers. */
    private boolean swapOut(final PacketRef ref) {
        final int slot = ref.slot();
        final int count = ref.count();
        if (slot == PacketRef.NO_SLOT) {
            return true;
        }
        final Spares spares = group.spares();
        if (spares.available() < count) {
            return false;
        }
        int at = slot;
        for (int i = 0; i < count; i++) {
            ring.slotWord(at, NetmapSlotDescriptor.word(spares.take(), 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
            holder[at] = 0;
            at = RingMath.next(at, numSlots);
        }
        ref.leaveSlot();
        counters.swapped++;
        return true;
    }

    /**
     * After emission: frees the ring if held packets would stop it, and keeps account of the time it is stopped.
     *
     * @return whether held packets stop or slow the ring, so that it should be looked at again later
     */
    boolean relieve(final RxSubscription subscription, final long now) {
        final int heldSlots = RingMath.distance(advanceHead(), next, numSlots);
        final boolean roomy = heldSlots <= numSlots / 2 && heldSlots < numSlots - 1;
        if (roomy || !subscription.hasDemand()) {
            endStall(now);
            return false;
        }
        if (subscription.options().hold() == RxOptions.Hold.SWAP_WHEN_BLOCKING) {
            swapOldest(numSlots / 4);
        }
        final boolean full = RingMath.distance(advanceHead(), next, numSlots) == numSlots - 1;
        if (full && !stalled) {
            stalled = true;
            stalledSince = now;
            warnOnce();
        } else if (!full) {
            endStall(now);
        }
        return true;
    }

    private void swapOldest(final int keep) {
        while (RingMath.distance(advanceHead(), next, numSlots) > keep) {
            final PacketRef oldest = refs[holder[head] - 1];
            if (oldest == null || !swapOut(oldest)) {
                return;
            }
        }
    }

    private void endStall(final long now) {
        if (stalled) {
            stalled = false;
            counters.stalledNanos += now - stalledSince;
        }
    }

    private void warnOnce() {
        if (!warned) {
            warned = true;
            final PacketRef oldest = refs[holder[head] - 1];
            LOG.warn(
                    "{} ring {} is stopped by {} packets that are held while there is demand; the oldest: {}."
                            + " Release packets sooner, or raise PortOptions.extraBuffers (now {}, free {})",
                    group.port().name(),
                    ring.ringId(),
                    numSlots - 1,
                    oldest == null ? "unknown" : oldest.lastTouch(),
                    group.spares().granted(),
                    group.spares().available());
        }
    }

    /** Whether a packet is out for longer than the given time. */
    boolean hasOutSince(final long before) {
        for (int i = 0; i < viewCount; i++) {
            final PacketRef ref = refs[i];
            if (ref != null && ref.isOut() && ref.outSince() - before < 0) {
                return true;
            }
        }
        return false;
    }

    // --- ending

    /**
     * The subscription is over: views that are out are not used again, so a late second release harms nobody. Nor are
     * those that came back from other threads, one of which may be about to release such a packet once more.
     */
    void ended(final RxSubscription subscription) {
        endStall(loop().nanoTime());
        for (int i = 0; i < viewCount; i++) {
            final PacketRef ref = refs[i];
            if (ref != null && ref.isOut()) {
                ref.retire();
            } else if (releasedElsewhere) {
                refs[i] = null;
                pooled[i] = null;
            }
        }
        releasedElsewhere = false;
    }

    /** Another thread released a packet. */
    void releasedElsewhere() {
        releasedElsewhere = true;
    }

    /**
     * The port closes: every packet that is out is revoked and its buffers come back.
     *
     * @return the last touch of each
     */
    List<String> revokeAll() {
        final List<String> revoked = new ArrayList<>();
        for (int i = 0; i < viewCount; i++) {
            final PacketRef ref = refs[i];
            if (ref != null && ref.isOut()) {
                revoked.add("packet of " + group.port().name() + " ring " + ring.ringId() + ", " + ref.lastTouch());
                final RingPacket packet = ref.get();
                if (packet != null) {
                    packet.end();
                }
                giveBuffersBack(ref, null);
                counters.held--;
            }
        }
        ring.head(advanceHead());
        ring.cur(head);
        return revoked;
    }

    /** Whether netmap forwards what is marked; who has the ring open besides shall not find it so after us. */
    void forwards(final boolean on) {
        final int others = ring.flags() & ~NetmapRingDescriptor.NR_FORWARD;
        ring.flags(on ? others | NetmapRingDescriptor.NR_FORWARD : others);
    }

    /** Whether slots that came back wait for a sync, now that there is room for them. */
    boolean isReturning() {
        return syncedHead != returnedHead;
    }

    /** Whether slots of the host that came back wait for room in the NIC's TX rings. */
    boolean isHeldBack() {
        return heldBack;
    }

    void publish() {
        counters.ignoredReleases = foreignIgnored.get();
        counters.publish(available(), stalled ? group.burstNanos() - stalledSince : 0);
    }
}
