package org.reactornetmap.driver.embedded;

/**
 * What happened to the packets of one port of a VALE switch, since the netmap began: a later port of the same name goes
 * on counting. Exact while no port of the switch syncs. Over all ports of a switch
 *
 * <pre>
 *   copies = delivered + ringFull + closed
 * </pre>
 *
 * <p>and each port's {@code received - malformed - noDestination} are the packets that had at least one destination; with
 * unicast traffic alone that is its {@code copies}.
 *
 * @param port such as {@code vale0:a}
 * @param received packets that the port sent into the switch
 * @param malformed of these, dropped because the frame was shorter than 14 bytes, or its slot had a bad buffer, length or
 *     pointer
 * @param noDestination of these, dropped because the destination was the port itself or a place in the switch that is
 *     empty now, or because the switch had no other port, or the port was in no switch
 * @param copies of these, handed to another port; a flooded packet once for each
 * @param delivered copies that came into this port's RX rings
 * @param emptied slots of these that came in with length 0, because the data did not fit the port's buffers or could not
 *     be read
 * @param ringFull copies for this port that were dropped because they did not fit its RX ring
 * @param closed copies for this port that were dropped because nobody had it or its RX ring open
 */
public record SwitchStatistics(
        String port,
        long received,
        long malformed,
        long noDestination,
        long copies,
        long delivered,
        long emptied,
        long ringFull,
        long closed) {

    /**
     * Every drop that is counted at this port, whether as the packet's source or its destination.
     *
     * @return packets
     */
    public long dropped() {
        return malformed + noDestination + ringFull + closed;
    }
}
