package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.NetmapIfDescriptor;

/**
 * What a descriptor is bound to: rings of an adapter, held until {@link #release}, and its {@code netmap_if}. Guarded by
 * the world's lock.
 */
final class Binding {
    private final Adapter adapter;
    private final Selection selection;
    private final boolean exclusive;
    private final long ifOffset;
    private final NetmapIf netmapIf;
    private final KernelRing[] txRings;
    private final KernelRing[] rxRings;
    private final int extraBuffers;

    private Binding(
            final Adapter adapter,
            final Selection selection,
            final boolean exclusive,
            final long ifOffset,
            final NetmapIf netmapIf,
            final KernelRing[] txRings,
            final KernelRing[] rxRings,
            final int wantedExtra) {
        this.adapter = adapter;
        this.selection = selection;
        this.exclusive = exclusive;
        this.ifOffset = ifOffset;
        this.netmapIf = netmapIf;
        this.txRings = txRings;
        this.rxRings = rxRings;
        this.extraBuffers = adapter.memory()
                .allocateExtra(
                        netmapIf,
                        wantedExtra == Registration.EXTRA_FOR_EACH_RX_SLOT
                                ? Arrays.stream(rxRings)
                                        .mapToInt(ring -> ring.numSlots)
                                        .sum()
                                : wantedExtra);
    }

    /** All or nothing: a failure leaves the adapter as it was. */
    static Binding register(final Registration request, final Adapter adapter) {
        final boolean exclusive = request.has(RegisterFlag.EXCLUSIVE);
        final EmbeddedMemory memory = adapter.memory();
        memory.prepare(request.text);
        final Selection selection = Selection.of(request, adapter);
        refuseIfBusy(request, adapter, selection, exclusive);
        adapter.checkOpen(request, selection);
        memory.require(request.text, MemoryNeeds.of(adapter, selection, ifEntries(adapter)));
        final KernelRing[] txRings;
        final KernelRing[] rxRings;
        final long ifOffset;
        try {
            txRings = rings(adapter, selection, false);
            rxRings = rings(adapter, selection, true);
            agreeOnOffsets(request, adapter, txRings, rxRings);
            ifOffset = memory.allocateIf(ifEntries(adapter), request.text);
        } catch (final RuntimeException e) {
            adapter.dropIdleRings();
            throw e;
        }
        writeIf(adapter, ifOffset, txRings, rxRings);
        final NetmapIf netmapIf = view(request, adapter, ifOffset);
        final Binding made =
                new Binding(adapter, selection, exclusive, ifOffset, netmapIf, txRings, rxRings, request.extraBuffers);
        adapter.descriptorOpened();
        made.forEachRing(ring -> ring.acquire(exclusive));
        memory.bound(made);
        adapter.registered(made);
        made.writeBack(request);
        return made;
    }

    /** A ring that is open already can have any header: who has it mapped may write there. */
    private static NetmapIf view(final Registration request, final Adapter adapter, final long ifOffset) {
        try {
            return adapter.memory().region().netmapIf(ifOffset);
        } catch (final IllegalArgumentException e) {
            adapter.memory().freeIf(ifOffset);
            adapter.dropIdleRings();
            throw request.refuse(
                    Errno.EFAULT,
                    "Somebody wrote over the header of a ring (" + e.getMessage()
                            + "): close every descriptor of the port.");
        }
    }

    private static void agreeOnOffsets(
            final Registration request, final Adapter adapter, final KernelRing[] txRings, final KernelRing[] rxRings) {
        final OffsetsOption offsets = request.offsets;
        if (offsets != null) {
            final List<KernelRing> rings =
                    Stream.of(txRings, rxRings).flatMap(Arrays::stream).toList();
            final long max;
            try {
                max = offsets.apply(request, adapter, rings);
            } catch (final NetmapErrnoException e) {
                request.offsetsStatus = e.number();
                throw e;
            }
            request.offsetsStatus = 0;
            request.offsets = new OffsetsOption(max, offsets.initialOffset(), offsets.bits(), offsets.minGap());
        }
    }

    /** The numbers that REGISTER returns. */
    private void writeBack(final Registration request) {
        request.txRings = adapter.ringCount(false);
        request.rxRings = adapter.ringCount(true);
        request.txSlots = adapter.slotCount(false);
        request.rxSlots = adapter.slotCount(true);
        request.hostTxRings = adapter.hostRingCount(false);
        request.hostRxRings = adapter.hostRingCount(true);
        request.memId = adapter.memory().id();
        request.extraBuffers = extraBuffers;
    }

    private static void refuseIfBusy(
            final Registration request, final Adapter adapter, final Selection selection, final boolean exclusive) {
        if (adapter.isOwnedByKernel()) {
            throw request.refuse(
                    Errno.EBUSY, adapter.name() + " is attached to a switch: detach it, or open another port.");
        }
        for (final boolean rx : new boolean[] {true, false}) {
            for (int i = selection.first(rx); i < selection.last(rx); i++) {
                final KernelRing ring = adapter.ring(rx, i);
                if (ring != null && ring.isBusyFor(exclusive)) {
                    throw request.refuse(
                            Errno.EBUSY,
                            ring.name + " is open already and one of both wants it exclusively (/x): close the other"
                                    + " descriptor or leave out /x.");
                }
            }
        }
    }

    private static KernelRing[] rings(final Adapter adapter, final Selection selection, final boolean rx) {
        return IntStream.range(selection.first(rx), selection.last(rx))
                .mapToObj(i -> adapter.requireRing(rx, i))
                .toArray(KernelRing[]::new);
    }

    /** Every adapter has at least one host ring each way, if only in the count: netmap_mem2_if_new. */
    private static int hostEntries(final Adapter adapter, final boolean rx) {
        return Math.max(1, adapter.hostRingCount(rx));
    }

    private static int entries(final Adapter adapter, final boolean rx) {
        return adapter.ringCount(rx) + hostEntries(adapter, rx);
    }

    private static int ifEntries(final Adapter adapter) {
        return entries(adapter, false) + entries(adapter, true);
    }

    private static void writeIf(
            final Adapter adapter, final long ifOffset, final KernelRing[] txRings, final KernelRing[] rxRings) {
        final ByteBuffer memory =
                adapter.memory().region().slice(ifOffset, NetmapIfDescriptor.ifLength(ifEntries(adapter)));
        final byte[] name = adapter.name().getBytes(StandardCharsets.UTF_8);
        memory.put(NetmapIfDescriptor.NAME_OFFSET, name, 0, Math.min(name.length, NetmapIfDescriptor.NAME_LENGTH - 1));
        memory.putInt(NetmapIfDescriptor.TX_RINGS_OFFSET, adapter.ringCount(false));
        memory.putInt(NetmapIfDescriptor.RX_RINGS_OFFSET, adapter.ringCount(true));
        memory.putInt(NetmapIfDescriptor.HOST_TX_RINGS_OFFSET, hostEntries(adapter, false));
        memory.putInt(NetmapIfDescriptor.HOST_RX_RINGS_OFFSET, hostEntries(adapter, true));
        memory.putInt(
                NetmapIfDescriptor.FLAGS_OFFSET, adapter.memory().isPrivate() ? NetmapIfDescriptor.NI_PRIV_MEM : 0);
        writeOffsets(memory, ifOffset, 0, txRings);
        writeOffsets(memory, ifOffset, entries(adapter, false), rxRings);
    }

    /** Rings that the descriptor is not bound to keep offset 0. */
    private static void writeOffsets(
            final ByteBuffer memory, final long ifOffset, final int firstEntry, final KernelRing[] rings) {
        for (final KernelRing ring : rings) {
            memory.putLong(NetmapIfDescriptor.ringOfsOffset(firstEntry + ring.ring.ringId()), ring.offset - ifOffset);
        }
    }

    private void forEachRing(final Consumer<KernelRing> action) {
        Arrays.stream(txRings).forEach(action);
        Arrays.stream(rxRings).forEach(action);
    }

    Adapter adapter() {
        return adapter;
    }

    Selection selection() {
        return selection;
    }

    NetmapIf netmapIf() {
        return netmapIf;
    }

    /** {@code nr_offset}: where the netmap_if is. */
    long ifOffset() {
        return ifOffset;
    }

    /** Extra buffers granted. */
    int extraBuffers() {
        return extraBuffers;
    }

    KernelRing[] rings(final boolean rx) {
        return rx ? rxRings : txRings;
    }

    void release() {
        final EmbeddedMemory memory = adapter.memory();
        memory.freeExtra(netmapIf, adapter.name());
        adapter.unregistered(this);
        forEachRing(ring -> ring.release(exclusive));
        adapter.descriptorClosed();
        memory.freeIf(ifOffset);
        adapter.dropIdleRings();
        adapter.restoreMemory();
        adapter.releaseIfUnused();
        memory.unbound(this);
    }
}
