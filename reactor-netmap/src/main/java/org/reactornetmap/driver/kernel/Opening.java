package org.reactornetmap.driver.kernel;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqOptExtmemDescriptor;
import org.reactornetmap.driver.NmreqOptOffsetsDescriptor;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqPortInfoGetDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.PortOption;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/** From an {@link OpenRequest} to a registered, mapped port: all of it or nothing. One thread, once. */
final class Opening {
    /** Slots of a ring of a pipe, or of a VALE port, that says nothing else: {@code NM_BRIDGE_RINGSIZE}. */
    private static final int DEFAULT_SLOTS = 1024;

    private final OpenRequest request;
    private final PortSpec spec;
    private final RegisterMode mode;
    private final PortOption.Conf conf;

    Opening(final OpenRequest request) {
        this.request = request;
        this.spec = request.spec();
        this.mode = request.ring() >= 0 ? RegisterMode.ONE_NIC : spec.mode();
        this.conf = spec.option(PortOption.Conf.class).orElse(PortOption.Conf.DEFAULT);
    }

    DriverPort run(final KernelDriver driver) {
        final KernelDescriptor descriptor = KernelDescriptor.open(driver);
        try {
            final ControlRequest register = register(descriptor);
            spec.option(PortOption.Offset.class).ifPresent(offset -> register.option(offsets(offset)));
            final PortOption.Extmem extmem =
                    spec.option(PortOption.Extmem.class).orElse(null);
            if (extmem == null) {
                descriptor.control(register);
            } else {
                registerIn(extmem, register, descriptor);
            }
            return Objects.requireNonNull(descriptor.port(), "REGISTER made no port");
        } catch (final RuntimeException | Error e) {
            descriptor.close();
            throw e;
        }
    }

    /** The request, without options. */
    ControlRequest register(final KernelDescriptor descriptor) {
        final ControlRequest register = ControlRequest.of(RequestType.REGISTER, spec.portName());
        final ByteBuffer body = register.body();
        body.putInt(NmreqRegisterDescriptor.MODE_OFFSET, mode.code());
        body.putShort(
                NmreqRegisterDescriptor.RINGID_OFFSET, (short) (request.ring() >= 0 ? request.ring() : spec.ringId()));
        body.putLong(NmreqRegisterDescriptor.FLAGS_OFFSET, request.flagBits());
        body.putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) memId(descriptor));
        body.putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, chosen(request.txSlots(), conf.txSlots()));
        body.putInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET, chosen(request.rxSlots(), conf.rxSlots()));
        body.putShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET, (short) chosen(request.txRings(), conf.txRings()));
        body.putShort(NmreqRegisterDescriptor.RX_RINGS_OFFSET, (short) chosen(request.rxRings(), conf.rxRings()));
        body.putShort(NmreqRegisterDescriptor.HOST_TX_RINGS_OFFSET, (short) conf.hostTxRings());
        body.putShort(NmreqRegisterDescriptor.HOST_RX_RINGS_OFFSET, (short) conf.hostRxRings());
        body.putInt(
                NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET,
                request.extraBuffers() < 0 ? rxSlots(register, descriptor) : request.extraBuffers());
        return register;
    }

    /** Numbers of the request win over the spec's. */
    private static int chosen(final int requested, final int configured) {
        return requested != 0 ? requested : configured;
    }

    private int memId(final KernelDescriptor descriptor) {
        final PortOption.Share share = spec.option(PortOption.Share.class).orElse(null);
        if (share != null) {
            final ControlRequest question = ControlRequest.of(RequestType.PORT_INFO_GET, share.portName());
            descriptor.control(question);
            return Short.toUnsignedInt(question.body().getShort(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET));
        }
        // A null port has no memory of its own.
        return spec.memId() == 0 && mode == RegisterMode.NULL ? PoolNeeds.GLOBAL_MEMORY : spec.memId();
    }

    /** Slots of the RX rings that the descriptor will be bound to; 0 if the REGISTER is going to fail. */
    private int rxSlots(final ControlRequest register, final KernelDescriptor descriptor) {
        if (mode == RegisterMode.NULL) {
            return 0;
        }
        if (spec.isPipe()) {
            return pipeRxSlots(descriptor);
        }
        final PortSizes sizes = PortSizes.of(register, descriptor);
        return sizes == null ? 0 : sizes.boundRx(mode) * sizes.rxSlots();
    }

    /**
     * As if this open made the pipe, with its parent's slots: to ask about the pipe itself would make it, and a parent, and
     * throw them away again.
     */
    private int pipeRxSlots(final KernelDescriptor descriptor) {
        final int rings = mode == RegisterMode.ONE_NIC ? 1 : Math.max(1, chosen(request.rxRings(), conf.rxRings()));
        final int slots = chosen(request.rxSlots(), conf.rxSlots());
        if (slots != 0) {
            return rings * slots;
        }
        final PortSizes parent = PortSizes.of(spec.pipeParent(), descriptor);
        return rings * (parent == null ? DEFAULT_SLOTS : parent.rxSlots());
    }

    private static ControlOption offsets(final PortOption.Offset offset) {
        final ControlOption option = ControlOption.of(NmreqOptionDescriptor.OFFSETS, NmreqOptOffsetsDescriptor.LENGTH);
        option.struct()
                .putLong(NmreqOptOffsetsDescriptor.MAX_OFFSET_OFFSET, offset.initial())
                .putLong(NmreqOptOffsetsDescriptor.INITIAL_OFFSET_OFFSET, offset.initial())
                .putInt(NmreqOptOffsetsDescriptor.OFFSET_BITS_OFFSET, offset.bits());
        return option;
    }

    /** The kernel holds the file's pages from then on, and its own mapping shows them: ours is needed for the call only. */
    private void registerIn(
            final PortOption.Extmem extmem, final ControlRequest register, final KernelDescriptor descriptor) {
        final long bytes = new File(extmem.file()).length();
        final int fd = Libc.open(extmem.file());
        if (fd < 0) {
            throw fileRefused(extmem, -fd);
        }
        final long base = Libc.mmap(0, bytes, LibcConstants.MAP_SHARED, fd);
        Libc.close(fd);
        if (base < 0) {
            throw fileRefused(extmem, (int) -base);
        }
        try {
            descriptor.control(register.option(extmem(extmem, base, bytes)));
        } finally {
            Libc.munmap(base, bytes);
        }
    }

    private NetmapErrnoException fileRefused(final PortOption.Extmem extmem, final int number) {
        return NetmapErrnoException.of(
                "NIOCCTRL(REGISTER)",
                spec.portName(),
                number,
                "The memory's file cannot be mapped to read and write: " + extmem.file()
                        + ". It must be there with its full size (truncate -s), and yours.");
    }

    private static ControlOption extmem(final PortOption.Extmem extmem, final long base, final long bytes) {
        final ControlOption option = ControlOption.of(NmreqOptionDescriptor.EXTMEM, NmreqOptExtmemDescriptor.LENGTH);
        final int info = NmreqOptExtmemDescriptor.INFO_OFFSET;
        option.struct()
                .putLong(NmreqOptExtmemDescriptor.USRPTR_OFFSET, base)
                .putLong(info + NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET, bytes)
                .putInt(info + NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET, extmem.ifNum())
                .putInt(info + NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET, extmem.ifSize())
                .putInt(info + NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET, extmem.ringNum())
                .putInt(info + NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET, extmem.ringSize())
                .putInt(info + NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET, extmem.bufNum())
                .putInt(info + NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET, extmem.bufSize());
        return option;
    }
}
