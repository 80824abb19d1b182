package org.reactornetmap.driver.kernel;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.List;
import org.reactornetmap.driver.ControlOption;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NmreqHeaderDescriptor;
import org.reactornetmap.driver.NmreqOptionDescriptor;

/** A {@link ControlRequest} as the kernel takes it: structs in native memory that point to each other. One thread. */
final class NativeRequest implements AutoCloseable {
    private static final int HEADER = 0;
    private static final int BODY = 1;
    private static final int FIRST_OPTION = 2;

    private final ControlRequest request;
    private final List<ControlOption> options;
    private final GuardedMemory memory;

    NativeRequest(final ControlRequest request) {
        this.request = request;
        options = request.options();
        final int[] lengths = new int[FIRST_OPTION + options.size()];
        lengths[HEADER] = NmreqHeaderDescriptor.LENGTH;
        lengths[BODY] = request.hasBody() ? request.body().capacity() : 0;
        for (int i = 0; i < options.size(); i++) {
            lengths[FIRST_OPTION + i] = options.get(i).struct().capacity();
        }
        memory = new GuardedMemory(lengths);
        write();
    }

    private void write() {
        final Pointer header = memory.pointer(HEADER);
        header.setShort(NmreqHeaderDescriptor.VERSION_OFFSET, (short) request.version());
        header.setShort(NmreqHeaderDescriptor.REQTYPE_OFFSET, (short) request.type());
        header.setInt(NmreqHeaderDescriptor.RESERVED_OFFSET, request.reserved());
        header.write(NmreqHeaderDescriptor.NAME_OFFSET, request.nameBytes(), 0, NmreqHeaderDescriptor.NAME_LENGTH);
        header.setLong(NmreqHeaderDescriptor.OPTIONS_OFFSET, options.isEmpty() ? 0 : memory.address(FIRST_OPTION));
        header.setLong(NmreqHeaderDescriptor.BODY_OFFSET, request.hasBody() ? memory.address(BODY) : 0);
        if (request.hasBody()) {
            final byte[] body = bytes(request.body());
            memory.pointer(BODY).write(0, body, 0, body.length);
        }
        for (int i = 0; i < options.size(); i++) {
            final byte[] struct = bytes(options.get(i).struct());
            final Pointer option = memory.pointer(FIRST_OPTION + i);
            option.write(0, struct, 0, struct.length);
            option.setLong(NmreqOptionDescriptor.NEXT_OFFSET, next(i));
        }
    }

    private long next(final int option) {
        if (option + 1 < options.size()) {
            return memory.address(FIRST_OPTION + option + 1);
        }
        return request.loopsTo() >= 0 ? memory.address(FIRST_OPTION + request.loopsTo()) : 0;
    }

    private static byte[] bytes(final ByteBuffer struct) {
        final byte[] bytes = new byte[struct.capacity()];
        struct.get(0, bytes);
        return bytes;
    }

    /** Calls, and writes back what the kernel wrote: 0, or a negated error number. */
    int send(final int fd) {
        final int result = Libc.ioctl(fd, LibcConstants.NIOCCTRL, memory.address(HEADER));
        for (int i = 0; i < options.size(); i++) {
            // The chain is ours: its addresses mean nothing outside this class.
            read(FIRST_OPTION + i, options.get(i).struct(), NmreqOptionDescriptor.REQTYPE_OFFSET);
        }
        if (result >= 0) {
            if (request.hasBody()) {
                read(BODY, request.body(), 0);
            }
            request.nameBytes(memory.pointer(HEADER)
                    .getByteArray(NmreqHeaderDescriptor.NAME_OFFSET, NmreqHeaderDescriptor.NAME_LENGTH));
        }
        return result;
    }

    private void read(final int index, final ByteBuffer struct, final int from) {
        final int length = struct.capacity() - from;
        struct.put(from, memory.pointer(index).getByteArray(from, length));
    }

    @Override
    public void close() {
        memory.close();
    }
}
