package org.reactornetmap.test;

import java.nio.ByteBuffer;

/**
 * Ethernet frames for tests: to inject into a port, to send, and to assert on.
 *
 * <pre>{@code
 * port.inject(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23), Frames.udp("2001:db8::1", 53, "2001:db8::2", 53));
 * ByteBuffer jumbo = Frames.ethernet().vlan(100).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).length(9000).build();
 * assertThat(Frames.checksumsValid(received)).as(Frames.describe(received)).isTrue();
 * }</pre>
 *
 * <p>Every frame made here is a new heap buffer and the caller's own: big-endian, position 0, limit the frame's length,
 * which does not count the FCS and is at least 60 bytes. Lengths and checksums are right. The frames of the methods
 * with addresses go from MAC address 02:00:00:00:00:01 to 02:00:00:00:00:02 with TTL 64 and carry no payload; {@link
 * #ethernet()} makes everything else. Addresses are numeric, no name service is ever asked. All methods may be called
 * from any thread.
 */
public final class Frames {

    private Frames() {}

    /**
     * Starts a frame layer by layer.
     *
     * @return a new builder
     */
    public static FrameBuilder ethernet() {
        return new FrameBuilder();
    }

    /**
     * A TCP segment with flag ACK, over IPv4 or IPv6 by the form of the addresses.
     *
     * @param srcIp numeric address
     * @param srcPort 0 to 65535
     * @param dstIp numeric address of the same version
     * @param dstPort 0 to 65535
     * @return a new frame
     * @throws IllegalArgumentException if an address is not numeric, the versions differ, or a port is out of range
     */
    public static ByteBuffer tcp(String srcIp, int srcPort, String dstIp, int dstPort) {
        return ethernet().ip(srcIp, dstIp).tcp(srcPort, dstPort).build();
    }

    /**
     * A UDP datagram, over IPv4 or IPv6 by the form of the addresses.
     *
     * @param srcIp numeric address
     * @param srcPort 0 to 65535
     * @param dstIp numeric address of the same version
     * @param dstPort 0 to 65535
     * @return a new frame
     * @throws IllegalArgumentException if an address is not numeric, the versions differ, or a port is out of range
     */
    public static ByteBuffer udp(String srcIp, int srcPort, String dstIp, int dstPort) {
        return ethernet().ip(srcIp, dstIp).udp(srcPort, dstPort).build();
    }

    /**
     * An ICMP echo request with identifier 1, or an ICMPv6 one if the addresses are IPv6.
     *
     * @param srcIp numeric address
     * @param dstIp numeric address of the same version
     * @param seq sequence number, 0 to 65535
     * @return a new frame
     * @throws IllegalArgumentException if an address is not numeric, the versions differ, or {@code seq} is out of
     *     range
     */
    public static ByteBuffer icmpEcho(String srcIp, String dstIp, int seq) {
        return ethernet().ip(srcIp, dstIp).icmpEcho(1, seq).build();
    }

    /**
     * A broadcast ARP request: who has {@code dstIp}, tell {@code srcIp}.
     *
     * @param srcIp numeric IPv4 address of the asking host
     * @param dstIp numeric IPv4 address that is looked for
     * @return a new frame
     * @throws IllegalArgumentException if an address is not a numeric IPv4 address
     */
    public static ByteBuffer arpRequest(String srcIp, String dstIp) {
        return ethernet().arpRequest(srcIp, dstIp).build();
    }

    /**
     * An ARP reply: {@code srcIp} is at 02:00:00:00:00:01.
     *
     * @param srcIp numeric IPv4 address of the answering host
     * @param dstIp numeric IPv4 address of the host that asked
     * @return a new frame
     * @throws IllegalArgumentException if an address is not a numeric IPv4 address
     */
    public static ByteBuffer arpReply(String srcIp, String dstIp) {
        return ethernet().arpReply(srcIp, dstIp).build();
    }

    /**
     * One line about a frame, in the manner of {@code tcpdump -e}, for failure messages. What is malformed, or else the
     * first checksum that is wrong, stands in brackets at its end.
     *
     * @param frame any bytes, from position to limit; neither content nor position change
     * @return one line, never empty, without a line end
     */
    public static String describe(ByteBuffer frame) {
        return new FrameDescriber(new FrameDissector(frame)).describe();
    }

    /**
     * Whether the IPv4 header checksum and the TCP, UDP, ICMP or ICMPv6 checksum of a frame are right. What has no
     * checksum that can be told passes: ARP and other protocols, fragments (RFC 791) and IPv6 datagrams with segments
     * left in a routing header beyond their IP header, UDP over IPv4 without a checksum (RFC 768), what is inside a
     * tunnel. A frame that is cut short, or whose length fields contradict each other, does not pass.
     *
     * @param frame any bytes, from position to limit, without FCS; neither content nor position change
     * @return false if a checksum is wrong or the frame is malformed
     */
    public static boolean checksumsValid(ByteBuffer frame) {
        FrameDissector parts = new FrameDissector(frame);
        return parts.problem == null && FrameVerifier.firstWrongChecksum(parts).isEmpty();
    }
}
