package org.reactornetmap.driver.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Linux knows of a network interface, as far as it matters to netmap. A snapshot, immutable.
 *
 * @param name such as {@code eth0}
 * @param up whether it is administratively up, {@code ip link set up}
 * @param link whether it has a link
 * @param mtu bytes behind the Ethernet header, at most, of a frame
 * @param offloads those switched on that netmap's rings can't do with, as {@code ethtool -K} names them
 */
public record HostInterface(String name, boolean up, boolean link, int mtu, List<String> offloads) {
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final int IFF_UP = 1;

    /** Of a frame with a VLAN tag. */
    private static final int HEADER_BYTES = 14 + 4;

    private static final int CACHE_LINE = 64;

    /**
     * Copies the offloads.
     *
     * @param name such as {@code eth0}
     * @param up whether it is administratively up
     * @param link whether it has a link
     * @param mtu bytes of a frame behind its header
     * @param offloads those switched on that netmap can't do with
     */
    public HostInterface {
        offloads = List.copyOf(offloads);
    }

    /**
     * Whether there is an interface of this name.
     *
     * @param name such as {@code eth0}
     * @return true if {@link #of} will find it
     */
    public static boolean exists(final String name) {
        return HostNames.mayBeInterface(name) && Files.isDirectory(INTERFACES.resolve(name));
    }

    /**
     * Looks at an interface. Any thread.
     *
     * @param name an interface that exists
     * @return what is known of it now
     * @throws org.reactornetmap.driver.NetmapException if it has vanished
     */
    public static HostInterface of(final String name) {
        final Path at = INTERFACES.resolve(name);
        return new HostInterface(
                name,
                (Long.decode(text(at, "flags", "0")) & IFF_UP) != 0,
                Ethtool.isLinkUp(name),
                Integer.parseInt(text(at, "mtu", "0")),
                Ethtool.offloads(name));
    }

    private static String text(final Path at, final String file, final String otherwise) {
        try {
            return Files.readString(at.resolve(file)).strip();
        } catch (final IOException e) {
            return otherwise;
        }
    }

    /** Bytes of the longest frame, with its header and a VLAN tag. */
    int longestFrame() {
        return mtu + HEADER_BYTES;
    }

    /** How to make each frame fit one buffer of so many bytes. */
    String mtuRemedy(final int bufSize) {
        return "ip link set " + name + " mtu " + (bufSize - HEADER_BYTES) + ", or raise buf_size to "
                + (longestFrame() + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE + ".";
    }

    /**
     * How to switch the troublesome offloads off.
     *
     * @return such as {@code ethtool -K eth0 tso off gro off}; empty if none is on
     */
    public String ethtoolLine() {
        return offloads.isEmpty() ? "" : "ethtool -K " + name + " " + String.join(" off ", offloads) + " off";
    }
}
