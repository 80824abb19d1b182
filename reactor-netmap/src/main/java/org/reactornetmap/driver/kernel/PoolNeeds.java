package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
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
     * Adds up what rings need.
     *
     * @param txRings TX rings to be made, host rings included
     * @param rxRings RX rings to be made, host rings included
     * @param txSlots slots of each TX ring
     * @param rxSlots slots of each RX ring
     * @param entries ring offsets of the {@code netmap_if}: all rings that the port has, host rings included
     * @param objectsPerRing 2 for a pipe, where each ring has a twin at the other end, otherwise 1
     */
    static PoolNeeds of(
            final int txRings,
            final int rxRings,
            final int txSlots,
            final int rxSlots,
            final int entries,
            final int objectsPerRing) {
        final int longest = Math.max(txRings == 0 ? 0 : txSlots, rxRings == 0 ? 0 : rxSlots);
        return new PoolNeeds(
                NetmapIfDescriptor.ifLength(entries),
                (txRings + rxRings) * objectsPerRing,
                longest == 0 ? 0 : NetmapRingDescriptor.ringLength(longest),
                (long) txRings * txSlots + (long) rxRings * rxSlots);
    }

    /**
     * Finds the pool that is short.
     *
     * @param pools a {@code nmreq_pools_info}
     * @param freeBuffers buffers that are free; negative if not even a {@code netmap_if} is
     * @return which parameter, what it is and what is needed
     */
    String shortage(final ByteBuffer pools, final long freeBuffers) {
        final int memId = Short.toUnsignedInt(pools.getShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET));
        final int ifNum = pools.getInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET);
        final int ifSize = pools.getInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET);
        final int ringNum = pools.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET);
        final int ringSize = pools.getInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET);
        final int bufNum = pools.getInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET);
        final String memory = "Memory " + memId + ": ";
        if (ringBytes > ringSize) {
            return memory + tooSmall("ring_size", ringSize, ringBytes);
        }
        if (ifBytes > ifSize) {
            return memory + tooSmall("if_size", ifSize, ifBytes);
        }
        if (rings > ringNum) {
            return memory + tooFew("ring_num", ringNum, rings + " rings", rings);
        }
        if (buffers > bufNum - RESERVED) {
            return memory + tooFew("buf_num", bufNum, buffers + " buffers", buffers + RESERVED);
        }
        if (freeBuffers < 0) {
            return memory + tooFew("if_num", ifNum, "1 more netmap_if, and open ports have them all", ifNum + 1L);
        }
        if (buffers > freeBuffers) {
            return memory
                    + tooFew(
                            "buf_num",
                            bufNum,
                            buffers + " buffers, and " + freeBuffers + " are free",
                            bufNum + buffers - freeBuffers);
        }
        return memory
                + tooFew(
                        "ring_num",
                        ringNum,
                        rings + " rings, and open ports have taken too many",
                        (long) ringNum + rings);
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
