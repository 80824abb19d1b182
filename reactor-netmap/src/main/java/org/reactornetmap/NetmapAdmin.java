package org.reactornetmap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.NetmapDrivers;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqPortInfoGetDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.NmreqValeAttachDescriptor;
import org.reactornetmap.driver.NmreqValeDetachDescriptor;
import org.reactornetmap.driver.NmreqValeListDescriptor;
import org.reactornetmap.driver.NmreqValeNewifDescriptor;
import org.reactornetmap.driver.NmreqValePollingDescriptor;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/**
 * What netmap's {@code valectl} does: makes and deletes persistent VALE ports, puts interfaces into switches and takes
 * them out, and asks about ports and memories. Each call is one control request on a descriptor of its own. Immutable;
 * any thread; calls block for as long as the request takes.
 *
 * <pre>{@code
 * NetmapAdmin admin = netmap.admin();
 * admin.newInterface("v1", InterfaceOptions.defaults().withSlots(256));
 * admin.attach("vale0:v1");
 * NetmapPort port = netmap.open("netmap:v1");
 * }</pre>
 */
public final class NetmapAdmin {
    /** A port that opens in-process where there is no {@code /dev/netmap}; it is never opened. */
    private static final String ANY_PORT = "vale0:admin";

    private final NetmapDriver driver;

    private NetmapAdmin(final NetmapDriver driver) {
        this.driver = driver;
    }

    /**
     * For the netmap that a {@code NetmapPort.open("vale0:a")} would use: the kernel's where {@code /dev/netmap} exists,
     * otherwise the one of this process.
     *
     * @return an admin
     * @throws org.reactornetmap.driver.NetmapUnavailableException if there is no such driver
     */
    public static NetmapAdmin create() {
        return of(NetmapDrivers.auto(PortSpec.parse(ANY_PORT)));
    }

    /**
     * For a netmap.
     *
     * @param driver the netmap
     * @return an admin
     */
    public static NetmapAdmin of(final NetmapDriver driver) {
        return new NetmapAdmin(driver);
    }

    /**
     * Makes a persistent VALE port: an interface that stays until it is deleted, can be opened by its name
     * ({@code netmap:v1}) and attached to a switch. {@code valectl -n}.
     *
     * @param name 1 to 15 characters, not beginning with {@code vale}
     * @param options its size
     * @return the size it has
     * @throws NetmapErrnoException {@code EEXIST} if there is such an interface; {@code EINVAL} for a bad name or an
     *     unknown memory; {@code ENOMEM} if there is no memory for it
     */
    public InterfaceOptions newInterface(final String name, final InterfaceOptions options) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_NEWIF, name);
        final ByteBuffer body = request.body();
        body.putInt(NmreqValeNewifDescriptor.TX_SLOTS_OFFSET, options.txSlots());
        body.putInt(NmreqValeNewifDescriptor.RX_SLOTS_OFFSET, options.rxSlots());
        body.putShort(NmreqValeNewifDescriptor.TX_RINGS_OFFSET, (short) options.txRings());
        body.putShort(NmreqValeNewifDescriptor.RX_RINGS_OFFSET, (short) options.rxRings());
        body.putShort(NmreqValeNewifDescriptor.MEM_ID_OFFSET, (short) options.memId());
        send(request);
        return new InterfaceOptions(
                u16(body, NmreqValeNewifDescriptor.TX_RINGS_OFFSET),
                u16(body, NmreqValeNewifDescriptor.RX_RINGS_OFFSET),
                body.getInt(NmreqValeNewifDescriptor.TX_SLOTS_OFFSET),
                body.getInt(NmreqValeNewifDescriptor.RX_SLOTS_OFFSET),
                u16(body, NmreqValeNewifDescriptor.MEM_ID_OFFSET));
    }

    /**
     * Deletes a persistent VALE port. {@code valectl -r}.
     *
     * @param name of the port
     * @throws NetmapErrnoException {@code ENXIO} if there is no such interface; {@code EINVAL} if it was not made by
     *     {@link #newInterface}; {@code EBUSY} while it is open, attached or has pipes
     */
    public void deleteInterface(final String name) {
        send(ControlRequest.of(RequestType.VALE_DELIF, name));
    }

    /**
     * Makes an interface a port of a switch, which is made if need be. {@code valectl -a}.
     *
     * @param port switch and interface, such as {@code vale0:v1}
     * @return the port's place in the switch
     * @throws NetmapErrnoException {@code EINVAL} if there is no such interface or the name is bad; {@code EBUSY} if the
     *     switch has it or it is open; {@code ENOMEM} if there are too many ports or switches
     */
    public int attach(final String port) {
        return attach(port, RegisterMode.ALL_NIC);
    }

    /**
     * The same for a NIC, the host stack becoming a port of the switch as well. {@code valectl -h}.
     *
     * @param port switch and interface, such as {@code vale0:eth0}
     * @return the NIC's place in the switch
     * @throws NetmapErrnoException as {@link #attach(String)}
     */
    public int attachWithHost(final String port) {
        return attach(port, RegisterMode.NIC_SW);
    }

    private int attach(final String port, final RegisterMode mode) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_ATTACH, port);
        // The attached port's own registration begins the body.
        request.body().putInt(NmreqValeAttachDescriptor.REG_OFFSET + NmreqRegisterDescriptor.MODE_OFFSET, mode.code());
        send(request);
        return request.body().getInt(NmreqValeAttachDescriptor.PORT_INDEX_OFFSET);
    }

    /**
     * Takes an interface out of a switch. {@code valectl -d}.
     *
     * @param port as it was attached
     * @return the place that it had
     * @throws NetmapErrnoException {@code ENXIO} if no switch has it; {@code EBUSY} while CPUs poll it, or while a second
     *     switch has it as well
     */
    public int detach(final String port) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_DETACH, port);
        send(request);
        return request.body().getInt(NmreqValeDetachDescriptor.PORT_INDEX_OFFSET);
    }

    /**
     * Lists the ports of all switches. {@code valectl}. Not a snapshot: ports may come and go while it is made.
     *
     * @return a new list, by switch and place
     */
    public List<SwitchPort> ports() {
        final List<SwitchPort> found = new ArrayList<>();
        int switchIndex = 0;
        int portIndex = 0;
        while (true) {
            final ControlRequest request = ControlRequest.of(RequestType.VALE_LIST, "");
            final ByteBuffer body = request.body();
            body.putShort(NmreqValeListDescriptor.BRIDGE_IDX_OFFSET, (short) switchIndex);
            body.putInt(NmreqValeListDescriptor.PORT_IDX_OFFSET, portIndex);
            try {
                send(request);
            } catch (final NetmapErrnoException e) {
                if (e.errno() == Errno.ENOENT) {
                    return found; // netmap's way to say that there are no more
                }
                throw e;
            }
            switchIndex = u16(body, NmreqValeListDescriptor.BRIDGE_IDX_OFFSET);
            portIndex = body.getInt(NmreqValeListDescriptor.PORT_IDX_OFFSET);
            found.add(new SwitchPort(request.name(), switchIndex, portIndex));
            portIndex++;
        }
    }

    /**
     * Tells the size of a port. One that is not there, but would be made by opening it, is told of as it would be.
     *
     * @param spec the port, such as {@code netmap:eth0} or {@code vale0:a}; of rings, flags and options only the memory
     *     ({@code @1}) counts
     * @return its size
     * @throws NetmapErrnoException {@code ENXIO} if there is no such interface; {@code EINVAL} for an unknown memory
     * @throws org.reactornetmap.driver.PortSpecException if the spec is no port spec
     */
    public PortInfo portInfo(final String spec) {
        final PortSpec port = PortSpec.parse(spec);
        final ControlRequest request = ControlRequest.of(RequestType.PORT_INFO_GET, port.portName());
        final ByteBuffer body = request.body();
        body.putShort(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET, (short) port.memId());
        send(request);
        return new PortInfo(
                u16(body, NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET),
                u16(body, NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET),
                u16(body, NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET),
                u16(body, NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET),
                body.getInt(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET),
                body.getInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET),
                u16(body, NmreqPortInfoGetDescriptor.MEM_ID_OFFSET),
                body.getLong(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET));
    }

    /**
     * Tells how large a memory is.
     *
     * @param memId its id, 1..65535; 1 is the global memory
     * @return bytes
     * @throws NetmapErrnoException {@code EINVAL} if there is no such memory
     */
    public long memoryBytes(final int memId) {
        final ControlRequest request = ControlRequest.of(RequestType.PORT_INFO_GET, "");
        request.body().putShort(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET, (short) memId);
        send(request);
        return request.body().getLong(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET);
    }

    /**
     * Tells the pools of a port's memory. netmap has no way to ask for those of a memory without a port.
     *
     * @param spec the port, as for {@link #portInfo}
     * @return the pools
     * @throws NetmapErrnoException {@code ENXIO} if there is no such interface; {@code EINVAL} for an unknown memory;
     *     {@code ENOMEM} if the pools cannot be allocated
     * @throws org.reactornetmap.driver.PortSpecException if the spec is no port spec
     */
    public PoolsInfo pools(final String spec) {
        final PortSpec port = PortSpec.parse(spec);
        final ControlRequest request = ControlRequest.of(RequestType.POOLS_INFO_GET, port.portName());
        final ByteBuffer body = request.body();
        body.putShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET, (short) port.memId());
        send(request);
        return new PoolsInfo(
                u16(body, NmreqPoolsInfoDescriptor.MEM_ID_OFFSET),
                body.getLong(NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET),
                new PoolsInfo.Pool(
                        body.getLong(NmreqPoolsInfoDescriptor.IF_POOL_OFFSET_OFFSET),
                        body.getInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET),
                        body.getInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET)),
                new PoolsInfo.Pool(
                        body.getLong(NmreqPoolsInfoDescriptor.RING_POOL_OFFSET_OFFSET),
                        body.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET),
                        body.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET)),
                new PoolsInfo.Pool(
                        body.getLong(NmreqPoolsInfoDescriptor.BUF_POOL_OFFSET_OFFSET),
                        body.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET),
                        body.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET)));
    }

    /**
     * Has one CPU poll all RX rings of a NIC in a switch, instead of waiting for its interrupts. {@code valectl -p}.
     *
     * @param port as it was attached
     * @param cpu the CPU
     * @throws NetmapErrnoException {@code ENXIO} if no switch has it; {@code EOPNOTSUPP} if it is no NIC; {@code EFAULT}
     *     if it is polled already; {@code EINVAL} if the machine has one CPU only
     */
    public void enablePolling(final String port, final int cpu) {
        polling(port, NmreqValePollingDescriptor.SINGLE_CPU, cpu, 1);
    }

    /**
     * Has several CPUs poll a NIC in a switch, each the RX ring of its own number.
     *
     * @param port as it was attached
     * @param firstRing the first ring, and the number of its CPU
     * @param rings number of rings, and of CPUs
     * @throws NetmapErrnoException as {@link #enablePolling(String, int)}; {@code EINVAL} if the NIC has no such rings or
     *     the machine not more CPUs than these
     */
    public void enablePolling(final String port, final int firstRing, final int rings) {
        polling(port, NmreqValePollingDescriptor.MULTI_CPU, firstRing, rings);
    }

    private void polling(final String port, final int mode, final int first, final int count) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_POLLING_ENABLE, port);
        final ByteBuffer body = request.body();
        body.putInt(NmreqValePollingDescriptor.MODE_OFFSET, mode);
        body.putInt(NmreqValePollingDescriptor.FIRST_CPU_ID_OFFSET, first);
        body.putInt(NmreqValePollingDescriptor.NUM_POLLING_CPUS_OFFSET, count);
        send(request);
    }

    /**
     * Ends the polling of a NIC in a switch.
     *
     * @param port as it was attached
     * @throws NetmapErrnoException {@code ENXIO} if no switch has it; {@code EOPNOTSUPP} if it is no NIC; {@code EFAULT}
     *     if it is not polled
     */
    public void disablePolling(final String port) {
        send(ControlRequest.of(RequestType.VALE_POLLING_DISABLE, port));
    }

    private void send(final ControlRequest request) {
        try (DriverDescriptor descriptor = driver.newDescriptor()) {
            descriptor.control(request);
        }
    }

    private static int u16(final ByteBuffer body, final int offset) {
        return Short.toUnsignedInt(body.getShort(offset));
    }

    @Override
    public String toString() {
        return "admin of " + driver;
    }
}
