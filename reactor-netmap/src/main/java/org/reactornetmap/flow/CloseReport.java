package org.reactornetmap.flow;

/**
 * What closing a port left.
 *
 * @param revoked packets of this port that were still held: a read of them throws now
 * @param dropped packets of this port that waited in a send and were not sent
 * @param pending packets that the port's sends had not confirmed by tail when the drain timeout ended
 * @param reclaimed packets in the port's life that were lost by their owner and came back by garbage collection
 */
public record CloseReport(long revoked, long dropped, long pending, long reclaimed) {}
