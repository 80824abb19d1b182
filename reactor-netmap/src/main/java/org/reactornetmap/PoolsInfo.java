package org.reactornetmap;

/**
 * The memory of a port, as {@link NetmapAdmin#pools} found it: three pools of objects, one behind the other.
 *
 * @param memId the memory's id
 * @param memBytes its size
 * @param interfaces the pool of {@code netmap_if}s, one for each descriptor
 * @param rings the pool of rings
 * @param buffers the pool of packet buffers; two of them are reserved
 */
public record PoolsInfo(int memId, long memBytes, Pool interfaces, Pool rings, Pool buffers) {
    /**
     * One pool.
     *
     * @param offset where it begins in the memory, bytes
     * @param objects how many objects it has
     * @param objectBytes size of each
     */
    public record Pool(long offset, int objects, int objectBytes) {}
}
