package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapIfDescriptor;
import org.reactornetmap.ring.NetmapRingDescriptor;

/**
 * What a REGISTER takes from the three pools of a memory.
 *
 * @param ifBytes bytes of its {@code netmap_if}
 * @param rings ring objects to make
 * @param ringBytes bytes of the longest
 * @param buffers buffers for the rings' slots; extra buffers don't count, for netmap grants fewer if there are fewer
 */
record PoolNeeds(int ifBytes, int rings, int ringBytes, long buffers) {
    private static final String PARAMETERS = "/sys/module/netmap/parameters/";

    /** Objects are aligned to a cache line, {@code NM_BUF_ALIGN} and {@code NETMAP_POOL} in netmap_mem2.c. */
    private static final int LINE = 64;

    /** Of the buffers, {@code buf_num}, the first two are never given away. */
    private static final int RESERVED = 2;

    /**
     * Adds up what a descriptor's rings need that are not there yet.
     *
     * @param port the port
     * @param mode which of its rings
     * @param flags {@code nr_flags}
     * @param pipe whether each ring has a twin at the other end
     */
    static PoolNeeds of(final PortSizes port, final RegisterMode mode, final long flags, final boolean pipe) {
        final int tx = (flags & RegisterFlag.RX_RINGS_ONLY.bits()) != 0 ? 0 : port.boundTx(mode);
        final int rx = (flags & RegisterFlag.TX_RINGS_ONLY.bits()) != 0 ? 0 : port.boundRx(mode);
        final int longest = Math.max(tx == 0 ? 0 : port.txSlots(), rx == 0 ? 0 : port.rxSlots());
        return new PoolNeeds(
                NetmapIfDescriptor.ifLength(port.entries()),
                (tx + rx) * (pipe ? 2 : 1),
                longest == 0 ? 0 : NetmapRingDescriptor.ringLength(longest),
                (long) tx * port.txSlots() + (long) rx * port.rxSlots());
    }

    /**
     * Finds the pool that was short when a REGISTER was refused.
     *
     * @param pools a {@code nmreq_pools_info}
     * @param freeBuffers buffers that are free; negative if not even a {@code netmap_if} is
     * @return which parameter, what it is and what is needed
     */
    String shortage(final ByteBuffer pools, final long freeBuffers) {
        final String lack = lack(pools, freeBuffers);
        final int ringNum = pools.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET);
        // How many rings are free nobody can know; but if nothing else is short, it is they.
        return lack != null
                ? lack
                : memory(pools)
                        + tooFew(
                                "ring_num",
                                ringNum,
                                rings + " rings, and open ports have taken too many",
                                (long) ringNum + rings);
    }

    /**
     * Finds the pool that is sure to be short.
     *
     * @param pools a {@code nmreq_pools_info}
     * @param freeBuffers buffers that are free; negative if not even a {@code netmap_if} is
     * @return which parameter, what it is and what is needed; null if none is
     */
    @Nullable
    String lack(final ByteBuffer pools, final long freeBuffers) {
        final int ifNum = pools.getInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET);
        final int ifSize = pools.getInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET);
        final int ringNum = pools.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET);
        final int ringSize = pools.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET);
        final int bufNum = pools.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET);
        final String lack;
        if (ringBytes > ringSize) {
            lack = tooSmall("ring_size", ringSize, ringBytes);
        } else if (ifBytes > ifSize) {
            lack = tooSmall("if_size", ifSize, ifBytes);
        } else if (rings > ringNum) {
            lack = tooFew("ring_num", ringNum, rings + " rings", rings);
        } else if (buffers > bufNum - RESERVED) {
            lack = tooFew("buf_num", bufNum, buffers + " buffers", buffers + RESERVED);
        } else if (freeBuffers < 0) {
            lack = tooFew("if_num", ifNum, "1 more netmap_if, and open ports have them all", ifNum + 1L);
        } else if (buffers > freeBuffers) {
            lack = tooFew(
                    "buf_num",
                    bufNum,
                    buffers + " buffers, and " + freeBuffers + " are free",
                    bufNum + buffers - freeBuffers);
        } else {
            return null;
        }
        return memory(pools) + lack;
    }

    private static String memory(final ByteBuffer pools) {
        return "Memory " + Short.toUnsignedInt(pools.getShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET)) + ": ";
    }

    private static String tooSmall(final String parameter, final int current, final int needed) {
        final int rounded = (needed + LINE - 1) / LINE * LINE;
        return parameter + " is " + current + ", and an object of " + needed
                + " bytes is needed: ask for fewer rings or slots, or " + raise(parameter, rounded);
    }

    private static String tooFew(final String parameter, final int current, final String needed, final long enough) {
        return parameter + " is " + current + ". This needs " + needed
                + ": close ports, ask for fewer or shorter rings, or " + raise(parameter, enough);
    }

    private static String raise(final String parameter, final long value) {
        return "echo " + value + " > " + PARAMETERS + parameter + " (as root; taken over while no port is open).";
    }
}
