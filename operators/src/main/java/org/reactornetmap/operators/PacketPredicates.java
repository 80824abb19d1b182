package org.reactornetmap.operators;

import java.util.function.Predicate;
import org.reactornetmap.packet.Packet;

/**
 * Questions about a packet's headers, for {@code PacketFilter.where}. Combine them with {@link
 * Predicate#and}, {@link Predicate#or} and {@link Predicate#not}:
 *
 * <pre>{@code
 * in.packets().transform(PacketFilter.where(not(tcpPort(23)).and(not(arp()))))
 * }</pre>
 *
 * <p>They look through up to two VLAN tags, IPv4 options and up to eight IPv6 extension headers. A packet that is too
 * short to hold what a question is about is answered with false, never with an exception; so is what lies beyond the
 * length its own IP header gives. A fragment has the protocol of its datagram, but only the first one has ports. All
 * are stateless: any thread. None keeps, changes or releases the packet.
 */
public final class PacketPredicates {

    private PacketPredicates() {}

    /**
     * IPv4 with a whole header.
     *
     * @return the predicate
     */
    public static Predicate<Packet> ipv4() {
        return packet -> Headers.isIpv4(Headers.of(packet));
    }

    /**
     * IPv6 with a whole fixed header.
     *
     * @return the predicate
     */
    public static Predicate<Packet> ipv6() {
        return packet -> Headers.isIpv6(Headers.of(packet));
    }

    /**
     * ARP, by EtherType.
     *
     * @return the predicate
     */
    public static Predicate<Packet> arp() {
        return packet -> Headers.etherType(Headers.of(packet)) == Headers.ARP;
    }

    /**
     * Any frame with a VLAN tag (EtherType 0x8100, 0x88a8 or 0x9100).
     *
     * @return the predicate
     */
    public static Predicate<Packet> vlan() {
        return packet -> Headers.isTagged(Headers.of(packet));
    }

    /**
     * TCP over IPv4 or IPv6, fragments included.
     *
     * @return the predicate
     */
    public static Predicate<Packet> tcp() {
        return packet -> Headers.isProtocol(Headers.of(packet), Headers.PROTOCOL_TCP);
    }

    /**
     * UDP over IPv4 or IPv6, fragments included.
     *
     * @return the predicate
     */
    public static Predicate<Packet> udp() {
        return packet -> Headers.isProtocol(Headers.of(packet), Headers.PROTOCOL_UDP);
    }

    /**
     * ICMP over IPv4 and ICMPv6 over IPv6, fragments included.
     *
     * @return the predicate
     */
    public static Predicate<Packet> icmp() {
        return PacketPredicates::isIcmp;
    }

    /**
     * Source or destination port of TCP, UDP, SCTP, DCCP or UDP-Lite.
     *
     * @param number 0..65535
     * @return the predicate
     * @throws IllegalArgumentException if the number is out of range
     */
    public static Predicate<Packet> port(int number) {
        checkPort(number);
        return packet -> hasPort(packet, Headers.of(packet), number);
    }

    /**
     * Source or destination port of TCP.
     *
     * @param number 0..65535
     * @return the predicate
     * @throws IllegalArgumentException if the number is out of range
     */
    public static Predicate<Packet> tcpPort(int number) {
        return protocolPort(Headers.PROTOCOL_TCP, number);
    }

    /**
     * Source or destination port of UDP.
     *
     * @param number 0..65535
     * @return the predicate
     * @throws IllegalArgumentException if the number is out of range
     */
    public static Predicate<Packet> udpPort(int number) {
        return protocolPort(Headers.PROTOCOL_UDP, number);
    }

    private static Predicate<Packet> protocolPort(int protocol, int number) {
        checkPort(number);
        return packet -> {
            long headers = Headers.of(packet);
            return Headers.protocol(headers) == protocol && hasPort(packet, headers, number);
        };
    }

    private static boolean hasPort(Packet packet, long headers, int number) {
        int at = Headers.portsAt(headers);
        return at != 0 && (packet.u16(at) == number || packet.u16(at + 2) == number);
    }

    private static boolean isIcmp(Packet packet) {
        long headers = Headers.of(packet);
        int protocol = Headers.protocol(headers);
        return Headers.isIpv4(headers)
                ? protocol == Headers.PROTOCOL_ICMP
                : Headers.isIpv6(headers) && protocol == Headers.PROTOCOL_ICMPV6;
    }

    private static void checkPort(int number) {
        if (number < 0 || number > 0xffff) {
            throw new IllegalArgumentException("port is " + number + ": expected 0..65535");
        }
    }
}
