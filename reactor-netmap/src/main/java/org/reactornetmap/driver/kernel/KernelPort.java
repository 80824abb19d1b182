package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapIf;
import org.reactornetmap.ring.Region;

/** What a REGISTER bound a {@link KernelDescriptor} to. Threads as {@link DriverPort} says. */
final class KernelPort implements DriverPort {
    /** Flags of a monitor. */
    static final long MONITOR =
            RegisterFlag.MONITOR_TX.bits() | RegisterFlag.MONITOR_RX.bits() | RegisterFlag.ZCOPY_MON.bits();

    private final KernelDescriptor descriptor;
    private final String name;
    private final Region region;
    private final NetmapIf netmapIf;
    private final int extraBuffers;
    private final int portTxRings;
    private final int portRxRings;
    private final boolean monitor;
    private final boolean cable;

    /** Reads what REGISTER returned, and checks that it makes sense in the memory that it is said to be in. */
    KernelPort(final KernelDescriptor descriptor, final ControlRequest registered, final KernelMapping mapping) {
        this.descriptor = descriptor;
        this.name = registered.name();
        final ByteBuffer body = registered.body();
        region = new Region(mapping, Short.toUnsignedInt(body.getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET)));
        netmapIf = region.netmapIf(body.getLong(NmreqRegisterDescriptor.OFFSET_OFFSET));
        extraBuffers = body.getInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET);
        portTxRings = Short.toUnsignedInt(body.getShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET));
        portRxRings = Short.toUnsignedInt(body.getShort(NmreqRegisterDescriptor.RX_RINGS_OFFSET));
        monitor = (body.getLong(NmreqRegisterDescriptor.FLAGS_OFFSET) & MONITOR) != 0;
        cable = body.getInt(NmreqRegisterDescriptor.MODE_OFFSET) != RegisterMode.NULL.code();
    }

    @Override
    public NetmapDriver driver() {
        return descriptor.driver();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Region region() {
        return region;
    }

    @Override
    public NetmapIf netmapIf() {
        return netmapIf;
    }

    @Override
    public int extraBuffers() {
        return extraBuffers;
    }

    @Override
    public int portTxRings() {
        return portTxRings;
    }

    @Override
    public int portRxRings() {
        return portRxRings;
    }

    @Override
    public boolean isLinkUp() {
        return !cable || Ethtool.isLinkUp(name);
    }

    @Override
    public void txSync() {
        descriptor.txSync();
    }

    @Override
    public void rxSync() {
        descriptor.rxSync();
    }

    /** A monitor: its syncs by ioctl don't tell what its polls tell. */
    boolean isMonitor() {
        return monitor;
    }

    int fd() {
        return descriptor.fd();
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return name + " (kernel)";
    }
}
