package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqOptExtmemDescriptor;
import org.reactornetmap.driver.NmreqOptOffsetsDescriptor;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.PortOption;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;

/**
 * A REGISTER in its bytes. World's lock held.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap.c#L2800">NETMAP_REQ_REGISTER</a>
 */
final class RegisterRequest {
    /** {@code NR_REG_PIPE_MASTER}: deprecated, as the next one is. */
    private static final int PIPE_MASTER = 5;

    private static final int PIPE_SLAVE = 6;

    /** What makes a memory the same: the pages it is in. */
    private record UserRange(long address, long bytes) {}

    private final EmbeddedDescriptor descriptor;
    private final EmbeddedWorld world;
    private final ControlRequest request;
    private final ControlOptions options;

    RegisterRequest(
            final EmbeddedDescriptor descriptor,
            final EmbeddedWorld world,
            final ControlRequest request,
            final ControlOptions options) {
        this.descriptor = descriptor;
        this.world = world;
        this.request = request;
        this.options = options;
    }

    /** Registers the descriptor, or leaves everything as it was. */
    void run(final ByteBuffer body) {
        if (descriptor.port() != null) {
            throw failure(Errno.EBUSY, "The descriptor has a port already: make another descriptor.");
        }
        final ControlOption extmem = options.find(NmreqOptionDescriptor.EXTMEM);
        if (extmem == null) {
            register(body, null);
            return;
        }
        final EmbeddedMemory external = externalMemory(extmem.struct());
        external.hold();
        try {
            register(body, external);
        } finally {
            external.drop();
        }
    }

    private void register(final ByteBuffer body, final @Nullable EmbeddedMemory external) {
        final RegisterMode mode = RegisterBody.mode(body);
        final Registration asked =
                RegisterBody.read(request, body, Objects.requireNonNullElse(mode, RegisterMode.ALL_NIC));
        if (external != null) {
            asked.memId = external.id();
        }
        if (mode == null) {
            refuseMode(body.getInt(NmreqRegisterDescriptor.MODE_OFFSET), asked);
        }
        asked.offsets = offsets();
        final EmbeddedPort port;
        try {
            port = world.open(descriptor.driver(), asked);
        } finally {
            options.status(NmreqOptionDescriptor.OFFSETS, asked.offsetsStatus);
        }
        try {
            options.requireHonoured();
        } catch (final NetmapErrnoException e) {
            port.close();
            throw e;
        }
        descriptor.registered(port);
        RegisterBody.write(asked, port, body);
        writeOffsets(asked.offsets);
    }

    /** A mode that nothing knows is found late, with the port at hand; the rings of no direction need none. */
    private void refuseMode(final int code, final Registration asked) {
        final NetmapErrnoException refusal = failure(
                Errno.EINVAL,
                code == PIPE_MASTER || code == PIPE_SLAVE
                        ? "A pipe is named x{1 or x}1, and its mode is ALL_NIC or ONE_NIC."
                        : "There is no mode " + Integer.toUnsignedString(code) + ".");
        if (code == PIPE_MASTER || code == PIPE_SLAVE || PipeName.isPipe(request.name())) {
            throw refusal;
        }
        if (asked.has(RegisterFlag.TX_RINGS_ONLY) && asked.has(RegisterFlag.RX_RINGS_ONLY)) {
            return;
        }
        world.ask(asked, true, adapter -> {
            if (adapter.isOwnedByKernel()) {
                throw asked.refuse(Errno.EBUSY, adapter.name() + " is attached to a switch: detach it first.");
            }
            throw refusal;
        });
    }

    private EmbeddedMemory externalMemory(final ByteBuffer struct) {
        final int info = NmreqOptExtmemDescriptor.INFO_OFFSET;
        final long address = struct.getLong(NmreqOptExtmemDescriptor.USRPTR_OFFSET);
        final long bytes = struct.getLong(info + NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET);
        final PortOption.Extmem sizes = new PortOption.Extmem(
                "",
                struct.getInt(info + NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET),
                struct.getInt(info + NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET),
                struct.getInt(info + NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET),
                struct.getInt(info + NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET),
                struct.getInt(info + NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET),
                struct.getInt(info + NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET));
        try {
            requireNonNegative(sizes);
            final ByteBuffer memory = userMemory(address, bytes);
            final EmbeddedMemory found =
                    world.memories().external(request.name(), sizes, new UserRange(address, bytes), memory);
            options.status(NmreqOptionDescriptor.EXTMEM, 0);
            return found;
        } catch (final NetmapErrnoException e) {
            options.status(NmreqOptionDescriptor.EXTMEM, e.number());
            throw e;
        }
    }

    private void requireNonNegative(final PortOption.Extmem sizes) {
        if ((sizes.ifNum() | sizes.ifSize() | sizes.ringNum() | sizes.ringSize() | sizes.bufNum() | sizes.bufSize())
                < 0) {
            throw failure(Errno.EINVAL, "The pools asked for are too large.");
        }
    }

    private ByteBuffer userMemory(final long address, final long bytes) {
        final UserMemory.Mapping mapping = world.switches().userMemory().find(address);
        if (mapping == null || bytes <= 0 || bytes > mapping.bytes.capacity() - mapping.offsetOf(address)) {
            throw failure(
                    Errno.EFAULT,
                    Long.toUnsignedString(bytes) + " bytes at 0x" + Long.toHexString(address)
                            + " are not in a buffer of EmbeddedDriver.userMemory(): map one first.");
        }
        return mapping.bytes.slice(mapping.offsetOf(address), (int) bytes);
    }

    private @Nullable OffsetsOption offsets() {
        final ControlOption option = options.find(NmreqOptionDescriptor.OFFSETS);
        if (option == null) {
            return null;
        }
        final ByteBuffer struct = option.struct();
        return new OffsetsOption(
                struct.getLong(NmreqOptOffsetsDescriptor.MAX_OFFSET_OFFSET),
                struct.getLong(NmreqOptOffsetsDescriptor.INITIAL_OFFSET_OFFSET),
                Integer.toUnsignedLong(struct.getInt(NmreqOptOffsetsDescriptor.OFFSET_BITS_OFFSET)),
                struct.getLong(NmreqOptOffsetsDescriptor.MIN_GAP_OFFSET));
    }

    private void writeOffsets(final @Nullable OffsetsOption agreed) {
        final ControlOption option = options.find(NmreqOptionDescriptor.OFFSETS);
        if (option != null && agreed != null) {
            option.struct().putLong(NmreqOptOffsetsDescriptor.MAX_OFFSET_OFFSET, agreed.maxOffset());
        }
    }

    private NetmapErrnoException failure(final Errno errno, final String advice) {
        return NetmapErrnoException.of(request.call(), request.name(), errno, advice);
    }
}
