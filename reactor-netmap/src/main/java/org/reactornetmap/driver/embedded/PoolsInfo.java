package org.reactornetmap.driver.embedded;

/**
 * A memory in numbers: {@code nmreq_pools_info}.
 *
 * @param memSize {@code nr_memsize}, bytes
 * @param memId {@code nr_mem_id}
 * @param ifPoolOffset where the {@code netmap_if}s begin
 * @param ifPoolObjTotal how many there are
 * @param ifPoolObjSize bytes of each
 * @param ringPoolOffset where the rings begin
 * @param ringPoolObjTotal how many there are
 * @param ringPoolObjSize bytes of each
 * @param bufPoolOffset where the buffers begin
 * @param bufPoolObjTotal how many there are, the two reserved ones included
 * @param bufPoolObjSize bytes of each
 */
record PoolsInfo(
        long memSize,
        int memId,
        long ifPoolOffset,
        int ifPoolObjTotal,
        int ifPoolObjSize,
        long ringPoolOffset,
        int ringPoolObjTotal,
        int ringPoolObjSize,
        long bufPoolOffset,
        int bufPoolObjTotal,
        int bufPoolObjSize) {}
