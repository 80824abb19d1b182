package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NmreqPortInfoGetDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/**
 * The rings of a port as it is, or as a REGISTER would make it.
 *
 * @param txRings NIC TX rings
 * @param rxRings NIC RX rings
 * @param hostTxRings host TX rings
 * @param hostRxRings host RX rings
 * @param txSlots slots of each TX ring
 * @param rxSlots slots of each RX ring
 */
record PortSizes(int txRings, int rxRings, int hostTxRings, int hostRxRings, int txSlots, int rxSlots) {
    /** Slots, rings and host rings: {@code nmreq_register} and {@code nmreq_port_info_get} have them in one order. */
    private static final int SIZES_LENGTH =
            NmreqRegisterDescriptor.MEM_ID_OFFSET - NmreqRegisterDescriptor.TX_SLOTS_OFFSET;

    /** The port that a REGISTER is for; null if there is none and it can't be made. */
    static @Nullable PortSizes of(final ControlRequest register, final KernelDescriptor kernel) {
        final ControlRequest question = ControlRequest.of(RequestType.PORT_INFO_GET, register.name());
        final byte[] sizes = new byte[SIZES_LENGTH];
        register.body().get(NmreqRegisterDescriptor.TX_SLOTS_OFFSET, sizes);
        question.body()
                .put(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET, sizes)
                .putShort(
                        NmreqPortInfoGetDescriptor.MEM_ID_OFFSET,
                        register.body().getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET));
        return ask(question, kernel);
    }

    /** A port by its name; null if there is none and it can't be made. */
    static @Nullable PortSizes of(final String port, final KernelDescriptor kernel) {
        return ask(ControlRequest.of(RequestType.PORT_INFO_GET, port), kernel);
    }

    private static @Nullable PortSizes ask(final ControlRequest question, final KernelDescriptor kernel) {
        if (!kernel.answers(question)) {
            return null;
        }
        final ByteBuffer body = question.body();
        return new PortSizes(
                u16(body, NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET),
                u16(body, NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET),
                u16(body, NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET),
                u16(body, NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET),
                body.getInt(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET),
                body.getInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET));
    }

    private static int u16(final ByteBuffer struct, final int offset) {
        return Short.toUnsignedInt(struct.getShort(offset));
    }

    /** TX rings that a descriptor of this mode is bound to. */
    int boundTx(final RegisterMode mode) {
        return bound(mode, txRings, hostTxRings);
    }

    /** RX rings that a descriptor of this mode is bound to. */
    int boundRx(final RegisterMode mode) {
        return bound(mode, rxRings, hostRxRings);
    }

    private static int bound(final RegisterMode mode, final int nic, final int host) {
        return switch (mode) {
            case ALL_NIC -> nic;
            case SW -> host;
            case NIC_SW -> nic + host;
            case ONE_NIC, ONE_SW -> 1;
            case NULL -> 0;
        };
    }

    /** Ring offsets in a {@code netmap_if} of this port: one for a host ring each way even if it has none. */
    int entries() {
        return txRings + Math.max(1, hostTxRings) + rxRings + Math.max(1, hostRxRings);
    }
}
