package org.reactornetmap.driver;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ControlRequest} asks for: the {@code NETMAP_REQ_*} values of netmap.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public enum RequestType {
    /** Binds a descriptor to rings of a port; body {@link NmreqRegisterDescriptor}. */
    REGISTER(1, NmreqRegisterDescriptor.LENGTH),
    /** Tells the size of a port, or of a memory if it names none; body {@link NmreqPortInfoGetDescriptor}. */
    PORT_INFO_GET(2, NmreqPortInfoGetDescriptor.LENGTH),
    /** Makes an interface a port of a switch; body {@link NmreqValeAttachDescriptor}. */
    VALE_ATTACH(3, NmreqValeAttachDescriptor.LENGTH),
    /** Takes an interface out of a switch; body {@link NmreqValeDetachDescriptor}. */
    VALE_DETACH(4, NmreqValeDetachDescriptor.LENGTH),
    /** Finds a port of a switch, or the next one; body {@link NmreqValeListDescriptor}. */
    VALE_LIST(5, NmreqValeListDescriptor.LENGTH),
    /** Sets the length of the virtio-net header of a VALE port; body {@link NmreqPortHdrDescriptor}. */
    PORT_HDR_SET(6, NmreqPortHdrDescriptor.LENGTH),
    /** Tells the length of the virtio-net header of a port; body {@link NmreqPortHdrDescriptor}. */
    PORT_HDR_GET(7, NmreqPortHdrDescriptor.LENGTH),
    /** Makes a persistent VALE port; body {@link NmreqValeNewifDescriptor}. */
    VALE_NEWIF(8, NmreqValeNewifDescriptor.LENGTH),
    /** Deletes a persistent VALE port; no body. */
    VALE_DELIF(9, 0),
    /** Has CPUs poll a NIC in a switch; body {@link NmreqValePollingDescriptor}. */
    VALE_POLLING_ENABLE(10, NmreqValePollingDescriptor.LENGTH),
    /** The counterpart of {@link #VALE_POLLING_ENABLE}; body {@link NmreqValePollingDescriptor}. */
    VALE_POLLING_DISABLE(11, NmreqValePollingDescriptor.LENGTH),
    /** Tells the pools of a port's memory; body {@link NmreqPoolsInfoDescriptor}. */
    POOLS_INFO_GET(12, NmreqPoolsInfoDescriptor.LENGTH),
    /** Has the kernel sync the rings in a loop; body {@link NmreqSyncKloopStartDescriptor}. */
    SYNC_KLOOP_START(13, NmreqSyncKloopStartDescriptor.LENGTH),
    /** The counterpart of {@link #SYNC_KLOOP_START}; no body. */
    SYNC_KLOOP_STOP(14, 0),
    /** Moves the ring pointers of a registered descriptor out of the rings; no body. */
    CSB_ENABLE(15, 0);

    private static final Map<Integer, RequestType> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(RequestType::code, Function.identity()));

    private final int code;
    private final int bodyBytes;

    RequestType(final int code, final int bodyBytes) {
        this.code = code;
        this.bodyBytes = bodyBytes;
    }

    /**
     * Finds the constant for a number.
     *
     * @param code {@code nr_reqtype}
     * @return the constant, null for a number that netmap does not know
     */
    public static @Nullable RequestType of(final int code) {
        return BY_CODE.get(code);
    }

    /**
     * The value of {@code nmreq_header.nr_reqtype}.
     *
     * @return 1 to 15
     */
    public int code() {
        return code;
    }

    /**
     * Size of the struct that is the request's body.
     *
     * @return bytes, 0 if the request has no body
     */
    public int bodyBytes() {
        return bodyBytes;
    }
}
