package org.reactornetmap.operators;

/**
 * What a lane of a {@link FanOut} did with the packets it received: once quiet, {@code received = passed + queued +
 * discarded}.
 *
 * @param lane the lane's number, 0-based
 * @param passed packets that its subscriber got
 * @param queued packets that wait for its subscriber's demand, or for its thread
 * @param discarded packets released because the lane was cancelled
 */
public record LaneStatistics(int lane, long passed, long queued, long discarded) {}
