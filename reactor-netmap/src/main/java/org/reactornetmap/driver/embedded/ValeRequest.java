package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqValeAttachDescriptor;
import org.reactornetmap.driver.NmreqValeDetachDescriptor;
import org.reactornetmap.driver.NmreqValeListDescriptor;
import org.reactornetmap.driver.NmreqValeNewifDescriptor;
import org.reactornetmap.driver.NmreqValePollingDescriptor;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/** The requests that change or list the switches, in their bytes. World's lock held. */
final class ValeRequest {
    private final ValeSwitches switches;
    private final ControlRequest request;

    ValeRequest(final ValeSwitches switches, final ControlRequest request) {
        this.switches = switches;
        this.request = request;
    }

    void run(final RequestType type, final ByteBuffer body) {
        switch (type) {
            case VALE_ATTACH -> attach(body);
            case VALE_DETACH ->
                body.putInt(NmreqValeDetachDescriptor.PORT_INDEX_OFFSET, switches.detach(request.name()));
            case VALE_LIST -> list(body);
            case VALE_NEWIF -> newif(body);
            case VALE_DELIF -> switches.delif(request.name());
            case VALE_POLLING_ENABLE, VALE_POLLING_DISABLE -> poll(type, body);
            default -> throw new IllegalArgumentException(type + " is no request for switches");
        }
    }

    private void attach(final ByteBuffer body) {
        // A mode that nothing knows must not pass for one that a NIC can be attached with.
        final RegisterMode mode = Objects.requireNonNullElse(RegisterBody.mode(body), RegisterMode.NULL);
        final Registration asked = RegisterBody.read(request, body, mode);
        body.putInt(NmreqValeAttachDescriptor.PORT_INDEX_OFFSET, switches.attach(asked));
    }

    private void list(final ByteBuffer body) {
        final long port = Integer.toUnsignedLong(body.getInt(NmreqValeListDescriptor.PORT_IDX_OFFSET));
        final ValeListing found =
                switches.list(request.name(), RegisterBody.u16(body, NmreqValeListDescriptor.BRIDGE_IDX_OFFSET), (int)
                        Math.min(port, ValeSwitch.MAX_PORTS));
        if (request.name().isEmpty()) {
            request.name(found.name());
        }
        body.putShort(NmreqValeListDescriptor.BRIDGE_IDX_OFFSET, (short) found.bridge());
        body.putInt(NmreqValeListDescriptor.PORT_IDX_OFFSET, found.port());
    }

    private void newif(final ByteBuffer body) {
        final Registration asked = RegisterBody.named(request, RegisterMode.ALL_NIC);
        asked.txSlots = RegisterBody.slots(body.getInt(NmreqValeNewifDescriptor.TX_SLOTS_OFFSET));
        asked.rxSlots = RegisterBody.slots(body.getInt(NmreqValeNewifDescriptor.RX_SLOTS_OFFSET));
        asked.txRings = RegisterBody.u16(body, NmreqValeNewifDescriptor.TX_RINGS_OFFSET);
        asked.rxRings = RegisterBody.u16(body, NmreqValeNewifDescriptor.RX_RINGS_OFFSET);
        asked.memId = RegisterBody.u16(body, NmreqValeNewifDescriptor.MEM_ID_OFFSET);
        switches.newif(asked);
        body.putInt(NmreqValeNewifDescriptor.TX_SLOTS_OFFSET, asked.txSlots);
        body.putInt(NmreqValeNewifDescriptor.RX_SLOTS_OFFSET, asked.rxSlots);
        body.putShort(NmreqValeNewifDescriptor.TX_RINGS_OFFSET, (short) asked.txRings);
        body.putShort(NmreqValeNewifDescriptor.RX_RINGS_OFFSET, (short) asked.rxRings);
        body.putShort(NmreqValeNewifDescriptor.MEM_ID_OFFSET, (short) asked.memId);
    }

    private void poll(final RequestType type, final ByteBuffer body) {
        if (!ValeName.mayBeSwitched(request.name())) {
            throw failure(Errno.EINVAL, "A port of a switch is named vale0:eth0.");
        }
        final SwitchedPort port = switches.find(request.name());
        if (port == null) {
            throw failure(Errno.ENXIO, "No switch has this port: attach it first.");
        }
        final PollingState polling = port.polling();
        if (polling == null) {
            throw failure(Errno.EOPNOTSUPP, "Only a NIC in a switch can be polled.");
        }
        if (type == RequestType.VALE_POLLING_ENABLE) {
            polling.start(
                    request.name(),
                    body.getInt(NmreqValePollingDescriptor.MODE_OFFSET),
                    Integer.toUnsignedLong(body.getInt(NmreqValePollingDescriptor.FIRST_CPU_ID_OFFSET)),
                    Integer.toUnsignedLong(body.getInt(NmreqValePollingDescriptor.NUM_POLLING_CPUS_OFFSET)),
                    port.adapter().ringCount(true));
        } else {
            polling.stop(request.name());
        }
    }

    private NetmapErrnoException failure(final Errno errno, final String advice) {
        return NetmapErrnoException.of(request.call(), request.name(), errno, advice);
    }
}
