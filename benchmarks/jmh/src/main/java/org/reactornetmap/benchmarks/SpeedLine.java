package org.reactornetmap.benchmarks;

/** One sender and one receiver at the two ends of a pipe. */
interface SpeedLine {
    /** A column's title. */
    String name();

    /**
     * Sends as fast as it goes.
     *
     * @param batch packets for each sync
     * @param nanos how long to measure
     */
    SpeedResult run(int batch, long nanos) throws Exception;
}
