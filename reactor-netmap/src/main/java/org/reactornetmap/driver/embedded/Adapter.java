package org.reactornetmap.driver.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A port of the embedded netmap, which any number of descriptors may have open: what {@code netmap_adapter} is to the
 * kernel. Rings are counted as there, the NIC's first, then the host's. Guarded by the world's lock.
 */
abstract class Adapter {
    private final String name;
    private EmbeddedMemory memory;
    private @Nullable EmbeddedMemory ownMemory;
    private final Map<String, Pipe> pipes = new LinkedHashMap<>();
    private final List<MonitorAdapter> monitors = new ArrayList<>();
    private int monitorId;
    private int openDescriptors;
    private int holders;
    private boolean ownedByKernel;

    /** Lives in the memory until {@link #free}. */
    @SuppressWarnings("this-escape") // the memory only keeps it
    Adapter(final String name, final EmbeddedMemory memory) {
        this.name = name;
        this.memory = memory;
        memory.enter(this);
    }

    /** As {@code ni_name} has it, before it is cut. */
    final String name() {
        return name;
    }

    /** Where its rings and buffers are. */
    final EmbeddedMemory memory() {
        return memory;
    }

    /** Lives in another memory until {@link #restoreMemory}: a request for an interface that nobody has open named it. */
    final void borrowMemory(final EmbeddedMemory other) {
        if (isOpen() || other == memory) {
            return;
        }
        if (ownMemory == null) {
            ownMemory = memory;
            memory.hold();
        }
        moveTo(other);
    }

    /** Goes back to its own memory once nobody has it open: {@code netmap_mem_restore}. */
    final void restoreMemory() {
        final EmbeddedMemory own = ownMemory;
        if (own != null && !isOpen()) {
            ownMemory = null;
            moveTo(own);
            own.drop();
        }
    }

    private void moveTo(final EmbeddedMemory other) {
        final EmbeddedMemory before = memory;
        other.enter(this);
        memory = other;
        before.leave(this);
    }

    /** {@code NAF_OFFSETS}: whether frames may begin inside their buffers. */
    boolean supportsOffsets() {
        return true;
    }

    /** Rings that are made when one is needed: a pipe makes the other end's too. */
    int objectsPerRing() {
        return 1;
    }

    /** The pipes whose parent this is, by their ids. */
    final Map<String, Pipe> pipes() {
        return pipes;
    }

    /** Whether a descriptor has it open: it is in netmap mode. */
    final boolean isOpen() {
        return openDescriptors > 0;
    }

    /** Its rings are there. */
    final void descriptorOpened() {
        openDescriptors++;
        monitors.forEach(MonitorAdapter::watchRings);
    }

    /** With the last one the port leaves netmap mode, and its monitors have nothing more to see. */
    final void descriptorClosed() {
        openDescriptors--;
        if (openDescriptors == 0) {
            monitors.forEach(MonitorAdapter::parentLeft);
            monitors.clear();
        }
    }

    /** {@code monitor_id}: the number of the next monitor of this port, whatever becomes of it. */
    final int nextMonitorId() {
        return monitorId++;
    }

    final void addMonitor(final MonitorAdapter monitor) {
        monitors.add(monitor);
    }

    final void removeMonitor(final MonitorAdapter monitor) {
        monitors.remove(monitor);
    }

    /** Something other than a descriptor needs it: a pipe's other end, a switch, a monitor. */
    final void hold() {
        holders++;
    }

    /** The counterpart of {@link #hold}. */
    final void drop() {
        holders--;
        releaseIfUnused();
    }

    /** How many hold it that are no descriptors. */
    final int holders() {
        return holders;
    }

    /** Whether it must stay. */
    final boolean isHeld() {
        return openDescriptors > 0 || holders > 0;
    }

    /** Whether the kernel itself has it, as a switch has a NIC: nobody else may open it. {@code NAF_BUSY}. */
    boolean isOwnedByKernel() {
        return ownedByKernel;
    }

    /** A switch took or left it. */
    void ownedByKernel(final boolean isOwned) {
        ownedByKernel = isOwned;
    }

    /** Number of the NIC's RX or TX rings. */
    abstract int ringCount(boolean rx);

    /** Number of host RX or TX rings that are really there. */
    int hostRingCount(final boolean rx) {
        return 0;
    }

    /** Number of slots of each RX or TX ring. */
    abstract int slotCount(boolean rx);

    /** A ring, null if nobody needed it yet. */
    abstract @Nullable KernelRing ring(boolean rx, int ringId);

    /** A ring, made if need be; the caller made sure that there are buffers for it. */
    abstract KernelRing requireRing(boolean rx, int ringId);

    /** Frees the rings that nobody uses: after a close, or an open that failed. */
    abstract void dropIdleRings();

    /** Refuses what this kind of port can't do with these rings; nothing was taken yet. */
    void checkOpen(final Registration request, final Selection selection) {}

    /** Whether the interface was removed under those who have it open. Any thread. */
    boolean isGone() {
        return false;
    }

    /** Whether its cable has a link; ports without one always do. Any thread. */
    boolean isLinkUp() {
        return true;
    }

    /** {@code nm_register(1)}: a descriptor is bound, its rings are acquired. */
    void registered(final Binding binding) {}

    /** {@code nm_register(0)}: a descriptor is about to go; its rings are still acquired. */
    void unregistered(final Binding binding) {}

    /** Frees the port if nothing holds it any more. */
    abstract void releaseIfUnused();

    /** Gives the memory back, once, when the port goes. */
    final void free() {
        final EmbeddedMemory own = ownMemory;
        ownMemory = null;
        memory.leave(this);
        if (own != null) {
            own.drop();
        }
    }

    /** Every buffer in the port's rings, for an audit. */
    abstract void forEachBuffer(IntConsumer consumer);
}
