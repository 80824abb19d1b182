package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqPortInfoGetDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/** Why the kernel refused a REGISTER, as far as asking it further questions tells, and what to do. One thread. */
final class RegisterAdvice {
    private static final int DEFAULT_SLOTS = 1024;
    private static final long MONITOR =
            RegisterFlag.MONITOR_TX.bits() | RegisterFlag.MONITOR_RX.bits() | RegisterFlag.ZCOPY_MON.bits();

    private final ControlRequest request;
    private final ByteBuffer body;
    private final KernelDescriptor kernel;

    private RegisterAdvice(final ControlRequest request, final KernelDescriptor kernel) {
        this.request = request;
        this.body = request.body();
        this.kernel = kernel;
    }

    /**
     * Says what to do.
     *
     * @param request the REGISTER that was refused
     * @param number the error number
     * @return a sentence or two, empty if nothing is known
     */
    static String of(final ControlRequest request, final int number) {
        if (!request.hasBody() || request.body().capacity() < NmreqRegisterDescriptor.LENGTH) {
            return "The request's body is missing or too short.";
        }
        try (KernelDescriptor kernel = KernelDescriptor.open(new KernelDriver())) {
            return new RegisterAdvice(request, kernel).advice(Errno.of(number));
        } catch (final NetmapException e) {
            return ""; // no further descriptor to ask with: the error itself must do
        }
    }

    private String advice(final Errno errno) {
        return switch (errno) {
            case ENXIO -> "There is no interface or port of this name" + HostNames.suggestion(request.name());
            case ENODEV -> "There is no such port, and it is not to be made: open its other end or its parent first.";
            case EBUSY -> busy();
            case ENOMEM -> shortage();
            case EINVAL -> invalid();
            case EIO ->
                "The port's frames begin with virtio-net headers (it belongs to a virtual machine): switch them off there,"
                        + " or open it with RegisterFlag.ACCEPT_VNET_HDR and expect them.";
            case EOPNOTSUPP ->
                "netmap did not honour an option: "
                        + request.options().stream()
                                .filter(option -> option.status() != 0)
                                .map(ControlOption::toString)
                                .collect(Collectors.joining(", "))
                        + ".";
            default -> "";
        };
    }

    private static String busy() {
        return "Somebody has it exclusively (/x), or it is open and was asked for exclusively, or it is attached to a VALE"
                + " switch (valectl -d detaches it), or the descriptor has a port already."
                + DeviceHolders.sentence();
    }

    private String invalid() {
        final int code = body.getInt(NmreqRegisterDescriptor.MODE_OFFSET);
        final RegisterMode mode = mode(code);
        if (mode == null) {
            return "nr_mode is " + Integer.toUnsignedString(code) + ": no mode that netmap takes.";
        }
        if (HostNames.isPipe(request.name()) && mode != RegisterMode.ALL_NIC && mode != RegisterMode.ONE_NIC) {
            return "A pipe has no host rings: its mode is all rings, or one pair (-NN).";
        }
        final int memId = u16(body, NmreqRegisterDescriptor.MEM_ID_OFFSET);
        if (memId != 0 && FreeBuffers.of(memId) < 0) {
            return "There is no memory " + memId + ": name that of an open port, or none.";
        }
        if ((body.getLong(NmreqRegisterDescriptor.FLAGS_OFFSET) & MONITOR) != 0) {
            return "A monitor needs a port that is open, with the rings that it names: open the port first.";
        }
        final ByteBuffer port = portInfo();
        return port == null ? "" : badRing(port, mode);
    }

    private String badRing(final ByteBuffer port, final RegisterMode mode) {
        final boolean host = mode == RegisterMode.SW || mode == RegisterMode.NIC_SW || mode == RegisterMode.ONE_SW;
        final int tx = u16(
                port,
                mode == RegisterMode.ONE_SW
                        ? NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET
                        : NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET);
        final int rx = u16(
                port,
                mode == RegisterMode.ONE_SW
                        ? NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET
                        : NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET);
        final int ringId = u16(body, NmreqRegisterDescriptor.RINGID_OFFSET);
        if ((mode == RegisterMode.ONE_NIC || mode == RegisterMode.ONE_SW) && ringId >= Math.max(tx, rx)) {
            return "There is no ring " + ringId + ": the port has " + tx + " TX and " + rx + " RX rings of this kind.";
        }
        return host ? "The port has no host rings: leave out ^ and *." : "";
    }

    private String shortage() {
        final ControlRequest question = ControlRequest.of(RequestType.POOLS_INFO_GET, request.name());
        question.body()
                .putShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET, body.getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET));
        if (!kernel.answers(question)) {
            return "";
        }
        final ByteBuffer pools = question.body();
        return needs(portInfo()).shortage(pools, FreeBuffers.of(u16(pools, NmreqPoolsInfoDescriptor.MEM_ID_OFFSET)));
    }

    private PoolNeeds needs(final @Nullable ByteBuffer port) {
        final RegisterMode mode = mode(body.getInt(NmreqRegisterDescriptor.MODE_OFFSET));
        final int tx =
                number(port, NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET, NmreqRegisterDescriptor.TX_RINGS_OFFSET);
        final int rx =
                number(port, NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET, NmreqRegisterDescriptor.RX_RINGS_OFFSET);
        final int hostTx = port == null ? 0 : u16(port, NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET);
        final int hostRx = port == null ? 0 : u16(port, NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET);
        final long flags = body.getLong(NmreqRegisterDescriptor.FLAGS_OFFSET);
        final boolean withTx = (flags & RegisterFlag.RX_RINGS_ONLY.bits()) == 0;
        final boolean withRx = (flags & RegisterFlag.TX_RINGS_ONLY.bits()) == 0;
        return PoolNeeds.of(
                withTx ? bound(mode, tx, hostTx) : 0,
                withRx ? bound(mode, rx, hostRx) : 0,
                slots(port, NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET, NmreqRegisterDescriptor.TX_SLOTS_OFFSET),
                slots(port, NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET, NmreqRegisterDescriptor.RX_SLOTS_OFFSET),
                tx + hostTx + rx + hostRx,
                HostNames.isPipe(request.name()) ? 2 : 1);
    }

    private static int bound(final @Nullable RegisterMode mode, final int nic, final int host) {
        if (mode == null) {
            return nic;
        }
        return switch (mode) {
            case ONE_NIC, ONE_SW -> 1;
            case SW -> host;
            case NIC_SW -> nic + host;
            default -> nic;
        };
    }

    /** Rings that the port has, or that it was to get: one each way if the request says nothing. */
    private int number(final @Nullable ByteBuffer port, final int portOffset, final int bodyOffset) {
        return port != null ? u16(port, portOffset) : Math.max(1, u16(body, bodyOffset));
    }

    private int slots(final @Nullable ByteBuffer port, final int portOffset, final int bodyOffset) {
        if (port != null) {
            return port.getInt(portOffset);
        }
        final int asked = body.getInt(bodyOffset);
        return asked > 0 ? asked : DEFAULT_SLOTS;
    }

    /** The port as it is, or as the REGISTER would have made it; null if it can't be made. */
    private @Nullable ByteBuffer portInfo() {
        final ControlRequest question = ControlRequest.of(RequestType.PORT_INFO_GET, request.name());
        // Six sizes that both structs have, one behind the other.
        final byte[] sizes = new byte[NmreqRegisterDescriptor.MEM_ID_OFFSET - NmreqRegisterDescriptor.TX_SLOTS_OFFSET];
        body.get(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, sizes);
        question.body()
                .put(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET, sizes)
                .putShort(
                        NmreqPortInfoGetDescriptor.MEM_ID_OFFSET, body.getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET));
        return kernel.answers(question) ? question.body() : null;
    }

    private static @Nullable RegisterMode mode(final int code) {
        return Arrays.stream(RegisterMode.values())
                .filter(mode -> mode.code() == code)
                .findAny()
                .orElse(null);
    }

    private static int u16(final ByteBuffer struct, final int offset) {
        return Short.toUnsignedInt(struct.getShort(offset));
    }
}
