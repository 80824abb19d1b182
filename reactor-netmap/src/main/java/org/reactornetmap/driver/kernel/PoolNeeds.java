package org.reactornetmap.driver.kernel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqRegisterDescriptor;
import org.reactornetmap.driver.RegisterFlag;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;
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
    /** netmap's own memory, that of NICs. */
    static final int GLOBAL_MEMORY = 1;

    /** Of the buffers, {@code buf_num}, the first two are never given away. */
    static final int RESERVED = 2;

    private static final String PARAMETERS = "/sys/module/netmap/parameters/";

    /** Objects are aligned to a cache line, {@code NM_BUF_ALIGN} and {@code NETMAP_POOL} in netmap_mem2.c. */
    private static final int LINE = 64;

    /** The {@code nmreq_pools_info} of the memory that a REGISTER takes from; null if the port can't be made. */
    static @Nullable ByteBuffer pools(final ControlRequest register, final KernelDescriptor kernel) {
        final ControlRequest question = ControlRequest.of(RequestType.POOLS_INFO_GET, register.name());
        question.body()
                .putShort(
                        NmreqPoolsInfoDescriptor.MEM_ID_OFFSET,
                        register.body().getShort(NmreqRegisterDescriptor.MEM_ID_OFFSET));
        return kernel.answers(question) ? question.body() : null;
    }

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
                                raise(pools, "ring_num", (long) ringNum + rings));
    }

    /**
     * What a memory of the caller's own must have: its sizes are in the spec, and nobody can be asked about it.
     *
     * @return the parameters of {@code @extmem}, and what each needs to be at least
     */
    String ofExternalMemory() {
        return "The memory of @extmem is short: the port needs ring-num " + rings + ", ring-size " + rounded(ringBytes)
                + ", buf-num " + (buffers + RESERVED) + ", if-num 1 and if-size " + rounded(ifBytes)
                + " at least, and a file with room for it all.";
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
            lack = tooSmall("ring_size", ringSize, ringBytes, pools);
        } else if (ifBytes > ifSize) {
            lack = tooSmall("if_size", ifSize, ifBytes, pools);
        } else if (rings > ringNum) {
            lack = tooFew("ring_num", ringNum, rings + " rings", raise(pools, "ring_num", rings));
        } else if (buffers > bufNum - RESERVED) {
            lack = tooFew("buf_num", bufNum, buffers + " buffers", raise(pools, "buf_num", buffers + RESERVED));
        } else if (freeBuffers < 0) {
            lack = tooFew(
                    "if_num",
                    ifNum,
                    "1 more netmap_if, and open ports have them all",
                    raise(pools, "if_num", ifNum + 1L));
        } else if (buffers > freeBuffers) {
            lack = tooFew(
                    "buf_num",
                    bufNum,
                    buffers + " buffers, and " + freeBuffers + " are free",
                    raise(pools, "buf_num", bufNum + buffers - freeBuffers));
        } else {
            return null;
        }
        return memory(pools) + lack;
    }

    private static String memory(final ByteBuffer pools) {
        return "Memory " + memId(pools) + ": ";
    }

    private static int memId(final ByteBuffer pools) {
        return Short.toUnsignedInt(pools.getShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET));
    }

    private static String tooSmall(
            final String parameter, final int current, final int needed, final ByteBuffer pools) {
        return parameter + " is " + current + ", and an object of " + needed
                + " bytes is needed: ask for fewer rings or slots, or " + raise(pools, parameter, rounded(needed));
    }

    private static String tooFew(
            final String parameter, final int current, final String needed, final String otherwise) {
        return parameter + " is " + current + ". This needs " + needed
                + ": close ports, ask for fewer or shorter rings, or " + otherwise;
    }

    private static int rounded(final int bytes) {
        return (bytes + LINE - 1) / LINE * LINE;
    }

    /** Only the global memory has the sizes that the parameters say. */
    private static String raise(final ByteBuffer pools, final String parameter, final long value) {
        return memId(pools) == GLOBAL_MEMORY
                ? "echo " + value + " > " + PARAMETERS + parameter + " (as root; taken over while no port is open)."
                : "open it in netmap's global memory (@" + GLOBAL_MEMORY + ").";
    }
}
