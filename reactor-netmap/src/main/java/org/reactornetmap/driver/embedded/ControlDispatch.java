package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NmreqOptionDescriptor;
import org.reactornetmap.driver.NmreqPortHdrDescriptor;
import org.reactornetmap.driver.NmreqSyncKloopStartDescriptor;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;
import org.reactornetmap.ring.NetmapIfDescriptor;

/**
 * One control request on its way: checks it in the kernel's order and hands it to who fulfils it. World's lock held.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap.c#L2757">netmap_ioctl</a>
 */
final class ControlDispatch {
    private static final int MAX_SLEEP_US = 1_000_000;

    private final EmbeddedDescriptor descriptor;
    private final EmbeddedWorld world;
    private final ControlRequest request;

    ControlDispatch(final EmbeddedDescriptor descriptor, final EmbeddedWorld world, final ControlRequest request) {
        this.descriptor = descriptor;
        this.world = world;
        this.request = request;
    }

    void run() {
        if (request.version() < NetmapIfDescriptor.NETMAP_API
                || request.version() > NetmapIfDescriptor.NETMAP_MAX_API) {
            throw failure(
                    Errno.EINVAL,
                    "API version " + request.version() + " was asked for, and " + NetmapIfDescriptor.NETMAP_API + ".."
                            + NetmapIfDescriptor.NETMAP_MAX_API + " are there.");
        }
        if (request.reserved() != 0) {
            throw failure(Errno.EINVAL, "nr_reserved must be 0.");
        }
        final RequestType type = RequestType.of(request.type());
        final ByteBuffer body = copyBody(type == null ? 0 : type.bodyBytes());
        final ControlOptions options = ControlOptions.copyIn(request, body.capacity());
        try {
            if (type == null) {
                throw failure(Errno.EINVAL, "There is no such request.");
            }
            run(type, body, options);
        } finally {
            options.copyOut();
        }
        if (request.hasBody()) {
            request.body().put(0, body, 0, body.capacity());
        }
    }

    /** A copy, so that a request that fails changes nothing. */
    private ByteBuffer copyBody(final int bytes) {
        if (request.hasBody() != bytes > 0) {
            throw failure(
                    Errno.EINVAL, bytes > 0 ? "The request's body is missing." : "The request must have no body.");
        }
        final ByteBuffer copy = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
        if (bytes > 0) {
            if (request.body().capacity() < bytes) {
                throw failure(
                        Errno.EFAULT, "The body has " + request.body().capacity() + " bytes and needs " + bytes + ".");
            }
            copy.put(0, request.body(), 0, bytes);
        }
        return copy;
    }

    private void run(final RequestType type, final ByteBuffer body, final ControlOptions options) {
        switch (type) {
            case REGISTER -> new RegisterRequest(descriptor, world, request, options).run(body);
            case PORT_INFO_GET, POOLS_INFO_GET -> new InfoRequest(world, request).run(type, body);
            case VALE_ATTACH,
                    VALE_DETACH,
                    VALE_LIST,
                    VALE_NEWIF,
                    VALE_DELIF,
                    VALE_POLLING_ENABLE,
                    VALE_POLLING_DISABLE -> new ValeRequest(world.switches(), request).run(type, body);
            case PORT_HDR_SET -> setHeader(body);
            case PORT_HDR_GET -> getHeader(body);
            case CSB_ENABLE -> enableCsb(options);
            case SYNC_KLOOP_START -> startKloop(body);
            case SYNC_KLOOP_STOP -> requireRegistered();
        }
    }

    private void setHeader(final ByteBuffer body) {
        final int length = body.getInt(NmreqPortHdrDescriptor.HDR_LEN_OFFSET);
        if (length != 0 && length != 10 && length != 12) {
            throw failure(
                    Errno.EINVAL,
                    Integer.toUnsignedString(length) + " is no length of a virtio-net header: it has 10 or 12 bytes,"
                            + " or 0 if there is none.");
        }
        if (switchPort() == null) {
            throw failure(Errno.ENXIO, "No switch has this port: open it first.");
        }
        if (length != 0) {
            throw failure(Errno.EOPNOTSUPP, "The embedded netmap has no virtio-net headers: use the kernel driver.");
        }
    }

    /** {@code netmap_get_vale_na}, of which every error is the same here. */
    private @Nullable SwitchedPort switchPort() {
        return ValeName.mayBeSwitched(request.name()) ? world.switches().find(request.name()) : null;
    }

    private void getHeader(final ByteBuffer body) {
        world.ask(RegisterBody.named(request, RegisterMode.ALL_NIC), false, adapter -> adapter);
        body.putInt(NmreqPortHdrDescriptor.HDR_LEN_OFFSET, 0);
    }

    private void enableCsb(final ControlOptions options) {
        if (options.find(NmreqOptionDescriptor.CSB) == null) {
            throw failure(Errno.EINVAL, "The option CSB is missing.");
        }
        throw failure(
                Errno.EOPNOTSUPP,
                "The embedded netmap keeps the ring pointers in the rings: leave the request out, or use the kernel"
                        + " driver.");
    }

    /** As the kernel to a descriptor that is not in CSB mode, in which ours never is. */
    private void startKloop(final ByteBuffer body) {
        if (Integer.compareUnsigned(body.getInt(NmreqSyncKloopStartDescriptor.SLEEP_US_OFFSET), MAX_SLEEP_US) > 0) {
            throw failure(Errno.EINVAL, "The loop sleeps at most a second.");
        }
        requireRegistered();
        throw failure(
                Errno.EINVAL,
                "The loop needs the option CSB, which the embedded netmap has not: use the kernel driver.");
    }

    private void requireRegistered() {
        if (descriptor.port() == null) {
            throw failure(Errno.ENXIO, "The descriptor has no port: REGISTER first.");
        }
    }

    private NetmapErrnoException failure(final Errno errno, final String advice) {
        return NetmapErrnoException.of(request.call(), request.name(), errno, advice);
    }
}
