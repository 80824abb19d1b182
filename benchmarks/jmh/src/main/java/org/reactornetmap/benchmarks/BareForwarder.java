package org.reactornetmap.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.ring.Buffers;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;
import org.reactornetmap.ring.RingMath;
import org.reactornetmap.ring.RingStateException;

/**
 * The baseline: a forwarder written on the rings by hand, without Reactor and without packet views, with the same checks
 * (index and length of every slot, tail of every sync) and the same counters. Ring i goes to ring i. Not thread-safe.
 */
final class BareForwarder implements Forwarder {
    private static final VarHandle SHORT = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final DriverPort in;
    private final DriverPort out;
    private final NetmapRing[] rx;
    private final NetmapRing[] tx;
    private final int[] rxHeads;
    private final int[] rxTails;
    private final int[] txHeads;
    private final int[] txTails;
    private final boolean filters;

    private long timestampNanos;
    private long received;
    private long receivedBytes;
    private long malformed;
    private long filtered;
    private long sent;
    private long sentBytes;
    private long swapped;
    private long syncs;

    BareForwarder(final DriverPort in, final DriverPort out, final boolean filters) {
        this.in = in;
        this.out = out;
        this.filters = filters;
        rx = in.netmapIf().rxRings().toArray(new NetmapRing[0]);
        tx = out.netmapIf().txRings().toArray(new NetmapRing[0]);
        rxHeads = new int[rx.length];
        rxTails = new int[rx.length];
        txHeads = new int[tx.length];
        txTails = new int[tx.length];
        for (int i = 0; i < tx.length; i++) {
            txTails[i] = tx[i].tail();
        }
    }

    @Override
    public int work() {
        for (int i = 0; i < rx.length; i++) {
            rx[i].head(rxHeads[i]);
            rx[i].cur(rxHeads[i]);
        }
        in.rxSync();
        int done = 0;
        for (int i = 0; i < rx.length; i++) {
            rxTails[i] = checkedTail(rx[i], rxTails[i], rxHeads[i]);
            timestampNanos = rx[i].timestampNanos();
            done += filters ? filter(i) : forward(i);
        }
        if (done > 0) {
            for (int i = 0; i < tx.length; i++) {
                tx[i].head(txHeads[i]);
                tx[i].cur(txHeads[i]);
            }
            out.txSync();
            syncs++;
            for (int i = 0; i < tx.length; i++) {
                txTails[i] = checkedTail(tx[i], txTails[i], txHeads[i]);
            }
        }
        return done;
    }

    private static int checkedTail(final NetmapRing ring, final int last, final int head) {
        final int seen = ring.tail();
        if (!RingMath.isBetween(seen, last, RingMath.previous(head, ring.numSlots()), ring.numSlots())) {
            throw new RingStateException("tail jumped to " + seen);
        }
        return seen;
    }

    private int forward(final int index) {
        final NetmapRing from = rx[index];
        final NetmapRing to = tx[index];
        final Buffers fromBuffers = from.buffers();
        final Buffers toBuffers = to.buffers();
        final int bufSize = fromBuffers.bufSize();
        final int fromSlots = from.numSlots();
        final int toSlots = to.numSlots();
        final int end = rxTails[index];
        final int room = txTails[index];
        int at = rxHeads[index];
        int put = txHeads[index];
        int packets = 0;
        long bytes = 0;
        while (at != end && put != room) {
            final long word = from.slotWord(at);
            final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
            final int len = NetmapSlotDescriptor.len(word);
            if ((NetmapSlotDescriptor.flags(word) & NetmapSlotDescriptor.NS_MOREFRAG) == 0
                    && len <= bufSize
                    && fromBuffers.isValid(bufIdx)) {
                final int mine = ownBuffer(to, toBuffers, put);
                to.slotWord(put, NetmapSlotDescriptor.word(bufIdx, len, NetmapSlotDescriptor.NS_BUF_CHANGED));
                from.slotWord(at, NetmapSlotDescriptor.word(mine, 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
                put = RingMath.next(put, toSlots);
                packets++;
                bytes += len;
            } else {
                malformed++;
            }
            at = RingMath.next(at, fromSlots);
        }
        rxHeads[index] = at;
        txHeads[index] = put;
        received += packets;
        receivedBytes += bytes;
        sent += packets;
        sentBytes += bytes;
        swapped += packets;
        return packets;
    }

    private int filter(final int index) {
        final NetmapRing from = rx[index];
        final NetmapRing to = tx[index];
        final Buffers fromBuffers = from.buffers();
        final Buffers toBuffers = to.buffers();
        final int bufSize = fromBuffers.bufSize();
        final int fromSlots = from.numSlots();
        final int toSlots = to.numSlots();
        final int end = rxTails[index];
        final int room = txTails[index];
        int at = rxHeads[index];
        int put = txHeads[index];
        int packets = 0;
        int passed = 0;
        long bytes = 0;
        long passedBytes = 0;
        while (at != end && put != room) {
            final long word = from.slotWord(at);
            final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
            final int len = NetmapSlotDescriptor.len(word);
            if ((NetmapSlotDescriptor.flags(word) & NetmapSlotDescriptor.NS_MOREFRAG) == 0
                    && len <= bufSize
                    && fromBuffers.isValid(bufIdx)) {
                packets++;
                bytes += len;
                if (isDns(fromBuffers.block(bufIdx), fromBuffers.offset(bufIdx), len)) {
                    final int mine = ownBuffer(to, toBuffers, put);
                    to.slotWord(put, NetmapSlotDescriptor.word(bufIdx, len, NetmapSlotDescriptor.NS_BUF_CHANGED));
                    from.slotWord(at, NetmapSlotDescriptor.word(mine, 0, NetmapSlotDescriptor.NS_BUF_CHANGED));
                    put = RingMath.next(put, toSlots);
                    passed++;
                    passedBytes += len;
                }
            } else {
                malformed++;
            }
            at = RingMath.next(at, fromSlots);
        }
        rxHeads[index] = at;
        txHeads[index] = put;
        received += packets;
        receivedBytes += bytes;
        filtered += packets - passed;
        sent += passed;
        sentBytes += passedBytes;
        swapped += passed;
        return packets;
    }

    private static int ownBuffer(final NetmapRing ring, final Buffers buffers, final int slot) {
        final int bufIdx = NetmapSlotDescriptor.bufIdx(ring.slotWord(slot));
        if (!buffers.isValid(bufIdx)) {
            throw new RingStateException("slot " + slot + " has buf_idx " + bufIdx);
        }
        return bufIdx;
    }

    /** The same question as {@link Headers#isDns}. */
    private static boolean isDns(final ByteBuffer block, final int base, final int len) {
        return len >= 38
                && (short) SHORT.get(block, base + 12) == 0x0800
                && block.get(base + 23) == 17
                && (short) SHORT.get(block, base + 36) == Generator.WANTED_PORT;
    }

    @Override
    public long received() {
        return received;
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }

    @Override
    public String toString() {
        return "received " + received + " (" + receivedBytes + " bytes, " + malformed + " malformed, " + filtered
                + " filtered), sent " + sent + " (" + sentBytes + " bytes, " + swapped + " swapped, " + syncs
                + " syncs), last at " + timestampNanos;
    }
}
