package org.reactornetmap.ring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A view of a {@code netmap_if}: what one descriptor is bound to. Ring counts and offsets are read once, at creation;
 * {@code ni_bufs_head} on each call. Not thread-safe.
 */
public final class NetmapIf {
    private static final int MAX_RINGS = 1 << 12;

    private final ByteBuffer memory;
    private final String name;
    private final List<NetmapRing> txRings;
    private final List<NetmapRing> rxRings;

    NetmapIf(final Region region, final long offset) {
        final ByteBuffer header = region.slice(offset, NetmapIfDescriptor.RING_OFS_OFFSET);
        final int tx = count(header, NetmapIfDescriptor.TX_RINGS_OFFSET, "ni_tx_rings");
        final int rx = count(header, NetmapIfDescriptor.RX_RINGS_OFFSET, "ni_rx_rings");
        final int hostTx = count(header, NetmapIfDescriptor.HOST_TX_RINGS_OFFSET, "ni_host_tx_rings");
        final int hostRx = count(header, NetmapIfDescriptor.HOST_RX_RINGS_OFFSET, "ni_host_rx_rings");
        this.memory = region.slice(offset, NetmapIfDescriptor.ifLength(tx + hostTx + rx + hostRx));
        this.name = readName(memory);
        this.txRings = boundRings(region, offset, 0, tx + hostTx);
        this.rxRings = boundRings(region, offset, tx + hostTx, rx + hostRx);
    }

    private static int count(final ByteBuffer header, final int offset, final String field) {
        final int count = header.getInt(offset);
        if (count < 0 || count > MAX_RINGS) {
            throw new IllegalArgumentException(
                    field + " is " + count + ": expected 0.." + MAX_RINGS + "; is this a netmap_if of API version 14?");
        }
        return count;
    }

    private static String readName(final ByteBuffer memory) {
        final byte[] bytes = new byte[NetmapIfDescriptor.NAME_LENGTH];
        memory.get(NetmapIfDescriptor.NAME_OFFSET, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private List<NetmapRing> boundRings(final Region region, final long offset, final int first, final int count) {
        final List<NetmapRing> rings = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            final long ringOfs = memory.getLong(NetmapIfDescriptor.ringOfsOffset(i));
            if (ringOfs != 0) {
                rings.add(region.ring(offset + ringOfs));
            }
        }
        return List.copyOf(rings);
    }

    /**
     * The interface's name.
     *
     * @return {@code ni_name}, at most 15 bytes
     */
    public String name() {
        return name;
    }

    /**
     * The TX rings this descriptor is bound to, host rings last.
     *
     * @return in order of ring id; immutable
     */
    public List<NetmapRing> txRings() {
        return txRings;
    }

    /**
     * The RX rings this descriptor is bound to, host rings last.
     *
     * @return in order of ring id; immutable
     */
    public List<NetmapRing> rxRings() {
        return rxRings;
    }

    /**
     * First buffer of the extra-buffer list.
     *
     * @return a buffer index, 0 if the list is empty
     */
    public int bufsHead() {
        return memory.getInt(NetmapIfDescriptor.BUFS_HEAD_OFFSET);
    }

    /**
     * Sets the first buffer of the extra-buffer list: what the kernel frees at close.
     *
     * @param bufIdx a buffer index, 0 if the list is empty
     */
    public void bufsHead(final int bufIdx) {
        memory.putInt(NetmapIfDescriptor.BUFS_HEAD_OFFSET, bufIdx);
    }
}
