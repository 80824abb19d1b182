package org.reactornetmap.driver;

import java.util.Set;

/**
 * How a port is opened: the bits of {@code nmreq_register.nr_flags}, named without their {@code NR_}.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/net/netmap.h">netmap.h, API 14, 89607e14</a>
 */
public enum RegisterFlag {
    /** Copy monitor of what the selected rings transmit: {@code /t}. */
    MONITOR_TX(0x100),
    /** Copy monitor of what the selected rings receive: {@code /r}. */
    MONITOR_RX(0x200),
    /** Zero-copy monitor of both directions, whatever the other two monitor flags say: {@code /z}. */
    ZCOPY_MON(0x400),
    /** Nobody else may open the selected rings: {@code /x}. */
    EXCLUSIVE(0x800),
    /** Bind RX rings only: {@code /R}. */
    RX_RINGS_ONLY(0x2000),
    /** Bind TX rings only: {@code /T}. */
    TX_RINGS_ONLY(0x4000),
    /** The application can handle virtio-net headers before each frame. */
    ACCEPT_VNET_HDR(0x8000),
    /** Declared by netmap as "poll releases RX slots even without POLLIN"; its kernel code does not read it. */
    DO_RX_POLL(0x10000),
    /** poll sends pending packets only if POLLOUT is asked for. */
    NO_TX_POLL(0x20000);

    private final long bits;

    RegisterFlag(long bits) {
        this.bits = bits;
    }

    /**
     * The bit in {@code nr_flags}.
     *
     * @return a value with exactly one bit set
     */
    public long bits() {
        return bits;
    }

    /**
     * Joins flags as {@code nr_flags} holds them.
     *
     * @param flags any number of flags
     * @return their bits, 0 for none
     */
    public static long bitsOf(Set<RegisterFlag> flags) {
        long joined = 0;
        for (RegisterFlag flag : flags) {
            joined |= flag.bits;
        }
        return joined;
    }
}
