package org.reactornetmap.benchmarks;

/**
 * What one run of a line came to.
 *
 * @param packetsPerSecond as the receiver saw them
 * @param senderCalls the sender's system calls for each packet
 * @param receiverCalls the receiver's
 */
record SpeedResult(double packetsPerSecond, double senderCalls, double receiverCalls) {
    double calls() {
        return senderCalls + receiverCalls;
    }
}
