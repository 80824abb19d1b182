package org.reactornetmap.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A packet outside rings. Its owners are counted by CAS, because it belongs to no loop. */
final class PooledPacket extends Packet {
    private static final VarHandle OWNERS;

    static {
        try {
            OWNERS = MethodHandles.lookup().findVarHandle(PooledPacket.class, "owners", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable PacketPool pool;
    private final ByteBuffer memory;
    private final ByteBuffer readOnly;
    private final LinkType linkType;

    /** Bytes on the wire that are not here. */
    private final int cut;

    @SuppressWarnings("unused") // by OWNERS
    private volatile int owners;

    private @Nullable Object touched;

    PooledPacket(final @Nullable PacketPool pool, final ByteBuffer memory) {
        this(pool, memory, LinkType.ETHERNET, 0);
    }

    PooledPacket(final @Nullable PacketPool pool, final ByteBuffer memory, final LinkType linkType, final int cut) {
        this.pool = pool;
        this.memory = memory;
        this.linkType = linkType;
        this.cut = cut;
        this.readOnly = memory.asReadOnlyBuffer();
    }

    PooledPacket acquired(final int length) {
        touched = null;
        open(memory, 0, length, length);
        OWNERS.setRelease(this, 1);
        return this;
    }

    @Override
    public int wireLength() {
        return length() + cut;
    }

    @Override
    public LinkType linkType() {
        return linkType;
    }

    @Override
    public long timestampNanos() {
        return 0;
    }

    @Override
    public Direction direction() {
        return Direction.UNKNOWN;
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
        return owners == 1 && !memory.isReadOnly();
    }

    @Override
    public Packet retain() {
        for (; ; ) {
            final int count = owners;
            if (count <= 0) {
                length(); // throws: the packet is released
            }
            if (OWNERS.compareAndSet(this, count, count + 1)) {
                return this;
            }
        }
    }

    @Override
    public void release() {
        for (; ; ) {
            final int count = owners;
            if (count <= 0) {
                return;
            }
            if (count == 1) {
                revoke(); // before the count says so: whoever acquires it next must not be revoked by us
            }
            if (OWNERS.compareAndSet(this, count, count - 1)) {
                if (count == 1 && pool != null) {
                    pool.giveBack(this);
                }
                return;
            }
        }
    }

    @Override
    public Packet touch(final Object hint) {
        touched = hint;
        return this;
    }

    @Override
    protected @Nullable Object lastTouch() {
        return touched;
    }

    @Override
    protected ByteBuffer cachedBuffer(final int bytes) {
        return readOnly.clear().limit(bytes);
    }
}
