package org.reactornetmap.driver.embedded;

/**
 * How many objects a memory has and how large they are: netmap's module parameters of the same names.
 *
 * @param ifNum {@code netmap_if}s
 * @param ifSize bytes of each
 * @param ringNum rings
 * @param ringSize bytes of each
 * @param bufNum buffers, the two reserved ones included
 * @param bufSize bytes of each
 */
record MemorySizes(int ifNum, int ifSize, int ringNum, int ringSize, int bufNum, int bufSize) {}
