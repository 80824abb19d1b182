package org.reactornetmap.driver.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import org.reactornetmap.driver.Errno;

/**
 * {@code SIOCETHTOOL} for one interface. Linux only. Any thread; does not block for long.
 *
 * @see <a href="https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/ethtool.h">ethtool.h, Linux 6.1</a>
 */
final class Ethtool {
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GLINK = 0x0A;

    // struct ifreq: ifr_name[16], then a union with ifr_data; 40 bytes.
    private static final int IFREQ_LENGTH = 40;
    private static final int DATA_OFFSET = 16;

    // struct ethtool_value: cmd, data; both u32.
    private static final int VALUE_LENGTH = 8;
    private static final int VALUE_OFFSET = 4;

    private Ethtool() {}

    /**
     * Whether an interface has a link.
     *
     * @param name the interface, or a netmap port that is none
     * @return true also for what has no cable: netmap's own ports, and interfaces without the question
     */
    static boolean isLinkUp(final String name) {
        if (!Platform.isLinux() || !HostNames.mayBeInterface(name)) {
            return true;
        }
        final int link = value(name, ETHTOOL_GLINK);
        if (link >= 0) {
            return link != 0;
        }
        if (-link == Errno.EOPNOTSUPP.number()) {
            return true;
        }
        throw KernelErrors.failed("SIOCETHTOOL(GLINK)", name, -link);
    }

    /** What a {@code struct ethtool_value} says, or a negated error number. */
    private static int value(final String name, final int command) {
        final int socket = Libc.socket();
        if (socket < 0) {
            return socket;
        }
        try (Memory ifreq = new Memory(IFREQ_LENGTH);
                Memory value = new Memory(VALUE_LENGTH)) {
            ifreq.clear();
            final byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
            ifreq.write(0, bytes, 0, bytes.length);
            ifreq.setPointer(DATA_OFFSET, value);
            value.setInt(0, command);
            value.setInt(VALUE_OFFSET, 0);
            final int result = Libc.ioctl(socket, SIOCETHTOOL, Pointer.nativeValue(ifreq));
            return result < 0 ? result : value.getInt(VALUE_OFFSET) & Integer.MAX_VALUE;
        } finally {
            Libc.close(socket);
        }
    }
}
