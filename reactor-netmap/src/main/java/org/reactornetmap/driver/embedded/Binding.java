package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.NetmapIfDescriptor;
import org.reactornetmap.ring.Region;

/**
 * What a descriptor is bound to: rings of an adapter, held until {@link #release}, and its {@code netmap_if}. Guarded by
 * the world's lock.
 */
final class Binding {
    /** Every adapter has one host ring each way, if only in the count: netmap_mem2_if_new. */
    private static final int HOST_RINGS = 1;

    private final Adapter adapter;
    private final boolean exclusive;
    private final long ifOffset;
    private final NetmapIf netmapIf;
    private final KernelRing[] txRings;
    private final KernelRing[] rxRings;

    private Binding(
            final Adapter adapter,
            final boolean exclusive,
            final long ifOffset,
            final NetmapIf netmapIf,
            final KernelRing[] txRings,
            final KernelRing[] rxRings) {
        this.adapter = adapter;
        this.exclusive = exclusive;
        this.ifOffset = ifOffset;
        this.netmapIf = netmapIf;
        this.txRings = txRings;
        this.rxRings = rxRings;
    }

    /** All or nothing: a failure leaves the adapter as it was. */
    static Binding register(
            final OpenRequest request,
            final Adapter adapter,
            final RingAllocator allocator,
            final WorldMemory memory,
            final Region region) {
        final String port = request.spec().text();
        final boolean exclusive = request.spec().flags().contains(RegisterFlag.EXCLUSIVE);
        final Selection selection = Selection.of(request, adapter);
        refuseIfBusy(port, adapter, selection, exclusive);
        allocator.requireBuffers(port, slotsToMake(adapter, selection));
        final KernelRing[] txRings;
        final KernelRing[] rxRings;
        final long ifOffset;
        try {
            txRings = rings(adapter, selection, false);
            rxRings = rings(adapter, selection, true);
            ifOffset = memory.allocateIf(ifEntries(adapter), port);
        } catch (final RuntimeException e) {
            adapter.dropNewRings();
            throw e;
        }
        final ByteBuffer ifMemory = region.slice(ifOffset, NetmapIfDescriptor.ifLength(ifEntries(adapter)));
        writeIf(ifMemory, adapter);
        writeOffsets(ifMemory, ifOffset, 0, txRings);
        writeOffsets(ifMemory, ifOffset, adapter.ringCount(false) + HOST_RINGS, rxRings);
        adapter.keepRings();
        adapter.descriptorOpened();
        Stream.of(txRings, rxRings).flatMap(Arrays::stream).forEach(ring -> ring.acquire(exclusive));
        return new Binding(adapter, exclusive, ifOffset, region.netmapIf(ifOffset), txRings, rxRings);
    }

    private static void refuseIfBusy(
            final String port, final Adapter adapter, final Selection selection, final boolean exclusive) {
        for (final boolean rx : new boolean[] {true, false}) {
            for (int i = selection.first(rx); i < selection.last(rx); i++) {
                final KernelRing ring = adapter.ring(rx, i);
                if (ring != null && ring.isBusyFor(exclusive)) {
                    throw NetmapErrnoException.of(
                            EmbeddedWorld.REGISTER,
                            port,
                            Errno.EBUSY,
                            ring.name + " is open already and one of both wants it exclusively (/x): close the other"
                                    + " descriptor or leave out /x.");
                }
            }
        }
    }

    private static long slotsToMake(final Adapter adapter, final Selection selection) {
        long slots = 0;
        for (final boolean rx : new boolean[] {true, false}) {
            for (int i = selection.first(rx); i < selection.last(rx); i++) {
                slots += adapter.ring(rx, i) == null ? adapter.slotCount(rx) : 0;
            }
        }
        return slots;
    }

    private static KernelRing[] rings(final Adapter adapter, final Selection selection, final boolean rx) {
        return IntStream.range(selection.first(rx), selection.last(rx))
                .mapToObj(i -> adapter.requireRing(rx, i))
                .toArray(KernelRing[]::new);
    }

    private static int ifEntries(final Adapter adapter) {
        return adapter.ringCount(false) + adapter.ringCount(true) + 2 * HOST_RINGS;
    }

    private static void writeIf(final ByteBuffer memory, final Adapter adapter) {
        final byte[] name = adapter.name().getBytes(StandardCharsets.UTF_8);
        memory.put(NetmapIfDescriptor.NAME_OFFSET, name, 0, Math.min(name.length, NetmapIfDescriptor.NAME_LENGTH - 1));
        memory.putInt(NetmapIfDescriptor.TX_RINGS_OFFSET, adapter.ringCount(false));
        memory.putInt(NetmapIfDescriptor.RX_RINGS_OFFSET, adapter.ringCount(true));
        memory.putInt(NetmapIfDescriptor.HOST_TX_RINGS_OFFSET, HOST_RINGS);
        memory.putInt(NetmapIfDescriptor.HOST_RX_RINGS_OFFSET, HOST_RINGS);
    }

    /** Rings that the descriptor is not bound to, and the host rings, keep offset 0. */
    private static void writeOffsets(
            final ByteBuffer memory, final long ifOffset, final int firstEntry, final KernelRing[] rings) {
        for (final KernelRing ring : rings) {
            memory.putLong(NetmapIfDescriptor.ringOfsOffset(firstEntry + ring.ring.ringId()), ring.offset - ifOffset);
        }
    }

    NetmapIf netmapIf() {
        return netmapIf;
    }

    int portRings(final boolean rx) {
        return adapter.ringCount(rx);
    }

    KernelRing[] rings(final boolean rx) {
        return rx ? rxRings : txRings;
    }

    void release(final WorldMemory memory) {
        Stream.of(txRings, rxRings).flatMap(Arrays::stream).forEach(ring -> ring.release(exclusive));
        adapter.descriptorClosed();
        memory.freeIf(ifOffset);
        adapter.releaseIfUnused();
    }
}
