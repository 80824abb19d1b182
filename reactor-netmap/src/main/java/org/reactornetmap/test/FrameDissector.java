package org.reactornetmap.test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the headers of a frame are. Takes any bytes: what is cut short or contradicts itself ends the dissection and
 * is named by {@link #problem}; the fields found before keep their values, the others are 0. Offsets count from the
 * frame's first byte.
 */
final class FrameDissector {

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    final ByteBuffer frame;
    final int length;

    final List<Integer> vlanIds = new ArrayList<>();
    int etherType;
    int networkOffset;

    /** 4 or 6, 0 if this is not an IP datagram. */
    int version;

    int addressesOffset;
    int addressLength;
    int ttl;
    int protocol;

    /** After the IP header and the extension headers that are known. */
    int transportOffset;

    /** Where the IP datagram ends and padding begins. */
    int networkEnd;

    /** A part of a datagram: its transport header may be elsewhere, the checksum covers what is not here. */
    boolean fragment;

    /** Bytes into the datagram's payload where this fragment begins. */
    int fragmentOffset;

    /** An IPv6 routing header still has a way to go: the pseudo header has another destination address. */
    boolean routed;

    @Nullable
    String problem;

    FrameDissector(ByteBuffer buffer) {
        frame = buffer.slice().order(ByteOrder.BIG_ENDIAN);
        length = frame.remaining();
        if (has("Ethernet header", 0, FrameLayout.ETHERNET_LENGTH, length)) {
            dissectEthernet();
        }
    }

    int u8(int offset) {
        return frame.get(offset) & 0xff;
    }

    int u16(int offset) {
        return frame.getShort(offset) & 0xffff;
    }

    int transportLength() {
        return networkEnd - transportOffset;
    }

    /** Whether the transport header of the given minimal length is in this frame, whole. */
    boolean hasTransport(int headerLength) {
        return problem == null && version != 0 && fragmentOffset == 0 && transportLength() >= headerLength;
    }

    private void dissectEthernet() {
        int offset = 12;
        etherType = u16(offset);
        offset += 2;
        while (isTag(etherType)) {
            if (!has("VLAN tag", offset, FrameLayout.TAG_LENGTH, length)) {
                return;
            }
            vlanIds.add(u16(offset) & 0xfff);
            etherType = u16(offset + 2);
            offset += FrameLayout.TAG_LENGTH;
        }
        networkOffset = offset;
        if (etherType == FrameLayout.TYPE_IPV4) {
            dissectIpv4();
        } else if (etherType == FrameLayout.TYPE_IPV6) {
            dissectIpv6();
        }
    }

    private static boolean isTag(int type) {
        return type == FrameLayout.TYPE_VLAN
                || type == FrameLayout.TYPE_SERVICE_VLAN
                || type == FrameLayout.TYPE_OLD_QINQ;
    }

    private void dissectIpv4() {
        if (!has("IPv4 header", networkOffset, FrameLayout.IPV4_LENGTH, length)) {
            return;
        }
        int headerLength = (u8(networkOffset) & 0xf) * 4;
        int totalLength = u16(networkOffset + 2);
        if (u8(networkOffset) >> 4 != 4) {
            problem = "IPv4 header says version " + (u8(networkOffset) >> 4);
        } else if (headerLength < FrameLayout.IPV4_LENGTH || headerLength > totalLength) {
            problem = "IPv4 header length " + headerLength + ", total length " + totalLength;
        } else if (has("IPv4 datagram", networkOffset, totalLength, length)) {
            version = 4;
            addressesOffset = networkOffset + 12;
            addressLength = Addresses.IPV4_LENGTH;
            ttl = u8(networkOffset + 8);
            protocol = u8(networkOffset + 9);
            transportOffset = networkOffset + headerLength;
            networkEnd = networkOffset + totalLength;
            setFragment((u16(networkOffset + 6) & 0x1fff) * 8, (u16(networkOffset + 6) & 0x2000) != 0);
        }
    }

    private void dissectIpv6() {
        if (!has("IPv6 header", networkOffset, FrameLayout.IPV6_LENGTH, length)) {
            return;
        }
        int payloadLength = u16(networkOffset + 4);
        if (u8(networkOffset) >> 4 != 6) {
            problem = "IPv6 header says version " + (u8(networkOffset) >> 4);
        } else if (has("IPv6 datagram", networkOffset, FrameLayout.IPV6_LENGTH + payloadLength, length)) {
            version = 6;
            addressesOffset = networkOffset + 8;
            addressLength = Addresses.IPV6_LENGTH;
            ttl = u8(networkOffset + 7);
            protocol = u8(networkOffset + 6);
            transportOffset = networkOffset + FrameLayout.IPV6_LENGTH;
            networkEnd = transportOffset + payloadLength;
            skipExtensionHeaders();
        }
    }

    private void skipExtensionHeaders() {
        // a later fragment starts with the middle of something, not with a header
        while (isExtension(protocol) && fragmentOffset == 0) {
            if (!has("IPv6 extension header", transportOffset, 8, networkEnd)) {
                return;
            }
            int headerLength = extensionLength();
            if (!has("IPv6 extension header", transportOffset, headerLength, networkEnd)) {
                return;
            }
            if (protocol == FRAGMENT) {
                int word = u16(transportOffset + 2);
                setFragment(word & 0xfff8, (word & 1) != 0);
            } else if (protocol == ROUTING) {
                routed |= u8(transportOffset + 3) != 0;
            }
            protocol = u8(transportOffset);
            transportOffset += headerLength;
        }
    }

    private static boolean isExtension(int number) {
        return switch (number) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    private int extensionLength() {
        int field = u8(transportOffset + 1);
        return switch (protocol) {
            case FRAGMENT -> 8;
            case AUTHENTICATION -> (field + 2) * 4; // RFC 4302 section 2.2 counts in words, the others in 8 bytes
            default -> (field + 1) * 8;
        };
    }

    private void setFragment(int offset, boolean more) {
        fragmentOffset = offset;
        fragment = offset != 0 || more;
    }

    private boolean has(String what, int offset, int needed, int end) {
        if (end - offset < needed) {
            problem = what + " needs " + needed + " bytes, " + Math.max(0, end - offset) + " are there";
            return false;
        }
        return true;
    }
}
