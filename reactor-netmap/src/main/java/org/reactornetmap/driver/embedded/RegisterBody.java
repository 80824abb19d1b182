package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterMode;

/** {@code nmreq_register} between its bytes and a {@link Registration}. */
final class RegisterBody {
    /** Slots beyond this are refused anyway; below it no size overflows. */
    private static final int MANY_SLOTS = 1 << 26;

    private static final int MANY_BUFFERS = 1 << 24;

    private RegisterBody() {}

    /** {@code nr_mode}; null if there is no such mode, or it is one of the two that are refused everywhere. */
    static @Nullable RegisterMode mode(final ByteBuffer body) {
        final int code = body.getInt(NmreqRegisterDescriptor.MODE_OFFSET);
        for (final RegisterMode mode : RegisterMode.values()) {
            if (mode.code() == code) {
                return mode;
            }
        }
        return null;
    }

    /** What a body asks for, of the port that the request names. */
    static Registration read(final ControlRequest request, final ByteBuffer body, final RegisterMode mode) {
        final Registration made = named(request, mode);
        made.txSlots = slots(body.getInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET));
        made.rxSlots = slots(body.getInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET));
        made.txRings = u16(body, NmreqRegisterDescriptor.TX_RINGS_OFFSET);
        made.rxRings = u16(body, NmreqRegisterDescriptor.RX_RINGS_OFFSET);
        made.hostTxRings = u16(body, NmreqRegisterDescriptor.HOST_TX_RINGS_OFFSET);
        made.hostRxRings = u16(body, NmreqRegisterDescriptor.HOST_RX_RINGS_OFFSET);
        made.memId = u16(body, NmreqRegisterDescriptor.MEM_ID_OFFSET);
        made.ringId = u16(body, NmreqRegisterDescriptor.RINGID_OFFSET);
        made.extraBuffers = clamped(body.getInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET), MANY_BUFFERS);
        made.flags = body.getLong(NmreqRegisterDescriptor.FLAGS_OFFSET);
        return made;
    }

    /** A request for all rings of the port that it names, as the requests that only ask about a port make it. */
    static Registration named(final ControlRequest request, final RegisterMode mode) {
        return new Registration(request.name(), request.name(), mode, List.of(), request.call());
    }

    /** Writes back what a registration came to. */
    static void write(final Registration made, final EmbeddedPort port, final ByteBuffer body) {
        body.putLong(NmreqRegisterDescriptor.OFFSET_OFFSET, port.binding().ifOffset());
        body.putLong(
                NmreqRegisterDescriptor.MEMSIZE_OFFSET,
                port.binding().adapter().memory().info().memSize());
        body.putInt(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, made.txSlots);
        body.putInt(NmreqRegisterDescriptor.RX_SLOTS_OFFSET, made.rxSlots);
        body.putShort(NmreqRegisterDescriptor.TX_RINGS_OFFSET, (short) made.txRings);
        body.putShort(NmreqRegisterDescriptor.RX_RINGS_OFFSET, (short) made.rxRings);
        body.putShort(NmreqRegisterDescriptor.HOST_TX_RINGS_OFFSET, (short) made.hostTxRings);
        body.putShort(NmreqRegisterDescriptor.HOST_RX_RINGS_OFFSET, (short) made.hostRxRings);
        body.putShort(NmreqRegisterDescriptor.MEM_ID_OFFSET, (short) made.memId);
        body.putInt(NmreqRegisterDescriptor.EXTRA_BUFS_OFFSET, made.extraBuffers);
    }

    /** A u32 of slots. */
    static int slots(final int raw) {
        return clamped(raw, MANY_SLOTS);
    }

    private static int clamped(final int raw, final int most) {
        return (int) Math.min(Integer.toUnsignedLong(raw), most);
    }

    static int u16(final ByteBuffer body, final int offset) {
        return Short.toUnsignedInt(body.getShort(offset));
    }
}
