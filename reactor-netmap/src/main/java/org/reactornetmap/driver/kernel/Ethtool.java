package org.reactornetmap.driver.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.reactornetmap.driver.Errno;

/**
 * {@code SIOCETHTOOL} for one interface. Linux only. Any thread; does not block for long.
 *
 * @see <a href="https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/ethtool.h">ethtool.h, Linux 6.1</a>
 */
final class Ethtool {
    private static final long SIOCETHTOOL = 0x8946;
    private static final int GLINK = 0x0A;
    private static final int GFLAGS = 0x25;
    private static final int FLAG_TXVLAN = 1 << 7;
    private static final int FLAG_RXVLAN = 1 << 8;
    private static final int FLAG_LRO = 1 << 15;

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
        final int link = value(name, GLINK);
        if (link >= 0) {
            return link != 0;
        }
        if (-link == Errno.EOPNOTSUPP.number()) {
            return true;
        }
        throw KernelErrors.interfaceFailed("SIOCETHTOOL(GLINK)", name, -link);
    }

    /**
     * The offloads that are on and break netmap: they make frames that are longer than a buffer, or lack a checksum or their
     * VLAN tag.
     *
     * @param name the interface
     * @return as {@code ethtool -K} names them; those that the interface can't be asked about count as off
     */
    static List<String> offloads(final String name) {
        final List<String> on = new ArrayList<>();
        for (final Offload each : Offload.values()) {
            if (value(name, each.command) > 0) {
                on.add(each.option);
            }
        }
        final int flags = value(name, GFLAGS);
        if (flags > 0) {
            addIf(on, flags & FLAG_LRO, "lro");
            addIf(on, flags & FLAG_RXVLAN, "rxvlan");
            addIf(on, flags & FLAG_TXVLAN, "txvlan");
        }
        return on;
    }

    private static void addIf(final List<String> on, final int flag, final String option) {
        if (flag != 0) {
            on.add(option);
        }
    }

    /** Offloads with a command of their own. */
    private enum Offload {
        TSO(0x1E, "tso"),
        GSO(0x23, "gso"),
        GRO(0x2B, "gro"),
        RX_CHECKSUM(0x14, "rx"),
        TX_CHECKSUM(0x16, "tx");

        private final int command;
        private final String option;

        Offload(final int command, final String option) {
            this.command = command;
            this.option = option;
        }
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
