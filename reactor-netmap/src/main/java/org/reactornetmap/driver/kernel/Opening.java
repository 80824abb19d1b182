package org.reactornetmap.driver.kernel;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
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
    /** netmap's own memory, in which a null port lives unless its request names another. */
    private static final int GLOBAL_MEMORY = 1;

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
            final ControlRequest register = ControlRequest.of(RequestType.REGISTER, spec.portName());
            fill(register.body(), descriptor);
            spec.option(PortOption.Offset.class).ifPresent(offset -> register.option(offsets(offset)));
            final PortOption.Extmem extmem =
                    spec.option(PortOption.Extmem.class).orElse(null);
            if (extmem == null) {
                descriptor.control(register);
            } else {
                registerIn(extmem, register, descriptor);
            }
            return Objects.requireNonNull(descriptor.port(), "REGISTER made no port");
        } catch (final RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    private void fill(final ByteBuffer body, final KernelDescriptor descriptor) {
        body.putInt(NmreqRegisterDescriptor.MODE_OFFSET, mode.code());
        body.putShort(
                NmreqRegisterDescriptor.RINGID_OFFSET, (short) (request.ring() >= 0 ? request.ring() : spec.ringId()));
        body.putLong(NmreqRegisterDescriptor.FLAGS_OFFSET, request.flagBits());
        body.putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) memId(descriptor));
        putSizes(body, NmreqRegisterDescriptor.TX_SLOTS_OFFSET);
        body.putInt(
                NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET,
                request.extraBuffers() < 0 ? rxSlots(descriptor) : request.extraBuffers());
    }

    /** What {@code nmreq_register} and {@code nmreq_port_info_get} have in common, one behind the other. */
    private void putSizes(final ByteBuffer struct, final int txSlotsOffset) {
        struct.position(txSlotsOffset)
                .putInt(chosen(request.txSlots(), conf.txSlots()))
                .putInt(chosen(request.rxSlots(), conf.rxSlots()))
                .putShort((short) chosen(request.txRings(), conf.txRings()))
                .putShort((short) chosen(request.rxRings(), conf.rxRings()))
                .putShort((short) conf.hostTxRings())
                .putShort((short) conf.hostRxRings())
                .rewind();
    }

    /** Numbers of the request win over the spec's. */
    private static int chosen(final int requested, final int configured) {
        return requested != 0 ? requested : configured;
    }

    private int memId(final KernelDescriptor descriptor) {
        final PortOption.Share share = spec.option(PortOption.Share.class).orElse(null);
        if (share != null) {
            return u16(info(share.portName(), descriptor), NmreqPortInfoGetDescriptor.MEM_ID_OFFSET);
        }
        return spec.memId() == 0 && mode == RegisterMode.NULL ? GLOBAL_MEMORY : spec.memId();
    }

    /** Slots of the RX rings that the descriptor will be bound to. */
    private int rxSlots(final KernelDescriptor descriptor) {
        if (mode == RegisterMode.NULL) {
            return 0;
        }
        return spec.isPipe() ? pipeRxSlots(descriptor) : portRxSlots(descriptor);
    }

    private int portRxSlots(final KernelDescriptor descriptor) {
        final ControlRequest question = ControlRequest.of(RequestType.PORT_INFO_GET, spec.portName());
        putSizes(question.body(), NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET); // of a port that the REGISTER will make
        descriptor.control(question);
        final ByteBuffer info = question.body();
        final int nic = u16(info, NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET);
        final int host = u16(info, NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET);
        final int rings =
                switch (mode) {
                    case ONE_NIC, ONE_SW -> 1;
                    case SW -> host;
                    case NIC_SW -> nic + host;
                    default -> nic;
                };
        return rings * info.getInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET);
    }

    /**
     * As if this open made the pipe, with its parent's slots: to ask about the pipe itself would make it, and a parent, and
     * throw them away again.
     */
    private int pipeRxSlots(final KernelDescriptor descriptor) {
        final int rings = mode == RegisterMode.ONE_NIC ? 1 : Math.max(1, chosen(request.rxRings(), conf.rxRings()));
        final int slots = chosen(request.rxSlots(), conf.rxSlots());
        return rings * (slots != 0 ? slots : parentSlots(descriptor));
    }

    private int parentSlots(final KernelDescriptor descriptor) {
        try {
            return info(spec.pipeParent(), descriptor).getInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET);
        } catch (final NetmapErrnoException e) {
            if (e.errno() == Errno.ENXIO) {
                return DEFAULT_SLOTS; // it does not exist yet: the REGISTER makes it
            }
            throw e;
        }
    }

    private static ByteBuffer info(final String port, final KernelDescriptor descriptor) {
        final ControlRequest question = ControlRequest.of(RequestType.PORT_INFO_GET, port);
        descriptor.control(question);
        return question.body();
    }

    private static int u16(final ByteBuffer struct, final int offset) {
        return Short.toUnsignedInt(struct.getShort(offset));
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
