package org.reactornetmap.benchmarks;

import org.reactornetmap.packet.Packet;

/** Questions about headers that benchmarks ask, here of a packet and in {@link BareForwarder} of a buffer. */
final class Headers {
    private Headers() {}

    /** IPv4 without options, UDP, to the DNS port. */
    static boolean isDns(final Packet packet) {
        return packet.length() >= 38
                && packet.u16(12) == 0x0800
                && packet.u8(23) == 17
                && packet.u16(36) == Generator.WANTED_PORT;
    }
}
