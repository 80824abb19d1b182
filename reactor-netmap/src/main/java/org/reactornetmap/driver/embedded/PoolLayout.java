package org.reactornetmap.driver.embedded;

import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;

/**
 * One pool of a memory as it really is: objects of one size, one behind the other.
 *
 * @param total objects, {@code objtotal}; may be more than were asked for
 * @param usable objects that can be had: all, but for the last one of a file that ends inside it
 * @param size bytes of an object, {@code objsize}
 * @param bytes bytes of the pool, whole pages
 */
record PoolLayout(int total, int usable, int size, long bytes) {
    static final int PAGE = 4_096;

    /** {@code NM_BUF_ALIGN}. */
    static final int LINE = 64;

    private static final int MAX_CLUSTER = 1 << 22;

    /** The three pools, by the names that their module parameters begin with. */
    enum Kind {
        IF(56, 4_096, 100),
        RING(256, 32 * PAGE, 1_024),
        BUF(64, 65_536, 1_000_000);

        private final int minSize;
        private final int maxSize;
        private final int maxPrivate;

        Kind(final int minSize, final int maxSize, final int maxPrivate) {
            this.minSize = minSize;
            this.maxSize = maxSize;
            this.maxPrivate = maxPrivate;
        }

        /** {@code if}, {@code ring} or {@code buf}. */
        String parameter() {
            return switch (this) {
                case IF -> "if";
                case RING -> "ring";
                case BUF -> "buf";
            };
        }

        /** Bytes of the smallest object. */
        int minSize() {
            return minSize;
        }

        /** Bytes of the largest object. */
        int maxSize() {
            return maxSize;
        }
    }

    /** netmap_config_obj_allocator: clusters of objects end at a page, so both numbers may grow. */
    static PoolLayout of(final Kind kind, final int wantedTotal, final int wantedSize, final String port) {
        final long size = roundUp(wantedSize, LINE);
        if (size < kind.minSize || size > kind.maxSize) {
            throw refuse(
                    port,
                    kind.parameter() + "_size would be " + size + " bytes: expected " + kind.minSize + ".."
                            + kind.maxSize + ". Ask for fewer rings or slots.");
        }
        if (!hasClusters((int) size)) {
            throw refuse(
                    port,
                    "netmap cannot lay out " + kind.parameter() + " objects of " + size
                            + " bytes in whole pages of a cluster of at most 4 MiB: ask for another number of slots.");
        }
        final long total = roundUp(wantedTotal, clusterEntries((int) size));
        return new PoolLayout((int) total, (int) total, (int) size, total * size);
    }

    /** The least number of objects that fill whole pages. */
    private static int clusterEntries(final int size) {
        int entries = 1;
        while (entries * size % PAGE != 0) {
            entries++;
        }
        return entries;
    }

    /** Whether netmap can lay out objects of a size, a multiple of 64, in clusters of at most 4 MiB. */
    static boolean hasClusters(final int size) {
        return clusterEntries(size) * size <= MAX_CLUSTER;
    }

    /** As many objects as netmap makes if it is asked for {@code wanted}. */
    static int rounded(final int wanted, final int size) {
        return (int) roundUp(wanted, clusterEntries(size));
    }

    /** As {@link #of}, within the limits of a private memory. */
    static PoolLayout ofPrivate(final Kind kind, final int wantedTotal, final int wantedSize, final String port) {
        if (wantedTotal < 0 || wantedTotal > kind.maxPrivate) {
            throw refuse(
                    port,
                    kind.parameter() + "_num of the port's memory would be " + Integer.toUnsignedString(wantedTotal)
                            + ": expected at most " + kind.maxPrivate
                            + ". Ask for fewer rings, slots or extra buffers.");
        }
        return of(kind, wantedTotal, wantedSize, port);
    }

    /**
     * netmap_mem_ext_create: as many objects as fit between two places of a file, and one more if the last one is cut.
     *
     * @param wantedTotal at most so many objects
     * @param size bytes of an object, not rounded
     * @param start where the pool begins, at a page
     * @param end where the file's last page ends
     * @param fileEnd where the file ends
     */
    static PoolLayout inFile(
            final long wantedTotal, final int size, final long start, final long end, final long fileEnd) {
        final long total = Math.min(wantedTotal, Math.max(0, (end - start + size - 1) / size));
        final long usable = Math.min(total, Math.max(0, (fileEnd - start) / size));
        return new PoolLayout((int) total, (int) usable, size, roundUp(total * size, PAGE));
    }

    static long roundUp(final long number, final int unit) {
        return (number + unit - 1) / unit * unit;
    }

    private static NetmapErrnoException refuse(final String port, final String advice) {
        return NetmapErrnoException.of(EmbeddedWorld.REGISTER, port, Errno.EINVAL, advice);
    }
}
