package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RequestType;
import org.reactornetmap.ring.NetmapIfDescriptor;

/**
 * What stands between this process and a port of the kernel's netmap. It opens no port: a NIC keeps working for its host.
 * (To look at a pipe or a port of a switch that does not exist, netmap makes it and throws it away. To count a memory's free
 * buffers, it lends them all for a moment: who opens a port just then may find none.) Any thread.
 */
public final class Preflight {
    private final List<Finding> findings = new ArrayList<>();

    private Preflight() {}

    /**
     * Looks at the module, its device and its global memory.
     *
     * @return what was found, in the order in which it matters
     */
    public static List<Finding> ofMachine() {
        final Preflight preflight = new Preflight();
        preflight.device(null);
        return List.copyOf(preflight.findings);
    }

    /**
     * Looks also at a port: its rings, what they need of the memory, and its interface.
     *
     * @param spec the port
     * @return what was found, in the order in which it matters
     */
    public static List<Finding> ofPort(final PortSpec spec) {
        final Preflight preflight = new Preflight();
        preflight.device(spec);
        return List.copyOf(preflight.findings);
    }

    private void device(final @Nullable PortSpec spec) {
        try (KernelDescriptor kernel = KernelDescriptor.open(new KernelDriver())) {
            findings.add(Finding.ok(
                    "module",
                    KernelErrors.DEVICE + " is there, may be opened, and speaks API version "
                            + NetmapIfDescriptor.NETMAP_API + ".",
                    Map.of("apiVersion", (long) NetmapIfDescriptor.NETMAP_API)));
            if (spec == null) {
                memory(PoolNeeds.GLOBAL_MEMORY, kernel);
            } else {
                port(spec, kernel);
            }
        } catch (final NetmapException | LinkageError e) {
            findings.add(Finding.failure("module", e));
        }
    }

    /** Nobody may have opened a port yet: then the memory is not there either, only its parameters. */
    private void memory(final int memId, final KernelDescriptor kernel) {
        final ControlRequest anyPort = ControlRequest.of(RequestType.REGISTER, "preflight{0");
        anyPort.body().putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) memId);
        final ByteBuffer pools = PoolNeeds.pools(anyPort, kernel);
        if (pools == null) {
            findings.add(Finding.warning(
                    "pools", "The global memory can't be looked at.", "See dmesg for what netmap says.", Map.of()));
        } else {
            pools(pools, FreeBuffers.of(memId), null);
        }
    }

    private void port(final PortSpec spec, final KernelDescriptor kernel) {
        final ControlRequest register;
        try {
            register = new Opening(new OpenRequest(spec, -1, 0, 0, 0, 0, -1)).register(kernel);
        } catch (final NetmapException e) {
            findings.add(Finding.failure("port", e));
            return;
        }
        final PortSizes sizes = PortSizes.of(register, kernel);
        if (sizes == null) {
            findings.add(Finding.failure(
                    "port",
                    "There is no port " + spec.portName() + HostNames.suggestion(spec.portName()),
                    "Name one that exists, or make the interface first."));
            return;
        }
        findings.add(Finding.ok(
                "rings",
                spec.portName() + " has " + sizes.txRings() + " TX rings of " + sizes.txSlots() + " slots, "
                        + sizes.rxRings() + " RX rings of " + sizes.rxSlots() + " slots, and " + sizes.hostTxRings()
                        + "/"
                        + sizes.hostRxRings() + " host rings.",
                Map.of(
                        "txRings", (long) sizes.txRings(),
                        "txSlots", (long) sizes.txSlots(),
                        "rxRings", (long) sizes.rxRings(),
                        "rxSlots", (long) sizes.rxSlots(),
                        "hostTxRings", (long) sizes.hostTxRings(),
                        "hostRxRings", (long) sizes.hostRxRings())));
        final ByteBuffer pools = PoolNeeds.pools(register, kernel);
        if (pools == null) {
            findings.add(
                    Finding.failure("pools", "The port's memory can't be made.", "See dmesg for what netmap says."));
            return;
        }
        final int memId = Short.toUnsignedInt(pools.getShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET));
        // A memory of the port's own goes as soon as it was looked at: then all of it is free.
        final int free = FreeBuffers.of(memId);
        final int all = pools.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET) - PoolNeeds.RESERVED;
        pools(
                pools,
                free < 0 && memId != PoolNeeds.GLOBAL_MEMORY ? all : free,
                PoolNeeds.of(sizes, spec.mode(), spec.flagBits(), spec.isPipe()));
        if (HostInterface.exists(spec.portName())) {
            final HostInterface nic = HostInterface.of(spec.portName());
            findings.add(link(nic));
            findings.add(mtu(nic, pools.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET)));
            findings.add(offloads(nic));
        }
    }

    private void pools(final ByteBuffer pools, final int free, final @Nullable PoolNeeds needs) {
        final long memId = Short.toUnsignedInt(pools.getShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET));
        final long total = pools.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET);
        final long size = pools.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET);
        final long rings = pools.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET);
        final long used = total - PoolNeeds.RESERVED - Math.max(0, free);
        final String fact = "Memory " + memId + " has " + total + " buffers of " + size + " bytes (" + Math.max(0, free)
                + " free, " + used + " in use), " + rings + " rings and "
                + pools.getInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET) + " netmap_ifs"
                + (needs == null
                        ? "."
                        : "; the port takes " + needs.buffers() + " buffers and " + needs.rings() + " rings.");
        final Map<String, Long> values = Map.of(
                "memory",
                memId,
                "buffers",
                total,
                "bufferSize",
                size,
                "freeBuffers",
                (long) free,
                "rings",
                rings,
                "neededBuffers",
                needs == null ? 0 : needs.buffers(),
                "neededRings",
                needs == null ? 0L : needs.rings());
        final String lack = needs == null ? null : needs.lack(pools, free);
        findings.add(
                lack == null
                        ? Finding.ok("pools", fact, values)
                        : new Finding("pools", Finding.Level.FAILURE, fact, lack, values));
    }

    static Finding link(final HostInterface nic) {
        if (!nic.up()) {
            return Finding.warning(
                    "link", nic.name() + " is down.", "ip link set " + nic.name() + " up", Map.of("link", 0L));
        }
        return nic.link()
                ? Finding.ok("link", nic.name() + " has a link.", Map.of("link", 1L))
                : Finding.warning(
                        "link",
                        nic.name() + " has no link.",
                        "Check the cable and the other end; NetmapPort.linkUp() waits for it.",
                        Map.of("link", 0L));
    }

    static Finding mtu(final HostInterface nic, final int bufSize) {
        final Map<String, Long> values = Map.of("mtu", (long) nic.mtu(), "bufferSize", (long) bufSize);
        final String mtu = "MTU " + nic.mtu() + ": ";
        if (nic.mtu() > bufSize) {
            return Finding.warning(
                    "mtu",
                    mtu + "more than a buffer of " + bufSize
                            + " bytes. The port opens only if the interface's driver can"
                            + " spread a frame over several buffers, which netmap's generic one can't.",
                    nic.mtuRemedy(bufSize),
                    values);
        }
        return nic.longestFrame() <= bufSize
                ? Finding.ok("mtu", mtu + "every frame fits a buffer of " + bufSize + " bytes.", values)
                : Finding.warning(
                        "mtu",
                        mtu + "frames of up to " + nic.longestFrame() + " bytes may not fit a buffer of " + bufSize
                                + ".",
                        nic.mtuRemedy(bufSize),
                        values);
    }

    static Finding offloads(final HostInterface nic) {
        return nic.offloads().isEmpty()
                ? Finding.ok("offloads", "No offload is on that breaks netmap.", Map.of())
                : Finding.warning(
                        "offloads",
                        "Offloads are on that make frames no ring can hold, or without checksum or tag: "
                                + String.join(", ", nic.offloads()) + ".",
                        nic.ethtoolLine(),
                        Map.of());
    }
}
