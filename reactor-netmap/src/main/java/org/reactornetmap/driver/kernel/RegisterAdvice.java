package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterMode;

/** Why the kernel refused a REGISTER, as far as asking it further questions tells, and what to do. One thread. */
final class RegisterAdvice {
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
            case EOPNOTSUPP -> "netmap did not honour an option: " + optionsWith(errno) + ".";
            default -> "";
        };
    }

    /** Those that say the same; whatever the error, netmap never came to look at some of the others. */
    private String optionsWith(final Errno errno) {
        return request.options().stream()
                .filter(option -> LibcConstants.CURRENT.linuxErrno(option.status()) == errno.number())
                .map(ControlOption::toString)
                .collect(Collectors.joining(", "));
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
        final String options = optionsWith(Errno.EINVAL);
        if (!options.isEmpty()) {
            return "An option stands there twice, or its numbers do not fit the port's memory: " + options + ".";
        }
        if (HostNames.isPipe(request.name()) && mode != RegisterMode.ALL_NIC && mode != RegisterMode.ONE_NIC) {
            return "A pipe has no host rings: its mode is all rings, or one pair (-NN).";
        }
        final int memId = u16(body, NmreqRegisterDescriptor.MEM_ID_OFFSET);
        if (memId != 0 && FreeBuffers.of(memId) < 0) {
            return "There is no memory " + memId + ": name that of an open port, or none.";
        }
        if ((body.getLong(NmreqRegisterDescriptor.FLAGS_OFFSET) & KernelPort.MONITOR) != 0) {
            return "A monitor needs a port that is open, with the rings that it names: open the port first.";
        }
        final PortSizes port = PortSizes.of(request, kernel);
        if (port == null) {
            return "";
        }
        final String badRing = badRing(port, mode);
        return badRing.isEmpty() ? longFrames() : badRing;
    }

    private String badRing(final PortSizes port, final RegisterMode mode) {
        final boolean host = mode == RegisterMode.ONE_SW;
        final int tx = host ? port.hostTxRings() : port.txRings();
        final int rx = host ? port.hostRxRings() : port.rxRings();
        final int ringId = u16(body, NmreqRegisterDescriptor.RINGID_OFFSET);
        return switch (mode) {
            case ONE_NIC, ONE_SW ->
                ringId < Math.max(tx, rx)
                        ? ""
                        : "There is no ring " + ringId + ": the port has " + tx + " TX and " + rx
                                + " RX rings of this kind.";
            case SW, NIC_SW ->
                port.hostTxRings() + port.hostRxRings() > 0 ? "" : "The port has no host rings: leave out ^ and *.";
            case ALL_NIC, NULL -> "";
        };
    }

    /** A frame must fit a buffer, unless the driver can spread it over several slots. */
    private String longFrames() {
        final ByteBuffer pools = PoolNeeds.pools(request, kernel);
        if (pools == null || !HostInterface.exists(request.name())) {
            return "";
        }
        final HostInterface nic = HostInterface.of(request.name());
        final int bufSize = pools.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET);
        return nic.mtu() <= bufSize
                ? ""
                : "The interface's MTU is " + nic.mtu() + ", buf_size is " + bufSize
                        + ", and its driver can't spread a frame over several buffers: " + nic.mtuRemedy(bufSize);
    }

    private String shortage() {
        final RegisterMode mode = mode(body.getInt(NmreqRegisterDescriptor.MODE_OFFSET));
        final PortSizes port = PortSizes.of(request, kernel);
        if (mode == null || port == null) {
            return "";
        }
        final PoolNeeds needs = PoolNeeds.of(
                port, mode, body.getLong(NmreqRegisterDescriptor.FLAGS_OFFSET), HostNames.isPipe(request.name()));
        if (request.options().stream().anyMatch(option -> option.type() == NmreqOptionDescriptor.EXTMEM)) {
            return needs.ofExternalMemory();
        }
        final ByteBuffer pools = PoolNeeds.pools(request, kernel);
        return pools == null
                ? ""
                : needs.shortage(pools, FreeBuffers.of(u16(pools, NmreqPoolsInfoDescriptor.MEM_ID_OFFSET)));
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
