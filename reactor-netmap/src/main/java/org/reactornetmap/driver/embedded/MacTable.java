package org.reactornetmap.driver.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a VALE switch learned: 1,024 entries, one for each hash, overwritten on a collision, never aged. A MAC address is
 * the number that its six bytes make in little-endian order. Any thread: an entry is read and written whole.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/sys/dev/netmap/netmap_vale.c#L566">nm_vale_rthash,
 *     netmap_vale_learning</a>
 */
final class MacTable {
    /** {@code NM_BDG_HASH}. */
    static final int ENTRIES = 1_024;

    /** {@link #port} of an address that was not learned. */
    static final int UNKNOWN = -1;

    /** The 48 bits of an address. */
    static final long MAC_MASK = (1L << 48) - 1;

    private static final int GOLDEN_RATIO = 0x9e3779b9;
    private static final int PORT_SHIFT = 48;
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    /** The port in the upper 16 bits. All zero at first, so the address 00:00:00:00:00:00 is at port 0, as there. */
    private final long[] entries = new long[ENTRIES];

    /** Where an address is in the table: Bob Jenkins' hash of 1997. */
    static int hash(final long mac) {
        int a = GOLDEN_RATIO + (int) mac;
        int b = GOLDEN_RATIO + ((int) (mac >>> 32) & 0xFFFF);
        int c = 0;
        a = (a - b - c) ^ (c >>> 13);
        b = (b - c - a) ^ (a << 8);
        c = (c - a - b) ^ (b >>> 13);
        a = (a - b - c) ^ (c >>> 12);
        b = (b - c - a) ^ (a << 16);
        c = (c - a - b) ^ (b >>> 5);
        a = (a - b - c) ^ (c >>> 3);
        b = (b - c - a) ^ (a << 10);
        c = (c - a - b) ^ (b >>> 15);
        return c & (ENTRIES - 1);
    }

    /** Remembers that an address is at a port, in place of whatever had its hash. */
    void learn(final long mac, final int port) {
        ENTRY.setOpaque(entries, hash(mac), ((long) port << PORT_SHIFT) | mac);
    }

    /** The port of an address, {@link #UNKNOWN} if another one or none has its entry. */
    int port(final long mac) {
        final long entry = (long) ENTRY.getOpaque(entries, hash(mac));
        return (entry & MAC_MASK) == mac ? (int) (entry >>> PORT_SHIFT) : UNKNOWN;
    }
}
