package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The host stack above an {@link EmbeddedInterface}, as a test sees it: it sends frames and takes those that came up.
 * Any thread; nothing blocks.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap.c#L4277">netmap_transmit</a>
 */
public final class HostStack {
    private final Nic nic;

    HostStack(final Nic nic) {
        this.nic = nic;
    }

    static int checkQueue(final int queue) {
        if (queue < 0) {
            throw new IllegalArgumentException("queue is " + queue + ": expected 0 or greater");
        }
        return queue;
    }

    /**
     * The stack sends a frame by its first TX queue: {@link #send(int, ByteBuffer, boolean)} without an offload.
     *
     * @param frame copied from its position to its limit, which stay as they are
     * @return false if it was dropped
     */
    public boolean send(final ByteBuffer frame) {
        return send(0, frame, false);
    }

    /**
     * The stack sends a frame. If netmap has the NIC's TX ring of this queue, it waits for the host RX ring, open or not;
     * otherwise it goes to the NIC as without netmap.
     *
     * @param queue the TX queue that the stack chose, 0 or greater; modulo the number of rings
     * @param frame copied from its position to its limit, which stay as they are
     * @param offload whether the stack leaves a checksum or segmentation to the NIC, which netmap can't do: such a frame
     *     is dropped where netmap has the ring
     * @return false if it was dropped: the host ring and its queue are full, the frame is longer than a netmap buffer, an
     *     offload was asked for, or there is no link
     */
    public boolean send(final int queue, final ByteBuffer frame, final boolean offload) {
        return nic.send(checkQueue(queue), frame, frame.position(), frame.remaining(), offload);
    }

    /**
     * Takes what came up since the last call: from the wire while netmap does not have the NIC's RX ring, from host TX
     * rings, and by {@code NS_FORWARD}. Frames that find {@link InterfaceConfig#queueFrames()} waiting are lost and
     * counted.
     *
     * @return the frames, in the order in which they came; the caller's own
     */
    public List<ByteBuffer> received() {
        return EmbeddedInterface.drain(nic.received);
    }

    @Override
    public String toString() {
        return "host stack (" + nic.received.size() + " frames came up)";
    }
}
