package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.PortOption;
import org.reactornetmap.ring.NetmapIfDescriptor;
import org.reactornetmap.ring.NetmapRingDescriptor;

/**
 * How many objects a memory shall have and how large they shall be: netmap's module parameters of the same names.
 *
 * @param ifNum {@code netmap_if}s
 * @param ifSize bytes of each
 * @param ringNum rings
 * @param ringSize bytes of each
 * @param bufNum buffers, the two reserved ones included
 * @param bufSize bytes of each
 */
record MemorySizes(int ifNum, int ifSize, int ringNum, int ringSize, int bufNum, int bufSize) {
    /** What the global memory has. */
    static MemorySizes global(final EmbeddedConfig config) {
        return new MemorySizes(
                config.interfaces(),
                config.ifSize(),
                config.rings(),
                config.ringSize(),
                config.buffers(),
                config.bufSize());
    }

    /** What every private memory has at least: netmap_min_priv_params. */
    static MemorySizes leastPrivate(final EmbeddedConfig config) {
        return new MemorySizes(
                config.privIfNum(),
                config.privIfSize(),
                config.privRingNum(),
                config.privRingSize(),
                config.privBufNum(),
                config.privBufSize());
    }

    /**
     * netmap_mem_private_new: these sizes, increased to what a port needs.
     *
     * @param port its rings and slots
     * @param extraBuffers extra buffers asked for
     * @param pipes how many pipes it shall have room for
     */
    MemorySizes fitting(final Geometry port, final int extraBuffers, final int pipes) {
        final int tx = port.txRings() + 1; // and a host ring, which may be a fake
        final int rx = port.rxRings() + 1;
        final int longest = Math.max(port.txSlots(), port.rxSlots());
        // An end of a pipe has a ring and a fake host ring each way. Its rings may be longer than the port's, so there
        // are buffers for twice the four rings that it would need.
        final long buffers = (4L * pipes + rx) * port.rxSlots()
                + (4L * pipes + tx) * port.txSlots()
                + BufferPool.FIRST
                + extraBuffers;
        return new MemorySizes(
                Math.max(ifNum, 2 + 4 * pipes),
                Math.max(ifSize, NetmapIfDescriptor.ifLength(tx + rx)),
                Math.max(ringNum, tx + rx + 8 * pipes),
                Math.max(ringSize, NetmapRingDescriptor.ringLength(longest)),
                (int) Math.min(Integer.MAX_VALUE, Math.max(bufNum, buffers)),
                bufSize);
    }

    /** The numbers of an option, and these where it has none. */
    MemorySizes overriddenBy(final PortOption.Extmem option) {
        return new MemorySizes(
                firstSet(option.ifNum(), ifNum),
                firstSet(option.ifSize(), ifSize),
                firstSet(option.ringNum(), ringNum),
                firstSet(option.ringSize(), ringSize),
                firstSet(option.bufNum(), bufNum),
                firstSet(option.bufSize(), bufSize));
    }

    private static int firstSet(final int first, final int second) {
        return first != 0 ? first : second;
    }
}
