package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A simulated network interface of an embedded netmap: a NIC with its rings, the wire it is on, and the host stack above
 * it. {@code netmap:eth0} opens its NIC rings, {@code netmap:eth0^} its host rings, {@code netmap:eth0*} both; while
 * nobody has a ring open, its frames go between wire and host stack, as without netmap.
 *
 * <p>What is transmitted waits on the wire for {@link #transmitted()}, or goes to another interface on a {@link #cable}.
 * Any thread; nothing blocks. The work of what waits for a frame, such as a switch that the interface is attached to, is
 * done in the thread that makes the frame arrive.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap.c#L1239">host rings</a>
 */
public final class EmbeddedInterface {
    private final EmbeddedWorld world;
    private final NicAdapter adapter;
    private final Nic nic;
    private final HostStack hostStack;

    EmbeddedInterface(final EmbeddedWorld world, final NicAdapter adapter) {
        this.world = world;
        this.adapter = adapter;
        this.nic = adapter.nic();
        this.hostStack = new HostStack(nic);
    }

    /**
     * Its name.
     *
     * @return such as {@code eth0}
     */
    public String name() {
        return adapter.name();
    }

    /**
     * How it was configured.
     *
     * @return the configuration
     */
    public InterfaceConfig config() {
        return nic.config;
    }

    /**
     * The stack of the machine that the interface is in.
     *
     * @return always the same
     */
    public HostStack hostStack() {
        return hostStack;
    }

    /**
     * A frame arrives from the wire at the first RX queue.
     *
     * @param frame copied from its position to its limit, which stay as they are
     * @return false if it was dropped: the link is down, the ring or the host stack's queue is full, or it is too long
     */
    public boolean receive(final ByteBuffer frame) {
        return receive(0, frame);
    }

    /**
     * A frame arrives from the wire at an RX queue, as the NIC's hash would choose it.
     *
     * @param ring the queue, 0 or greater; modulo the number of RX rings
     * @param frame copied from its position to its limit, which stay as they are
     * @return false if it was dropped: the link is down, the ring or the host stack's queue is full, or it is too long
     */
    public boolean receive(final int ring, final ByteBuffer frame) {
        return nic.arrive(HostStack.checkQueue(ring), frame, frame.position(), frame.remaining(), true);
    }

    /**
     * Takes what was transmitted since the last call, by TX rings or by the host stack. Frames that find
     * {@link InterfaceConfig#queueFrames()} waiting are lost and counted.
     *
     * @return the frames, in the order in which they went onto the wire; the caller's own
     */
    public List<ByteBuffer> transmitted() {
        return drain(nic.wire);
    }

    static List<ByteBuffer> drain(final FrameQueue queue) {
        final List<ByteBuffer> frames = new ArrayList<>();
        for (ByteBuffer frame = queue.poll(); frame != null; frame = queue.poll()) {
            frames.add(frame);
        }
        return frames;
    }

    /**
     * Connects the wires of two interfaces, as a pair of veth is: what one transmits arrives at the other, TX ring
     * <i>i</i> at RX ring <i>i</i> modulo their number. Each leaves the cable it was on.
     *
     * @param other at the other end; of any embedded netmap
     * @throws IllegalArgumentException if it is this interface
     */
    public void cable(final EmbeddedInterface other) {
        if (other.nic == nic) {
            throw new IllegalArgumentException(name() + " can't be cabled to itself");
        }
        synchronized (Nic.CABLES) {
            nic.uncable();
            other.nic.uncable();
            nic.peer(other.nic);
            other.nic.peer(nic);
        }
    }

    /** Takes both ends off the cable; nothing happens if there is none. */
    public void uncable() {
        synchronized (Nic.CABLES) {
            nic.uncable();
        }
    }

    /**
     * Takes the link down or up. While it is down what arrives is dropped, what TX rings are given waits in them, and
     * what the host stack sends directly is lost. Up again, what waited is transmitted in this thread.
     *
     * @param up whether there is a link
     */
    public void link(final boolean up) {
        nic.link(up);
    }

    /**
     * Whether there is a link.
     *
     * @return true unless {@link #link} took it down, or the interface was removed
     */
    public boolean isLinkUp() {
        return nic.isLinkUp();
    }

    /**
     * What happened to its frames.
     *
     * @return a snapshot
     */
    public InterfaceStatistics statistics() {
        return nic.counters.snapshot();
    }

    /**
     * Frames that wait: on the wire for {@link #transmitted()}, in the stack for {@link HostStack#received()}.
     *
     * @return frames
     */
    public int waiting() {
        return nic.wire.size() + nic.received.size();
    }

    /**
     * The interface vanishes, as a USB adapter that is pulled out: it leaves its cable and its switch, syncs of its open
     * descriptors fail with EIO, polls say {@code ERR}, and its name is free again. Idempotent.
     */
    public void remove() {
        uncable();
        nic.link(false);
        world.removeInterface(adapter);
    }

    @Override
    public String toString() {
        return name() + " (embedded, " + nic.config.txRings() + " TX, " + nic.config.rxRings() + " RX rings"
                + (nic.isLinkUp() ? ")" : ", no link)");
    }
}
