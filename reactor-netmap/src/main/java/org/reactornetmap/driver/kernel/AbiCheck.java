package org.reactornetmap.driver.kernel;

import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NmreqPortInfoGetDescriptor;
import org.reactornetmap.driver.RequestType;
import org.reactornetmap.ring.NetmapIfDescriptor;

/**
 * Whether the loaded module and this library mean the same structs: asks, once a process, for the size of netmap's own
 * memory, with our version in our header. Any thread.
 */
final class AbiCheck {
    /** {@code NIOCCTRL} came with 12. */
    private static final int FIRST_VERSION = 12;

    private static final int LAST_VERSION = 64;

    private static volatile boolean passed;

    private AbiCheck() {}

    /** @throws NetmapException of category FATAL if they don't */
    static void once(final KernelDescriptor descriptor) {
        if (!passed) {
            check(descriptor);
            passed = true;
        }
    }

    private static void check(final KernelDescriptor descriptor) {
        final ControlRequest question = question(NetmapIfDescriptor.NETMAP_API);
        try {
            descriptor.control(question);
        } catch (final NetmapErrnoException e) {
            throw e.errno() == Errno.EINVAL || e.errno() == Errno.ENOTTY
                    ? mismatch(version -> accepts(descriptor, version), e)
                    : e;
        }
        final long bytes = question.body().getLong(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET);
        if (bytes <= 0) {
            throw new NetmapException(
                    NetmapException.Category.FATAL,
                    "netmap says that its memory has " + bytes
                            + " bytes: its module lays out its structs differently from API version "
                            + NetmapIfDescriptor.NETMAP_API,
                    "Load the module of netmap 13 or later.",
                    null);
        }
    }

    private static ControlRequest question(final int version) {
        return ControlRequest.of(RequestType.PORT_INFO_GET, "").version(version);
    }

    private static boolean accepts(final KernelDescriptor descriptor, final int version) {
        try {
            descriptor.control(question(version));
            return true;
        } catch (final NetmapErrnoException e) {
            return false;
        }
    }

    /** Says ours and theirs. */
    static NetmapException mismatch(final IntPredicate accepts, final NetmapErrnoException cause) {
        final String theirs = IntStream.rangeClosed(FIRST_VERSION, LAST_VERSION)
                .filter(accepts)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        return new NetmapException(
                NetmapException.Category.FATAL,
                "API version mismatch: ours is " + NetmapIfDescriptor.NETMAP_API + ", the module's is "
                        + (theirs.isEmpty() ? "older than " + FIRST_VERSION + ", or not netmap's" : theirs),
                "Load the module of a netmap whose API version is " + NetmapIfDescriptor.NETMAP_API + ".",
                cause);
    }
}
