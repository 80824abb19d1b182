package org.reactornetmap.operators;

import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;

/**
 * Where the headers of a packet are: link, up to two VLAN tags, IPv4 with options or IPv6 with extension headers, ports.
 * The answer is one {@code long}, so that asking costs no object:
 *
 * <pre>
 *  63   60   59     58      57    56   55      48 47       32 31        16 15         0
 * +-------+------+--------+------+------+----------+-----------+------------+------------+
 * |   0   |tagged|fragment| IPv6 | IPv4 | protocol | EtherType | ports at   | network at |
 * +-------+------+--------+------+------+----------+-----------+------------+------------+
 * </pre>
 *
 * <p>"Ports at" is 0 where there are none to read: another protocol, a fragment that is not the first, a packet that is
 * cut short. What a length field claims is never trusted beyond the packet. Any thread; no state.
 */
final class Headers {

    static final int ARP = 0x0806;

    static final int PROTOCOL_ICMP = 1;
    static final int PROTOCOL_TCP = 6;
    static final int PROTOCOL_UDP = 17;
    static final int PROTOCOL_ICMPV6 = 58;

    private static final int PROTOCOL_DCCP = 33;
    private static final int PROTOCOL_NONE = 59;
    private static final int PROTOCOL_SCTP = 132;
    private static final int PROTOCOL_UDP_LITE = 136;

    private static final int IPV4_TYPE = 0x0800;
    private static final int IPV6_TYPE = 0x86dd;
    private static final int MAX_TAGS = 2;
    private static final int TAG_BYTES = 4;

    private static final int ETHERNET_BYTES = 14;
    private static final int SLL_BYTES = 16;
    private static final int SLL2_BYTES = 20;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;

    /** Bounds the walk over what an attacker can make long; RFC 8504 lets a host have such a limit. */
    private static final int MAX_EXTENSION_HEADERS = 8;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION = 60;
    private static final int MOBILITY = 135;
    private static final int HOST_IDENTITY = 139;
    private static final int SHIM6 = 140;

    private static final long IS_IPV4 = 1L << 56;
    private static final long IS_IPV6 = 1L << 57;
    private static final long IS_FRAGMENT = 1L << 58;
    private static final long IS_TAGGED = 1L << 59;

    private Headers() {}

    static boolean isIpv4(long headers) {
        return (headers & IS_IPV4) != 0;
    }

    static boolean isIpv6(long headers) {
        return (headers & IS_IPV6) != 0;
    }

    static boolean isIp(long headers) {
        return (headers & (IS_IPV4 | IS_IPV6)) != 0;
    }

    /** Part of a datagram, the first part included. */
    static boolean isFragment(long headers) {
        return (headers & IS_FRAGMENT) != 0;
    }

    static boolean isTagged(long headers) {
        return (headers & IS_TAGGED) != 0;
    }

    /** What follows the tags; 0 if the packet is too short to say or its link has no such type. */
    static int etherType(long headers) {
        return (int) (headers >>> 32) & 0xffff;
    }

    /** What the IP header and its extensions carry; 59, "no next header", where that can't be told. */
    static int protocol(long headers) {
        return (int) (headers >>> 48) & 0xff;
    }

    static boolean isProtocol(long headers, int protocol) {
        return isIp(headers) && protocol(headers) == protocol;
    }

    static int networkAt(long headers) {
        return (int) headers & 0xffff;
    }

    /** Where source and destination port are; 0 if there are none to read. */
    static int portsAt(long headers) {
        return (int) (headers >>> 16) & 0xffff;
    }

    static long of(Packet packet) {
        LinkType link = packet.linkType();
        if (link == LinkType.ETHERNET) { // of all packets of rings
            return ethernet(packet);
        }
        return switch (link) {
            case ETHERNET -> ethernet(packet);
            case LINUX_SLL -> typed(packet, SLL_BYTES - 2, SLL_BYTES);
            case LINUX_SLL2 -> typed(packet, 0, SLL2_BYTES);
            case NULL, LOOP -> untyped(packet, 4);
            case RAW, IPV4, IPV6 -> untyped(packet, 0);
        };
    }

    private static long ethernet(Packet packet) {
        int length = packet.length();
        if (length < ETHERNET_BYTES) {
            return 0;
        }
        int type = packet.u16(ETHERNET_BYTES - 2);
        int at = ETHERNET_BYTES;
        long tagged = 0;
        for (int i = 0; i < MAX_TAGS && isTag(type) && length - at >= TAG_BYTES; i++) {
            tagged = IS_TAGGED;
            type = packet.u16(at + 2);
            at += TAG_BYTES;
        }
        return tagged | network(packet, type, at);
    }

    private static long typed(Packet packet, int typeAt, int networkAt) {
        return packet.length() < networkAt ? 0 : network(packet, packet.u16(typeAt), networkAt);
    }

    private static long untyped(Packet packet, int networkAt) {
        if (packet.length() <= networkAt) {
            return 0;
        }
        int version = packet.u8(networkAt) >>> 4;
        return version == 4 ? ipv4(packet, networkAt) : version == 6 ? ipv6(packet, networkAt) : 0;
    }

    private static boolean isTag(int type) {
        return type == 0x8100 || type == 0x88a8 || type == 0x9100;
    }

    private static long network(Packet packet, int type, int at) {
        long result = (long) type << 32 | at;
        if (type == IPV4_TYPE) {
            return result | ipv4(packet, at);
        }
        return type == IPV6_TYPE ? result | ipv6(packet, at) : result;
    }

    private static long ipv4(Packet packet, int at) {
        int length = packet.length();
        if (length - at < IPV4_BYTES) {
            return 0;
        }
        long word = packet.i64(at); // version, header length, TOS, total length, identification, fragment
        int headerBytes = (int) (word >>> 56 & 0xf) * 4;
        int total = (int) (word >>> 32) & 0xffff;
        int fragment = (int) word & 0xffff;
        // 0: the capturing machine left segmentation to its NIC
        int end = total == 0 ? length : Math.min(length, at + total);
        if (word >>> 60 != 4 || headerBytes < IPV4_BYTES || end - at < headerBytes) {
            return 0;
        }
        boolean isStart = (fragment & 0x1fff) == 0;
        long result = IS_IPV4 | at | ((fragment & 0x3fff) != 0 ? IS_FRAGMENT : 0);
        return result | transport(packet.u8(at + 9), isStart, at + headerBytes, end);
    }

    private static long ipv6(Packet packet, int at) {
        int length = packet.length();
        if (length - at < IPV6_BYTES || packet.u8(at) >>> 4 != 6) {
            return 0;
        }
        int payload = packet.u16(at + 4);
        int end = payload == 0 ? length : Math.min(length, at + IPV6_BYTES + payload);
        return IS_IPV6 | at | extensions(packet, packet.u8(at + 6), at + IPV6_BYTES, end);
    }

    private static long extensions(Packet packet, int firstType, int firstAt, int end) {
        int type = firstType;
        int at = firstAt;
        long fragmented = 0;
        for (int i = 0; i <= MAX_EXTENSION_HEADERS; i++) {
            if (!isExtension(type)) {
                return fragmented | transport(type, true, at, end);
            }
            if (end - at < 8) {
                break;
            }
            int next = packet.u8(at);
            if (type == FRAGMENT) {
                int fragment = packet.u16(at + 2);
                fragmented |= (fragment & 0xfff9) != 0 ? IS_FRAGMENT : 0; // else "atomic": whole, RFC 6946
                if (fragment >>> 3 != 0) {
                    return fragmented | transport(next, false, at, end);
                }
                at += 8;
            } else {
                at += type == AUTHENTICATION ? (packet.u8(at + 1) + 2) * 4 : (packet.u8(at + 1) + 1) * 8;
            }
            type = next;
        }
        return fragmented | transport(PROTOCOL_NONE, false, at, end);
    }

    private static boolean isExtension(int type) {
        return switch (type) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION, MOBILITY, HOST_IDENTITY, SHIM6 -> true;
            default -> false;
        };
    }

    private static long transport(int protocol, boolean atStart, int at, int end) {
        long result = (long) protocol << 48;
        return atStart && hasPorts(protocol) && end - at >= 4 ? result | (long) at << 16 : result;
    }

    private static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_SCTP, PROTOCOL_DCCP, PROTOCOL_UDP_LITE -> true;
            default -> false;
        };
    }
}
