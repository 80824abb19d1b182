package org.reactornetmap.driver;

/**
 * An option at the end of a port spec, as {@code @conf:rx-rings=4}.
 *
 * <p>In every option 0 leaves the choice to netmap. Numbers go from 0 to 2147483647 unless a narrower range is given.
 *
 * @see <a href="https://github.com/luigirizzo/netmap/blob/89607e14/libnetmap/libnetmap.h">libnetmap.h, 89607e14</a>
 */
public sealed interface PortOption {

    /**
     * Memory from a file that the caller provides, say on a hugetlbfs: {@code @extmem=FILE} or
     * {@code @extmem:file=FILE,buf-num=…}.
     *
     * @param file the file to map
     * @param ifNum number of interface objects ({@code if-num})
     * @param ifSize bytes of an interface object ({@code if-size})
     * @param ringNum number of ring objects ({@code ring-num})
     * @param ringSize bytes of a ring object ({@code ring-size})
     * @param bufNum number of buffers ({@code buf-num})
     * @param bufSize bytes of a buffer ({@code buf-size})
     */
    record Extmem(String file, int ifNum, int ifSize, int ringNum, int ringSize, int bufNum, int bufSize)
            implements PortOption {}

    /**
     * The memory region of another port: {@code @share=netmap:eth1}.
     *
     * @param portName the other port as {@link PortSpec#portName()} names it: {@code eth1}, {@code vale0:a},
     *     <code>x{1</code>
     */
    record Share(String portName) implements PortOption {}

    /**
     * The size of a port that this very open creates: {@code @conf:rings=4,slots=1024}. A port that exists keeps its
     * own.
     *
     * @param txRings TX rings, 0 to 65535 ({@code tx-rings}, else {@code rings})
     * @param rxRings RX rings, 0 to 65535 ({@code rx-rings}, else {@code rings})
     * @param hostTxRings host TX rings, 0 to 65535 ({@code host-tx-rings}, else {@code host-rings})
     * @param hostRxRings host RX rings, 0 to 65535 ({@code host-rx-rings}, else {@code host-rings})
     * @param txSlots slots of each TX ring ({@code tx-slots}, else {@code slots})
     * @param rxSlots slots of each RX ring ({@code rx-slots}, else {@code slots})
     */
    record Conf(int txRings, int rxRings, int hostTxRings, int hostRxRings, int txSlots, int rxSlots)
            implements PortOption {

        /** Everything left to netmap. */
        public static final Conf DEFAULT = new Conf(0, 0, 0, 0, 0, 0);
    }

    /**
     * Frames that start inside their buffer, the distance in the slot's {@code ptr}: {@code @offset=64} or
     * {@code @offset:initial=64,bits=16}. libnetmap understands it only after the program has enabled it.
     *
     * @param initial first offset of every slot, and the largest one allowed, in bytes
     * @param bits low bits of {@code ptr} that hold the offset, 0 to 64; 0 means all
     */
    record Offset(int initial, int bits) implements PortOption {}
}
