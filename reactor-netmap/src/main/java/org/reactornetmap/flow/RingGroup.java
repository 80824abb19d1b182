package org.reactornetmap.flow;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * One descriptor and its rings on their loop: syncs them, lets subscriptions emit and lanes transmit, parks them before
 * the loop sleeps. Loop thread only, but for what says otherwise.
 */
final class RingGroup {
    private static final Logger LOG = Loggers.getLogger(RingGroup.class);
    private static final long PRESSURE_CHECK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final byte POISON = (byte) 0xDD;

    private final DriverPort port;
    private final NetmapLoop loop;
    private final Spares spares;
    private final RingReceiver[] receivers;
    private final RingTransmitter[] transmitters;
    private final ByteBuffer[] cachedBuffers;
    private final byte[] poisonBytes;
    private final boolean forward;

    private RxSubscription[] subscriptions = {};
    private TxLane[] lanes = {};
    private final Set<LinkMono.Wait> linkWaits = new LinkedHashSet<>();
    private boolean rxFresh;
    private boolean txFresh; // nothing was filled since the last sync of this round
    private boolean checkSyncs;
    private int unsynced;
    private boolean flushNow;
    private long lingerDeadline = Long.MAX_VALUE;
    private long burstNanos;
    private boolean pressed;
    private long pressureCheckAt;
    private int interest;
    private long dropped;
    private final AtomicLong droppedElsewhere = new AtomicLong();
    private @Nullable Throwable failure;
    private boolean stopping;
    private @Nullable Runnable whenQuiet;

    private volatile boolean keepsReleasedBytes;

    // Set on the loop; read by every loop that has packets of this port in its queues.
    private volatile boolean revoking;

    RingGroup(final DriverPort port, final NetmapLoop loop, final FlowSettings settings) {
        this.port = port;
        this.loop = loop;
        this.burstNanos = loop.nanoTime();
        this.pressureCheckAt = burstNanos;
        final List<NetmapRing> rx = port.netmapIf().rxRings();
        final List<NetmapRing> tx = port.netmapIf().txRings();
        if (rx.isEmpty() && tx.isEmpty()) {
            throw new IllegalArgumentException("port " + port.name()
                    + " has no rings: ask for some, by PortOptions.rings(count) and slots(count)");
        }
        final Buffers buffers = (rx.isEmpty() ? tx : rx).get(0).buffers();
        this.cachedBuffers = new ByteBuffer[buffers.total()];
        this.poisonBytes = new byte[buffers.bufSize()];
        Arrays.fill(poisonBytes, POISON);
        this.forward = settings.forward();
        if (forward) {
            checkForwarding(rx);
        }
        this.receivers = new RingReceiver[rx.size()];
        for (int i = 0; i < receivers.length; i++) {
            receivers[i] = new RingReceiver(this, rx.get(i), settings);
        }
        this.transmitters = new RingTransmitter[tx.size()];
        for (int i = 0; i < transmitters.length; i++) {
            transmitters[i] = new RingTransmitter(this, tx.get(i));
        }
        // Last: if a ring is bad, the extra buffers must still be in their list when the descriptor is closed.
        this.spares = new Spares(port.netmapIf(), buffers, port.extraBuffers());
        if (forward) {
            letForward(true);
        }
    }

    /** Any thread. */
    DriverPort port() {
        return port;
    }

    /** Any thread. */
    NetmapLoop loop() {
        return loop;
    }

    Spares spares() {
        return spares;
    }

    /** Any thread. */
    RingReceiver[] receivers() {
        return receivers;
    }

    /** Any thread. */
    RingTransmitter[] transmitters() {
        return transmitters;
    }

    /** The loop's clock at the last sync. */
    long burstNanos() {
        return burstNanos;
    }

    /** Any thread: whether frames in the RX rings may begin inside their buffers. */
    boolean hasOffsets() {
        boolean any = false;
        for (final RingReceiver receiver : receivers) {
            any |= receiver.hasOffsets();
        }
        return any;
    }

    /** Any thread: whether two descriptors can exchange buffers. */
    boolean sharesBuffersWith(final RingGroup other) {
        return other == this
                || (port.driver().equals(other.port.driver())
                        && port.region().memId() == other.port.region().memId());
    }

    /** Any thread that owns the buffer. */
    ByteBuffer cachedBuffer(final int bufIdx) {
        ByteBuffer cached = cachedBuffers[bufIdx];
        if (cached == null) {
            final RingReceiver any = receivers[0];
            cached = any.buffers().slice(bufIdx).asReadOnlyBuffer();
            cachedBuffers[bufIdx] = cached;
        }
        return cached;
    }

    void poison(final int bufIdx) {
        if (keepsReleasedBytes) {
            return;
        }
        final Buffers buffers = receivers[0].buffers();
        buffers.block(bufIdx).put(buffers.offset(bufIdx), poisonBytes);
    }

    /** Any thread: from now on {@link #poison} does nothing, since somebody reads released buffers after this port. */
    void keepReleasedBytes() {
        keepsReleasedBytes = true;
    }

    private void checkForwarding(final List<NetmapRing> rx) {
        if (rx.size() > port.portRxRings() + 1) {
            throw new IllegalArgumentException("netmap forwards by the first host ring only, and " + port.name()
                    + " has " + (rx.size() - port.portRxRings()) + ": ask for one, by @conf:host-rings=1");
        }
        if (rx.get(0).offsetMask() != 0) {
            throw new IllegalArgumentException(
                    "netmap forgets where in its buffer a frame begins when it forwards: leave"
                            + " out @offset, or open " + port.name() + " without forward(true)");
        }
    }

    private void letForward(final boolean forwards) {
        for (final RingReceiver ring : receivers) {
            ring.forwards(forwards);
        }
    }

    /** Any thread: whether released packets go on between NIC and host. */
    boolean forwards() {
        return forward;
    }

    /** Whether netmap puts the host's packets into this ring. */
    boolean forwards(final RingTransmitter ring) {
        return forward && ring.ringId() < port.portTxRings();
    }

    /** Free slots for packets of the host. */
    int roomDown() {
        int room = 0;
        for (final RingTransmitter ring : transmitters) {
            if (forwards(ring)) {
                room += ring.space();
            }
        }
        return room;
    }

    /** Whether packets of the host wait for room in the NIC's TX rings. */
    private boolean isBlockedDown() {
        for (final RingReceiver ring : receivers) {
            if (ring.isHeldBack()) {
                return true;
            }
        }
        return false;
    }

    private boolean passesOn(final RingReceiver ring) {
        return forward && !ring.isClaimed();
    }

    /** What netmap put into TX rings during an RX sync; a poll has sent it already. */
    private int takeForwarded() {
        int slots = 0;
        for (final RingTransmitter ring : transmitters) {
            if (forwards(ring)) {
                slots += ring.takeForwarded();
            }
        }
        return slots;
    }

    // --- members

    void add(final RxSubscription subscription) {
        if (failure != null || stopping) {
            subscription.end(failure != null ? failure : new PortClosedException(port.name()));
            return;
        }
        for (final RxSubscription other : subscriptions) {
            if (other.isCancelled()) { // it gave the ring up; end it before its successor begins
                remove(other, null);
            }
        }
        subscriptions = Arrays.copyOf(subscriptions, subscriptions.length + 1);
        subscriptions[subscriptions.length - 1] = subscription;
    }

    private void remove(final RxSubscription subscription, final @Nullable Throwable error) {
        final List<RxSubscription> rest = new ArrayList<>(Arrays.asList(subscriptions));
        rest.remove(subscription);
        subscriptions = rest.toArray(new RxSubscription[0]);
        subscription.end(error);
    }

    void add(final TxLane lane) {
        if (failure != null || stopping) {
            // An exception of its own: each send adds its report to the one it gets.
            lane.fail(
                    failure != null
                            ? new IllegalStateException("port " + port.name() + " has failed", failure)
                            : new PortClosedException(port.name()));
            return;
        }
        lanes = Arrays.copyOf(lanes, lanes.length + 1);
        lanes[lanes.length - 1] = lane;
    }

    void remove(final TxLane lane) {
        final List<TxLane> rest = new ArrayList<>(Arrays.asList(lanes));
        rest.remove(lane);
        lanes = rest.toArray(new TxLane[0]);
        tellIfQuiet();
    }

    void add(final LinkMono.Wait wait) {
        linkWaits.add(wait);
    }

    void remove(final LinkMono.Wait wait) {
        linkWaits.remove(wait);
    }

    private void endLinkWaits(final Throwable error) {
        for (final LinkMono.Wait wait : List.copyOf(linkWaits)) {
            wait.end(error);
        }
    }

    /** Why nobody may begin to wait for this port; null: nothing speaks against it. */
    @Nullable
    Throwable ending() {
        return failure != null ? failure : stopping ? new PortClosedException(port.name()) : null;
    }

    // --- receive

    int receive() {
        final int emitted = failure == null && !revoking ? receiveBurst() : 0;
        publishReceived();
        return emitted;
    }

    private int receiveBurst() {
        boolean wanted = false;
        boolean emittable = false;
        for (final RxSubscription subscription : subscriptions) {
            if (subscription.isCancelled()) {
                remove(subscription, null);
            } else if (subscription.isBroken()) {
                remove(
                        subscription,
                        new IllegalArgumentException(
                                "request(n) with n <= 0: rule 3.9 asks for a positive number of packets"));
            } else {
                subscription.takeDemand();
                if (subscription.hasDemand()) {
                    wanted = true;
                    for (final RingReceiver ring : subscription.rings()) {
                        emittable |= ring.hasEmittable();
                    }
                }
            }
        }
        int unreturned = 0;
        boolean manyUnreturned = false;
        for (final RingReceiver ring : receivers) {
            wanted |= passesOn(ring);
            final int slots = ring.unreturned();
            unreturned += slots;
            manyUnreturned |= slots > ring.numSlots() / 2;
        }
        int emitted = 0;
        try {
            if (rxFresh) {
                rxFresh = false; // poll has synced a moment ago
            } else if (checkSyncs || manyUnreturned || (!emittable && (wanted || unreturned > 0))) {
                rxSync();
            }
            for (final RxSubscription subscription : subscriptions) {
                if (subscription.hasDemand()) {
                    emitted += subscription.emit();
                }
            }
            for (final RingReceiver ring : receivers) {
                if (passesOn(ring)) {
                    emitted += ring.passOn();
                }
            }
            relieve();
        } catch (RuntimeException e) {
            fail(e);
        }
        return emitted;
    }

    private void publishReceived() {
        for (final RingReceiver ring : receivers) {
            ring.publish();
        }
    }

    private void rxSync() {
        for (final RingReceiver ring : receivers) {
            ring.beforeSync();
        }
        if (forward) {
            for (final RingTransmitter ring : transmitters) {
                ring.beforeForwarding();
            }
        }
        port.rxSync();
        burstNanos = loop.nanoTime();
        final int forwarded = takeForwarded();
        if (forwarded > 0) {
            unsynced += forwarded;
            flushNow = true;
        }
        for (final RingReceiver ring : receivers) {
            ring.refreshTail();
        }
    }

    private void relieve() {
        boolean stopped = false;
        for (final RxSubscription subscription : subscriptions) {
            for (final RingReceiver ring : subscription.rings()) {
                stopped |= ring.relieve(subscription, burstNanos);
            }
        }
        pressed = stopped || spares.available() * 4 < spares.granted();
        if (pressed && burstNanos - pressureCheckAt >= 0) {
            pressureCheckAt = burstNanos + PRESSURE_CHECK_NS;
            for (final RingReceiver ring : receivers) {
                // In a time of its own a second passes at once, and what a collection brings back is not the same
                // twice.
                if (!loop.hasOwnClock() && ring.hasOutSince(burstNanos - PRESSURE_CHECK_NS)) {
                    Reclaim.requestGc();
                    return;
                }
            }
        }
    }

    // --- transmit

    int transmit() {
        if (failure != null) {
            return 0;
        }
        int done = 0;
        try {
            txFresh = false;
            final boolean blockedDown = isBlockedDown();
            boolean blocked = blockedDown;
            for (final TxLane lane : lanes) {
                done += lane.drain();
                blocked |= lane.isBlocked();
            }
            if ((blocked && !txFresh) || checkSyncs) {
                txSync();
                for (final TxLane lane : lanes) {
                    done += lane.drain();
                }
                if (blockedDown && roomDown() > 0) {
                    done++; // the next RX sync forwards more
                }
            }
            checkSyncs = false;
            if (unsynced > 0 && (flushNow || loop.nanoTime() - lingerDeadline >= 0)) {
                txSync();
                done++; // a reader on this loop has to look again
            }
            for (final TxLane lane : lanes) {
                done += lane.progress();
            }
        } catch (RuntimeException e) {
            fail(e);
        }
        for (final RingTransmitter ring : transmitters) {
            ring.publish();
        }
        return done;
    }

    /** A packet was put into slots. */
    void filled(final long lingerNs) {
        unsynced++;
        txFresh = false;
        if (lingerNs == 0) {
            flushNow = true; // when the burst ends
        } else if (lingerDeadline == Long.MAX_VALUE) {
            lingerDeadline = loop.nanoTime() + lingerNs;
        }
    }

    /** Hands over what waits in slots when the batch is full; if that fails, it is still sent. */
    void flushFull(final int batch) {
        if (unsynced >= batch) {
            txSync();
        }
    }

    /** Hands over what waits in slots, and takes in what the kernel confirmed. */
    void flush() {
        if (unsynced > 0) {
            txSync();
        }
    }

    void txSync() {
        for (final RingTransmitter ring : transmitters) {
            ring.beforeSync();
        }
        port.txSync();
        txFresh = true;
        unsynced = 0;
        flushNow = false;
        lingerDeadline = Long.MAX_VALUE;
        for (final RingTransmitter ring : transmitters) {
            ring.refreshTail();
        }
    }

    /** Whether the port is a pipe end, where tail tells what the reader released. */
    boolean isPipe() {
        return port.name().indexOf('{') >= 0 || port.name().indexOf('}') >= 0;
    }

    // --- sleep

    /** Whether what comes next is a sync that a poll does as well. */
    boolean isLeftToPoll() {
        boolean polled = !forward && !checkSyncs;
        for (final TxLane lane : lanes) {
            polled &= !lane.hasMore();
        }
        boolean wanted = false;
        for (final RxSubscription subscription : subscriptions) {
            if (subscription.hasDemand()) {
                wanted = true;
                for (final RingReceiver ring : subscription.rings()) {
                    polled &= !ring.hasEmittable();
                }
            }
        }
        if (!wanted) { // such a poll does not sync RX rings
            for (final RingReceiver ring : receivers) {
                polled &= ring.unreturned() == 0;
            }
        }
        return polled;
    }

    /** Parks what must not end the poll. */
    void beforeSleep() {
        publishReceived(); // packets may have come back since the burst, while others of this loop were sent
        if (failure != null || revoking) {
            return;
        }
        int wanted = 0;
        for (final RingReceiver ring : receivers) {
            ring.beforePoll(true);
        }
        for (final RxSubscription subscription : subscriptions) {
            if (subscription.hasDemand()) {
                wanted |= Poller.IN;
                for (final RingReceiver ring : subscription.rings()) {
                    ring.beforePoll(false);
                }
            }
        }
        if (forward) {
            for (final RingReceiver ring : receivers) {
                if (passesOn(ring)) {
                    ring.beforePoll(false);
                    wanted |= Poller.IN;
                } else if (ring.isReturning()) {
                    wanted |= Poller.IN;
                }
            }
            if (isBlockedDown()) {
                wanted |= Poller.OUT;
            }
        }
        for (final TxLane lane : lanes) {
            if (lane.waitsForRoom()) {
                wanted |= Poller.OUT;
            }
        }
        for (final RingTransmitter ring : transmitters) {
            ring.beforePoll();
        }
        if (wanted != interest) {
            final Poller poller = loop.poller();
            if (poller != null) {
                poller.add(port, wanted);
                interest = wanted;
            }
        }
    }

    /** When the loop must look again, on its clock. */
    long deadline(final long now) {
        if (failure != null || revoking) {
            return Long.MAX_VALUE;
        }
        long deadline = unsynced > 0 ? lingerDeadline : Long.MAX_VALUE;
        for (final TxLane lane : lanes) {
            deadline = Math.min(deadline, lane.deadline());
        }
        return pressed ? Math.min(deadline, now + PRESSURE_CHECK_NS) : deadline;
    }

    void afterSleep(final int ready) {
        if (failure != null || revoking) {
            return;
        }
        try {
            takeForwarded();
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        if ((ready & Poller.ERR) != 0) {
            checkSyncs = true; // the next sync throws the reason
            return;
        }
        try {
            if ((interest & Poller.IN) != 0) {
                burstNanos = loop.nanoTime();
                for (final RingReceiver ring : receivers) {
                    ring.refreshTail();
                }
                rxFresh = true;
            }
            if (forward || (interest & Poller.OUT) != 0) {
                for (final RingTransmitter ring : transmitters) {
                    ring.refreshTail();
                }
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    // --- ending

    /** The port is unusable: tells everyone who waits on it. */
    void fail(final Throwable error) {
        if (failure != null) {
            return;
        }
        failure = error;
        for (final RxSubscription subscription : subscriptions) {
            remove(subscription, error);
        }
        for (final TxLane lane : lanes) {
            lane.fail(error);
        }
        endLinkWaits(error);
        final Poller poller = loop.poller();
        if (poller != null) {
            poller.remove(port);
        }
    }

    /** First step of closing: streams end, sends drain within their timeouts; tells when they have. */
    void stop(final Runnable quiet) {
        stopping = true;
        for (final RxSubscription subscription : subscriptions) {
            remove(subscription, null);
        }
        for (final TxLane lane : lanes) {
            lane.close();
        }
        endLinkWaits(new PortClosedException(port.name()));
        whenQuiet = quiet;
        tellIfQuiet();
    }

    private void tellIfQuiet() {
        final Runnable tell = whenQuiet;
        if (tell != null && lanes.length == 0) {
            whenQuiet = null;
            tell.run();
        }
    }

    /** From now on no loop sends a packet of this port. */
    void startRevoking() {
        revoking = true;
    }

    /** Any thread. */
    boolean isRevoking() {
        return revoking;
    }

    /** Drops what this loop's sends hold of a port that closes. */
    void dropPacketsOf(final List<RingGroup> closing) {
        for (final TxLane lane : lanes) {
            lane.dropPacketsOf(closing);
        }
        for (final RingTransmitter ring : transmitters) {
            ring.forgetSource(); // it may be one of them, and its memory shall not live as long as we
        }
    }

    /** Accepted by the kernel and not confirmed by tail. */
    long pending() {
        long pending = 0;
        for (final RingTransmitter ring : transmitters) {
            pending += ring.pending();
        }
        return pending;
    }

    /**
     * Last step on the loop: revokes what is out and rebuilds the extra-buffer list, then closes the descriptor.
     *
     * @return the last touch of each revoked packet
     */
    List<String> close() {
        revoking = true;
        final List<String> revoked = new ArrayList<>();
        for (final RingReceiver ring : receivers) {
            revoked.addAll(ring.revokeAll());
            ring.publish();
        }
        for (final RingTransmitter ring : transmitters) {
            ring.publish();
        }
        forwardRest();
        loop.detach(this);
        spares.giveBack(port.netmapIf());
        try {
            port.close();
        } catch (NetmapException e) {
            fail(e);
        }
        return revoked;
    }

    /** What is in the rings goes on; the interface is its host's again. */
    private void forwardRest() {
        if (!forward) {
            return;
        }
        try {
            if (failure == null) {
                for (final RingReceiver ring : receivers) {
                    ring.passOn();
                    ring.publish();
                }
                rxSync();
                txSync();
            }
        } catch (RuntimeException e) {
            LOG.debug("{} could not forward the rest at its close", port.name(), e);
        }
        letForward(false);
    }

    /** Any thread, if it was never attached to its loop: gives the extra buffers back and closes the descriptor. */
    void abandon() {
        if (forward) {
            letForward(false);
        }
        spares.giveBack(port.netmapIf());
        port.close();
    }

    /** Packets that waited in this port's sends, or of this port in others', and were not sent. */
    long dropped() {
        return dropped + droppedElsewhere.get();
    }

    /** Any loop: a packet of this port was dropped from a send of another. */
    void countDroppedElsewhere() {
        droppedElsewhere.incrementAndGet();
    }

    void countDropped(final long packets) {
        dropped += packets;
    }

    long reclaimed() {
        long count = 0;
        for (final RingReceiver ring : receivers) {
            count += ring.counters().reclaimed;
        }
        return count;
    }
}
