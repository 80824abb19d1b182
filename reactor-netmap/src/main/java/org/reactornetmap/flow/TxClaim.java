package org.reactornetmap.flow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One TX slot, reserved: fill {@link #buffer()}, then {@link #commit()} or {@link #abort()}. A slot that is half written
 * is never sent. Loop thread only.
 */
public final class TxClaim {
    private final RingTransmitter ring;
    private final ByteBuffer buffer;
    private final int bufIdx;
    private final int bytes;
    private boolean open = true;

    TxClaim(final RingTransmitter ring, final ByteBuffer buffer, final int bufIdx) {
        this.ring = ring;
        this.buffer = buffer.order(ByteOrder.BIG_ENDIAN);
        this.bufIdx = bufIdx;
        this.bytes = buffer.capacity();
    }

    /**
     * The slot's buffer, of the claimed length; what it holds at first is undefined.
     *
     * @return a writable view, big-endian; do not use it after commit, abort or the port's close
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Queues the frame; it is sent with the batch.
     *
     * @throws IllegalStateException if already committed or aborted, or the port was closed
     */
    public void commit() {
        close();
        ring.commit(bufIdx, bytes);
    }

    /**
     * Gives the slot back; nothing is sent.
     *
     * @throws IllegalStateException if already committed or aborted
     */
    public void abort() {
        close();
        ring.abort();
    }

    private void close() {
        if (!open) {
            throw new IllegalStateException("the claim is already committed or aborted");
        }
        open = false;
    }
}
