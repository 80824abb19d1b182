package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.Poller;

/**
 * The simulated hardware of an interface, and the host stack above it: where frames go that netmap takes or leaves. Any
 * thread; nothing is allocated for a frame once the queues have grown.
 */
final class Nic {
    /** Both addresses, a VLAN tag and the type. */
    private static final int MAX_HEADER = 18;

    /** Guards who is cabled to whom. */
    static final Object CABLES = new Object();

    final InterfaceConfig config;
    final InterfaceCounters counters = new InterfaceCounters();

    /** What was transmitted and no cable took. */
    final FrameQueue wire;

    /** What came up to the host stack. */
    final FrameQueue received;

    private volatile NicRings rings = NicRings.OFF;
    private volatile @Nullable Nic peer;
    private volatile boolean linkUp = true;

    Nic(final InterfaceConfig config) {
        this.config = config;
        this.wire = new FrameQueue(config.queueFrames());
        this.received = new FrameQueue(config.queueFrames());
    }

    /** What of the rings is in netmap mode from now on. World's lock held. */
    void rings(final NicRings inNetmapMode) {
        rings = inNetmapMode;
    }

    NicRings rings() {
        return rings;
    }

    boolean isLinkUp() {
        return linkUp;
    }

    /** Takes the link down, or up again: what waited for it in TX rings is transmitted then. */
    void link(final boolean up) {
        linkUp = up;
        if (up) {
            for (final NicTxRing ring : rings.tx()) {
                if (ring != null) {
                    ring.resume();
                }
            }
        }
    }

    /** The NIC at the other end of the cable; null: the wire in memory. */
    void peer(final @Nullable Nic other) {
        peer = other;
    }

    /** Takes both ends off the cable. {@link #CABLES} held. */
    void uncable() {
        final Nic other = peer;
        if (other != null) {
            other.peer = null;
            peer = null;
        }
    }

    /**
     * A frame arrives from the wire.
     *
     * @param queue the NIC's RX queue, modulo their number
     * @param wake whether to tell who waits; if not, {@link #wakeReceivers} is to come
     * @return whether a ring or the host stack took it
     */
    boolean arrive(final int queue, final ByteBuffer data, final int at, final int len, final boolean wake) {
        counters.wireReceived.increment();
        if (!linkUp) {
            counters.linkDown.increment();
            return false;
        }
        if (len > config.mtu() + MAX_HEADER) {
            counters.oversize.increment();
            return false;
        }
        final NicRxRing ring = rings.rx(queue);
        final NicRxRing.Taken taken = ring == null ? NicRxRing.Taken.NOT_OPEN : ring.fill(data, at, len);
        switch (taken) {
            case NOT_OPEN -> {
                counters.hostPassed.increment();
                return toStack(data, at, len);
            }
            case FULL -> {
                counters.ringFull.increment();
                return false;
            }
            case FILLED -> counters.ringReceived.increment();
        }
        if (wake && ring != null) {
            ring.arrived(Poller.IN);
        }
        return true;
    }

    /** Tells who waits for an RX ring that frames arrived. */
    void wakeReceivers(final int queue) {
        final NicRxRing ring = rings.rx(queue);
        if (ring != null) {
            ring.arrived(Poller.IN);
        }
    }

    /** A frame of a TX ring goes out. The link is up. */
    void transmit(final int queue, final ByteBuffer data, final int at, final int len) {
        counters.transmitted.increment();
        toWire(queue, data, at, len, false);
    }

    /** The frames that {@link #transmit} gave to a cable are there. */
    void transmitted(final int queue) {
        final Nic other = peer;
        if (other != null) {
            other.wakeReceivers(queue);
        }
    }

    private void toWire(final int queue, final ByteBuffer data, final int at, final int len, final boolean wake) {
        final Nic other = peer;
        if (other != null) {
            other.arrive(queue, data, at, len, wake);
        } else if (!wire.offer(data, at, len)) {
            counters.wireFull.increment();
        }
    }

    /** Whether the stack had room. */
    boolean toStack(final ByteBuffer data, final int at, final int len) {
        if (received.offer(data, at, len)) {
            return true;
        }
        counters.hostFull.increment();
        return false;
    }

    /**
     * The host stack transmits: {@code netmap_transmit}, or, while nobody has the NIC open, the driver itself.
     *
     * @param queue the TX queue that the stack chose
     * @param offload whether the NIC is to finish it (checksum, segmentation), which netmap can't
     * @return false if it was dropped
     */
    boolean send(final int queue, final ByteBuffer data, final int at, final int len, final boolean offload) {
        counters.hostSent.increment();
        final NicRings now = rings;
        final HostQueue hostQueue = now.hostQueue(queue);
        if (hostQueue == null || !now.hasTx(queue)) {
            return sendDirectly(queue, data, at, len);
        }
        final HostQueue.Taken taken = offload ? HostQueue.Taken.DROPPED : hostQueue.offer(data, at, len, now.bufSize());
        if (taken == HostQueue.Taken.CLOSED) {
            return sendDirectly(queue, data, at, len);
        }
        final boolean queued = taken == HostQueue.Taken.QUEUED;
        (queued ? counters.queued : counters.queueDropped).increment();
        final HostRxRing ring = now.hostRx(queue);
        if (ring != null) {
            // The kernel wakes them for a drop as well.
            ring.arrived(Poller.IN);
        }
        return queued;
    }

    private boolean sendDirectly(final int queue, final ByteBuffer data, final int at, final int len) {
        counters.direct.increment();
        if (!linkUp) {
            counters.linkDownSent.increment();
            return false;
        }
        toWire(queue, data, at, len, true);
        return true;
    }
}
