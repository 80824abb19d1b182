package org.reactornetmap.driver.embedded;

/**
 * What happened to the frames of an {@link EmbeddedInterface} since it was added. Exact while nothing is sent or synced.
 *
 * <pre>
 *   wireReceived  = ringReceived + hostPassed + ringFull + oversize + linkDown
 *   hostSent      = direct + queued + queueDropped
 *   queued        = left in the queues + hostReceived + queuePurged
 *   raised + hostPassed = taken by the test + left in the stack + hostFull
 *   transmitted + direct = taken by the test or the cable + left on the wire + wireFull + linkDownSent
 * </pre>
 *
 * @param wireReceived frames that arrived from the wire
 * @param ringReceived of these, put into RX rings
 * @param hostPassed of these, passed to the host stack because their ring was not in netmap mode
 * @param ringFull of these, dropped because the RX ring had no free slots, or one with a bad buffer
 * @param oversize of these, dropped because they were longer than the MTU allows
 * @param linkDown of these, dropped because the link was down or the interface gone
 * @param transmitted frames that TX rings gave to the wire
 * @param malformed frames in TX rings that were not transmitted because a slot had a bad buffer or length
 * @param unsent frames in TX rings that were still waiting for the link when the ring was closed
 * @param wireFull frames that were transmitted onto a wire from which nobody took enough
 * @param hostSent frames that the host stack sent
 * @param direct of these, given to the NIC because netmap does not have its TX ring
 * @param linkDownSent of these, lost because the link was down
 * @param queued of {@code hostSent}, queued for a host RX ring
 * @param queueDropped of {@code hostSent}, dropped ({@code OQDROPS}): no room, too long, or an offload was asked for
 * @param hostReceived of {@code queued}, put into host RX rings
 * @param queuePurged of {@code queued}, lost when the last descriptor closed, or for want of room behind an offset
 * @param raised frames that went up to the host stack from host TX rings or by {@code NS_FORWARD}
 * @param notRaised slots that did not, because they were shorter than 14 bytes or longer than their buffer
 * @param hostFull frames that came to a host stack from which nobody took enough
 */
public record InterfaceStatistics(
        long wireReceived,
        long ringReceived,
        long hostPassed,
        long ringFull,
        long oversize,
        long linkDown,
        long transmitted,
        long malformed,
        long unsent,
        long wireFull,
        long hostSent,
        long direct,
        long linkDownSent,
        long queued,
        long queueDropped,
        long hostReceived,
        long queuePurged,
        long raised,
        long notRaised,
        long hostFull) {}
