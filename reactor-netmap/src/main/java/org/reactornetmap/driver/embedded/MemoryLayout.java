package org.reactornetmap.driver.embedded;

import java.math.BigInteger;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.PoolLayout.Kind;

/**
 * The three pools of a memory, one behind the other.
 *
 * @param ifs the {@code netmap_if}s, at offset 0
 * @param rings the rings
 * @param bufs the buffers, the two reserved ones included
 */
record MemoryLayout(PoolLayout ifs, PoolLayout rings, PoolLayout bufs) {
    /** The global memory. */
    static MemoryLayout of(final MemorySizes sizes, final String port) {
        return new MemoryLayout(
                PoolLayout.of(Kind.IF, sizes.ifNum(), sizes.ifSize(), port),
                PoolLayout.of(Kind.RING, sizes.ringNum(), sizes.ringSize(), port),
                PoolLayout.of(Kind.BUF, sizes.bufNum(), sizes.bufSize(), port));
    }

    /** A private memory. */
    static MemoryLayout ofPrivate(final MemorySizes sizes, final String port) {
        return new MemoryLayout(
                PoolLayout.ofPrivate(Kind.IF, sizes.ifNum(), sizes.ifSize(), port),
                PoolLayout.ofPrivate(Kind.RING, sizes.ringNum(), sizes.ringSize(), port),
                PoolLayout.ofPrivate(Kind.BUF, sizes.bufNum(), sizes.bufSize(), port));
    }

    /** A memory in a file; what the file has beyond the request goes to the buffers. */
    static MemoryLayout inFile(final MemorySizes sizes, final long fileBytes, final String port) {
        if (sizes.bufSize() < Kind.BUF.minSize() || sizes.bufSize() > Kind.BUF.maxSize()) {
            throw NetmapErrnoException.of(
                    EmbeddedWorld.REGISTER,
                    port,
                    Errno.EINVAL,
                    "buf-size is " + sizes.bufSize() + ": expected " + Kind.BUF.minSize() + ".." + Kind.BUF.maxSize()
                            + ".");
        }
        final BigInteger sum = product(sizes.ifNum(), sizes.ifSize())
                .add(product(sizes.ringNum(), sizes.ringSize()))
                .add(product(sizes.bufNum(), sizes.bufSize()));
        if (sum.compareTo(BigInteger.valueOf(fileBytes)) > 0) {
            throw tooSmall(port, fileBytes, sum);
        }
        final long least = sum.longValueExact();
        final long moreBufs = (fileBytes - least + sizes.bufSize() - 1) / sizes.bufSize();
        final long end = PoolLayout.roundUp(fileBytes, PoolLayout.PAGE);
        final PoolLayout ifs = PoolLayout.inFile(sizes.ifNum(), sizes.ifSize(), 0, end, fileBytes);
        final PoolLayout rings = PoolLayout.inFile(sizes.ringNum(), sizes.ringSize(), ifs.bytes(), end, fileBytes);
        final PoolLayout bufs = PoolLayout.inFile(
                Math.min(sizes.bufNum() + moreBufs, Integer.MAX_VALUE),
                sizes.bufSize(),
                ifs.bytes() + rings.bytes(),
                end,
                fileBytes);
        if (ifs.usable() == 0 || rings.usable() == 0 || bufs.usable() < BufferPool.FIRST) {
            // Each pool begins at a page, so a file of just the sum can be too short.
            throw tooSmall(port, fileBytes, BigInteger.valueOf(least + 2L * PoolLayout.PAGE));
        }
        return new MemoryLayout(ifs, rings, bufs);
    }

    private static BigInteger product(final int num, final int size) {
        return BigInteger.valueOf((long) num * size);
    }

    private static NetmapErrnoException tooSmall(final String port, final long fileBytes, final BigInteger least) {
        return NetmapErrnoException.of(
                EmbeddedWorld.REGISTER,
                port,
                Errno.ENOMEM,
                "The file has " + fileBytes + " bytes and the pools asked for need " + least
                        + ": make it longer (truncate -s), or ask for less with @extmem:file=...,if-num=,ring-num=,"
                        + "buf-num= and the sizes.");
    }

    long ringsOffset() {
        return ifs.bytes();
    }

    long bufsOffset() {
        return ifs.bytes() + rings.bytes();
    }

    /** {@code nr_memsize}. */
    long bytes() {
        return bufsOffset() + bufs.bytes();
    }

    /** What {@code NETMAP_REQ_POOLS_INFO_GET} tells. */
    PoolsInfo info(final int memId) {
        return new PoolsInfo(
                bytes(),
                memId,
                0,
                ifs.total(),
                ifs.size(),
                ringsOffset(),
                rings.total(),
                rings.size(),
                bufsOffset(),
                bufs.total(),
                bufs.size());
    }
}
