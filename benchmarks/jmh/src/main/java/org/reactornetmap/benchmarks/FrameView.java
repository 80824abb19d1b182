package org.reactornetmap.benchmarks;

import java.nio.ByteBuffer;
import org.reactornetmap.packet.Packet;

/** A packet that is pointed at one frame after the other, as a ring's views are. */
final class FrameView extends Packet {
    private final ByteBuffer memory;

    FrameView(final ByteBuffer memory) {
        this.memory = memory;
    }

    Packet at(final int start, final int bytes) {
        open(memory, start, bytes, bytes);
        return this;
    }

    @Override
    public long timestampNanos() {
        return 0;
    }

    @Override
    public int ring() {
        return -1;
    }

    @Override
    public String port() {
        return "";
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public Packet retain() {
        return this;
    }

    @Override
    public void release() {
        // Nobody's slot.
    }

    @Override
    public Packet touch(final Object hint) {
        return this;
    }

    @Override
    protected ByteBuffer cachedBuffer(final int bytes) {
        throw new UnsupportedOperationException("the frames have one buffer");
    }
}
