package org.reactornetmap.packet;

/** Which way a packet went through the port it belongs to. */
public enum Direction {
    /** Received by the port. */
    INBOUND,
    /** Sent by the port. */
    OUTBOUND,
    /** Not known, as in most capture files. */
    UNKNOWN
}
