package org.reactornetmap.model;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.DriverDescriptor;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqValeNewifDescriptor;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.RequestType;

/** The requests about persistent ports, as a program makes them. */
final class Requests {
    private static final short GLOBAL_MEMORY = 1;

    private Requests() {}

    /** Makes the request that an operation on a candidate means; its error, null if there is none. */
    static @Nullable Errno call(final DriverDescriptor descriptor, final Op.Kind kind, final Candidate candidate) {
        final ControlRequest request =
                switch (kind) {
                    case NEWIF -> newif(candidate);
                    case DELIF -> ControlRequest.of(RequestType.VALE_DELIF, candidate.interfaceName());
                    case ATTACH ->
                        ControlRequest.of(
                                RequestType.VALE_ATTACH, candidate.spec().portName());
                    case DETACH ->
                        ControlRequest.of(
                                RequestType.VALE_DETACH, candidate.spec().portName());
                    default -> throw new IllegalArgumentException(kind.name());
                };
        try {
            descriptor.control(request);
            return null;
        } catch (final NetmapErrnoException e) {
            return e.errno();
        }
    }

    private static ControlRequest newif(final Candidate candidate) {
        final ControlRequest request = ControlRequest.of(RequestType.VALE_NEWIF, candidate.interfaceName());
        final OpenRequest size = candidate.request();
        final ByteBuffer body = request.body();
        body.putInt(NmreqValeNewifDescriptor.TX_SLOTS_OFFSET, size.txSlots());
        body.putInt(NmreqValeNewifDescriptor.RX_SLOTS_OFFSET, size.rxSlots());
        body.putShort(NmreqValeNewifDescriptor.TX_RINGS_OFFSET, (short) size.txRings());
        body.putShort(NmreqValeNewifDescriptor.RX_RINGS_OFFSET, (short) size.rxRings());
        body.putShort(NmreqValeNewifDescriptor.MEM_ID_OFFSET, GLOBAL_MEMORY);
        return request;
    }
}
