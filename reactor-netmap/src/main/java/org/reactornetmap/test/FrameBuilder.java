package org.reactornetmap.test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds one Ethernet frame, layer by layer, with right lengths and checksums; made by {@link Frames#ethernet()}.
 *
 * <pre>{@code
 * ByteBuffer syn = Frames.ethernet().vlan(100).ipv4("10.0.0.1", "10.0.0.2").ttl(3)
 *         .tcp(4000, 23).flags(TcpFlag.SYN).build();
 * }</pre>
 *
 * <p>The order of the calls does not matter, except that VLAN tags are outermost first; where two calls say the same
 * thing, the last one wins. A frame is padded with zeros to 60 bytes, the least that Ethernet carries without its FCS,
 * which is never part of the frame. A builder can build many frames. Not thread-safe.
 */
public final class FrameBuilder {

    static final int UNSET = -1;

    private static final int MAX_U8 = 0xff;
    private static final int MAX_U16 = 0xffff;
    private static final long MAX_U32 = 0xffff_ffffL;

    private static final int MIN_FRAME_LENGTH = 60;
    private static final int MAX_FRAME_LENGTH = 1 << 17; // room for a full IP datagram and any number of sane tags
    private static final int TYPE_LOCAL_EXPERIMENTAL = 0x88b5; // IEEE 802, "local experimental ethertype 1"
    private static final int PROTOCOL_EXPERIMENTAL = 253; // RFC 3692

    private static final byte[] DEFAULT_SRC_MAC = {2, 0, 0, 0, 0, 1};

    enum Network {
        NONE,
        ARP,
        IP
    }

    enum Transport {
        NONE(0),
        TCP(FrameLayout.TCP_LENGTH),
        UDP(FrameLayout.UDP_LENGTH),
        ICMP(FrameLayout.ICMP_LENGTH),
        ECHO_REQUEST(FrameLayout.ICMP_LENGTH),
        ECHO_REPLY(FrameLayout.ICMP_LENGTH);

        final int headerLength;

        Transport(int headerLength) {
            this.headerLength = headerLength;
        }
    }

    // what was asked for, read by FrameEncoder
    byte[] srcMac = DEFAULT_SRC_MAC;
    byte @Nullable [] dstMac;
    final List<Integer> tags = new ArrayList<>();
    int etherType = TYPE_LOCAL_EXPERIMENTAL;

    Network network = Network.NONE;
    byte[] srcAddress = {};
    byte[] dstAddress = {};
    int arpOperation;
    int ttl = 64;
    int protocol = PROTOCOL_EXPERIMENTAL;

    Transport transport = Transport.NONE;
    int srcPort;
    int dstPort;
    int tcpFlags = TcpFlag.ACK.bit();
    long tcpSequence;
    long tcpAcknowledgment;
    int icmpType;
    int icmpCode;
    int icmpRest;

    byte @Nullable [] payload;
    int exactLength = UNSET;
    int paddedLength = MIN_FRAME_LENGTH;

    FrameBuilder() {}

    /**
     * Sets the source MAC address; 02:00:00:00:00:01 without this call.
     *
     * @param mac six pairs of hexadecimal digits separated by {@code :} or {@code -}
     * @return this builder
     * @throws IllegalArgumentException if {@code mac} is anything else
     */
    public FrameBuilder src(String mac) {
        srcMac = Addresses.parseMac("mac", mac);
        return this;
    }

    /**
     * Sets the destination MAC address; without this call 02:00:00:00:00:02, and broadcast for an ARP request.
     *
     * @param mac six pairs of hexadecimal digits separated by {@code :} or {@code -}
     * @return this builder
     * @throws IllegalArgumentException if {@code mac} is anything else
     */
    public FrameBuilder dst(String mac) {
        dstMac = Addresses.parseMac("mac", mac);
        return this;
    }

    /**
     * Adds an IEEE 802.1Q tag (0x8100, priority 0) inside those already there.
     *
     * @param id VLAN number, 0 to 4095
     * @return this builder
     * @throws IllegalArgumentException if {@code id} is out of range
     */
    public FrameBuilder vlan(int id) {
        return tag(FrameLayout.TYPE_VLAN, inRange("id", id, 0, 4095));
    }

    /**
     * Adds a tag inside those already there, such as the outer one of IEEE 802.1ad ({@code 0x88a8}).
     *
     * @param tpid tag protocol identifier, 0x0600 to 0xffff
     * @param tci priority (3 bits), drop eligible (1 bit) and VLAN number (12 bits), 0 to 0xffff
     * @return this builder
     * @throws IllegalArgumentException if an argument is out of range
     */
    public FrameBuilder tag(int tpid, int tci) {
        inRange("tpid", tpid, FrameLayout.MIN_TYPE, MAX_U16);
        inRange("tci", tci, 0, MAX_U16);
        tags.add((tpid << 16) | tci);
        return this;
    }

    /**
     * Sets the type field of a frame that carries neither ARP nor IP; 0x88b5 (local experimental) without this call.
     *
     * @param type EtherType, or below 0x0600 an IEEE 802.3 length; 0 to 0xffff
     * @return this builder
     * @throws IllegalArgumentException if {@code type} is out of range
     */
    public FrameBuilder etherType(int type) {
        etherType = inRange("type", type, 0, MAX_U16);
        network = Network.NONE;
        return this;
    }

    /**
     * Makes the frame an ARP request: who has {@code dstIp}, tell {@code srcIp} (RFC 826).
     *
     * @param srcIp numeric IPv4 address of the asking host
     * @param dstIp numeric IPv4 address that is looked for
     * @return this builder
     * @throws IllegalArgumentException if an address is not a numeric IPv4 address
     */
    public FrameBuilder arpRequest(String srcIp, String dstIp) {
        return arp(FrameLayout.ARP_REQUEST, srcIp, dstIp);
    }

    /**
     * Makes the frame an ARP reply: {@code srcIp} is at this frame's source MAC address (RFC 826).
     *
     * @param srcIp numeric IPv4 address of the answering host
     * @param dstIp numeric IPv4 address of the host that asked
     * @return this builder
     * @throws IllegalArgumentException if an address is not a numeric IPv4 address
     */
    public FrameBuilder arpReply(String srcIp, String dstIp) {
        return arp(FrameLayout.ARP_REPLY, srcIp, dstIp);
    }

    /**
     * Makes the frame an IPv4 datagram, unfragmented, without options (RFC 791).
     *
     * @param srcIp numeric IPv4 address
     * @param dstIp numeric IPv4 address
     * @return this builder
     * @throws IllegalArgumentException if an address is not a numeric IPv4 address
     */
    public FrameBuilder ipv4(String srcIp, String dstIp) {
        return network(
                Network.IP,
                addressOf(Addresses.IPV4_LENGTH, "srcIp", srcIp),
                addressOf(Addresses.IPV4_LENGTH, "dstIp", dstIp));
    }

    /**
     * Makes the frame an IPv6 datagram without extension headers (RFC 8200).
     *
     * @param srcIp numeric IPv6 address, without a zone
     * @param dstIp numeric IPv6 address, without a zone
     * @return this builder
     * @throws IllegalArgumentException if an address is not a numeric IPv6 address
     */
    public FrameBuilder ipv6(String srcIp, String dstIp) {
        return network(
                Network.IP,
                addressOf(Addresses.IPV6_LENGTH, "srcIp", srcIp),
                addressOf(Addresses.IPV6_LENGTH, "dstIp", dstIp));
    }

    /**
     * Makes the frame an IPv4 or IPv6 datagram, by the form of the addresses.
     *
     * @param srcIp numeric address
     * @param dstIp numeric address of the same version
     * @return this builder
     * @throws IllegalArgumentException if an address is not numeric, or the versions differ
     */
    public FrameBuilder ip(String srcIp, String dstIp) {
        byte[] src = Addresses.parseIp("srcIp", srcIp);
        byte[] dst = Addresses.parseIp("dstIp", dstIp);
        if (src.length != dst.length) {
            throw new IllegalArgumentException(
                    "srcIp and dstIp must be of one IP version, were '" + srcIp + "' and '" + dstIp + "'");
        }
        return network(Network.IP, src, dst);
    }

    /**
     * Sets the IPv4 time to live or the IPv6 hop limit; 64 without this call.
     *
     * @param hops 0 to 255
     * @return this builder
     * @throws IllegalArgumentException if {@code hops} is out of range
     */
    public FrameBuilder ttl(int hops) {
        ttl = inRange("hops", hops, 0, MAX_U8);
        return this;
    }

    /**
     * Sets the IPv4 protocol or IPv6 next header of a datagram whose payload is given as bytes, without a transport
     * header of ours; 253 (experimental) without this call.
     *
     * @param number 0 to 255
     * @return this builder
     * @throws IllegalArgumentException if {@code number} is out of range
     */
    public FrameBuilder protocol(int number) {
        protocol = inRange("number", number, 0, MAX_U8);
        transport = Transport.NONE;
        return this;
    }

    /**
     * Puts a TCP segment into the datagram: header without options, flag ACK, window 65535 (RFC 9293).
     *
     * @param srcPort 0 to 65535
     * @param dstPort 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if a port is out of range
     */
    public FrameBuilder tcp(int srcPort, int dstPort) {
        return ports(Transport.TCP, srcPort, dstPort);
    }

    /**
     * Puts a UDP datagram into the IP datagram (RFC 768).
     *
     * @param srcPort 0 to 65535
     * @param dstPort 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if a port is out of range
     */
    public FrameBuilder udp(int srcPort, int dstPort) {
        return ports(Transport.UDP, srcPort, dstPort);
    }

    /**
     * Puts an ICMP message into the datagram: ICMPv6 if it is IPv6 (RFC 792, RFC 4443). Bytes 4 to 7 are zero.
     *
     * @param type 0 to 255
     * @param code 0 to 255
     * @return this builder
     * @throws IllegalArgumentException if an argument is out of range
     */
    public FrameBuilder icmp(int type, int code) {
        icmpType = inRange("type", type, 0, MAX_U8);
        icmpCode = inRange("code", code, 0, MAX_U8);
        icmpRest = 0;
        transport = Transport.ICMP;
        return this;
    }

    /**
     * Puts an echo request into the datagram: type 8, or 128 if it is IPv6.
     *
     * @param id identifier, 0 to 65535
     * @param seq sequence number, 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if an argument is out of range
     */
    public FrameBuilder icmpEcho(int id, int seq) {
        return echo(Transport.ECHO_REQUEST, id, seq);
    }

    /**
     * Puts an echo reply into the datagram: type 0, or 129 if it is IPv6.
     *
     * @param id identifier, 0 to 65535
     * @param seq sequence number, 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if an argument is out of range
     */
    public FrameBuilder icmpEchoReply(int id, int seq) {
        return echo(Transport.ECHO_REPLY, id, seq);
    }

    /**
     * Sets exactly these TCP flags; ACK alone without this call.
     *
     * @param flags the flags, none for an empty flag byte
     * @return this builder
     */
    public FrameBuilder flags(TcpFlag... flags) {
        Set<TcpFlag> set = EnumSet.noneOf(TcpFlag.class);
        set.addAll(List.of(flags));
        tcpFlags = set.stream().mapToInt(TcpFlag::bit).sum();
        return this;
    }

    /**
     * Sets the TCP sequence number; 0 without this call.
     *
     * @param number 0 to 4,294,967,295
     * @return this builder
     * @throws IllegalArgumentException if {@code number} is out of range
     */
    public FrameBuilder sequence(long number) {
        tcpSequence = inRange("number", number, 0, MAX_U32);
        return this;
    }

    /**
     * Sets the TCP acknowledgment number, not the ACK flag; 0 without this call.
     *
     * @param number 0 to 4,294,967,295
     * @return this builder
     * @throws IllegalArgumentException if {@code number} is out of range
     */
    public FrameBuilder acknowledgment(long number) {
        tcpAcknowledgment = inRange("number", number, 0, MAX_U32);
        return this;
    }

    /**
     * Sets what follows the innermost header.
     *
     * @param bytes the payload; copied, so it stays the caller's
     * @return this builder
     */
    public FrameBuilder payload(byte[] bytes) {
        payload = bytes.clone();
        return this;
    }

    /**
     * Sets a payload of a given length, which counts 0, 1, 2 … 255, 0 ….
     *
     * @param length bytes, 0 to 65535
     * @return this builder
     * @throws IllegalArgumentException if {@code length} is out of range
     */
    public FrameBuilder payload(int length) {
        payload = pattern(inRange("length", length, 0, MAX_U16));
        return this;
    }

    /**
     * Makes the frame exactly this long, FCS not counted: without a call of {@code payload} the payload fills it, with
     * one the rest is padding. Below 60 this makes the runt that no Ethernet would carry.
     *
     * @param length bytes from destination MAC to the end, at least what headers and payload need (checked by {@link
     *     #build()}) and at most 131072
     * @return this builder
     * @throws IllegalArgumentException if {@code length} is out of range
     */
    public FrameBuilder length(int length) {
        exactLength = inRange("length", length, FrameLayout.ETHERNET_LENGTH, MAX_FRAME_LENGTH);
        return this;
    }

    /**
     * Sets the length up to which a short frame is padded with zeros; 60 without this call.
     *
     * @param length bytes, 0 (no padding) to 131072
     * @return this builder
     * @throws IllegalArgumentException if {@code length} is out of range
     */
    public FrameBuilder padTo(int length) {
        paddedLength = inRange("length", length, 0, MAX_FRAME_LENGTH);
        return this;
    }

    /**
     * Builds the frame.
     *
     * @return a new heap buffer, the caller's own: big-endian, position 0, limit and capacity the frame's length
     * @throws IllegalArgumentException if there is more payload than an IP datagram or than {@link #length(int)} holds
     * @throws IllegalStateException if the calls do not go together: a transport header without an IP header, a payload
     *     for an ARP frame
     */
    public ByteBuffer build() {
        return new FrameEncoder(this).encode();
    }

    private FrameBuilder arp(int operation, String srcIp, String dstIp) {
        arpOperation = operation;
        return network(
                Network.ARP,
                addressOf(Addresses.IPV4_LENGTH, "srcIp", srcIp),
                addressOf(Addresses.IPV4_LENGTH, "dstIp", dstIp));
    }

    private FrameBuilder network(Network kind, byte[] src, byte[] dst) {
        network = kind;
        srcAddress = src;
        dstAddress = dst;
        return this;
    }

    private FrameBuilder ports(Transport kind, int src, int dst) {
        srcPort = inRange("srcPort", src, 0, MAX_U16);
        dstPort = inRange("dstPort", dst, 0, MAX_U16);
        transport = kind;
        return this;
    }

    private FrameBuilder echo(Transport kind, int id, int seq) {
        icmpRest = (inRange("id", id, 0, MAX_U16) << 16) | inRange("seq", seq, 0, MAX_U16);
        icmpCode = 0;
        transport = kind;
        return this;
    }

    private static byte[] addressOf(int length, String parameter, String text) {
        byte[] address = Addresses.parseIp(parameter, text);
        if (address.length != length) {
            throw new IllegalArgumentException(parameter + " must be a numeric IPv"
                    + (length == Addresses.IPV4_LENGTH ? 4 : 6) + " address, was '" + text + "'");
        }
        return address;
    }

    static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static int inRange(String parameter, int value, int min, int max) {
        return (int) inRange(parameter, (long) value, min, max);
    }

    private static long inRange(String parameter, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(parameter + " must be " + min + " to " + max + ", was " + value);
        }
        return value;
    }
}
