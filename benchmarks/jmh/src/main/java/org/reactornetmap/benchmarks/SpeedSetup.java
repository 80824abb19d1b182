package org.reactornetmap.benchmarks;

import org.reactornetmap.driver.CpuAffinity;

/**
 * What is the same for all lines.
 *
 * @param senderCpu where the sender runs, -1: anywhere
 * @param receiverCpu where the receiver runs, -1: anywhere
 * @param most packets that a receiver takes from one sync, 0: as many as the sender puts into one
 */
record SpeedSetup(int senderCpu, int receiverCpu, int most) {
    int receiverBatch(final int batch) {
        return most == 0 ? batch : most;
    }

    static void pin(final int cpu) {
        if (cpu >= 0) {
            CpuAffinity.pinCurrentThread(cpu);
        }
    }
}
