package org.reactornetmap.packet;

/** Which way a packet went through the port it belongs to. */
public enum Direction {
    /** Received by the port. */
    INBOUND,
    /** Sent by the port, as a tap sees it, or by the machine, as host rings show it. */
    OUTBOUND,
    /** Not known, as in most capture files. */
    UNKNOWN
}
