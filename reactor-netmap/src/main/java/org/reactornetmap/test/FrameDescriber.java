package org.reactornetmap.test;

import java.util.Locale;

/** One readable line about a frame, in the manner of {@code tcpdump -e}; any bytes have a line. */
final class FrameDescriber {

    private final FrameDissector parts;
    private final StringBuilder line = new StringBuilder(128);

    FrameDescriber(FrameDissector parts) {
        this.parts = parts;
    }

    String describe() {
        if (parts.length >= FrameLayout.ETHERNET_LENGTH) {
            line.append(Addresses.formatMac(parts.frame, 6)).append(" > ");
            line.append(Addresses.formatMac(parts.frame, 0)).append(", ");
        }
        parts.vlanIds.forEach(id -> line.append("vlan ").append(id).append(", "));
        if (parts.problem == null) {
            appendNetwork();
            line.append(", ");
        }
        line.append("length ").append(parts.length);
        if (parts.problem != null) {
            line.append(" [malformed: ").append(parts.problem).append(']');
        } else {
            FrameVerifier.firstWrongChecksum(parts)
                    .ifPresent(which -> line.append(" [wrong ").append(which).append(" checksum]"));
        }
        return line.toString();
    }

    private void appendNetwork() {
        if (parts.version != 0) {
            appendIp();
        } else if (isIpv4Arp()) {
            appendArp();
        } else if (parts.etherType < FrameLayout.MIN_TYPE) {
            line.append("802.3 length ").append(parts.etherType);
        } else {
            line.append(String.format(Locale.ROOT, "ethertype 0x%04x", parts.etherType));
        }
    }

    private boolean isIpv4Arp() {
        int offset = parts.networkOffset;
        return parts.etherType == FrameLayout.TYPE_ARP
                && parts.length - offset >= FrameLayout.ARP_LENGTH
                && parts.u16(offset + 2) == FrameLayout.TYPE_IPV4
                && parts.u8(offset + 4) == Addresses.MAC_LENGTH
                && parts.u8(offset + 5) == Addresses.IPV4_LENGTH;
    }

    private void appendArp() {
        int offset = parts.networkOffset;
        String srcMac = Addresses.formatMac(parts.frame, offset + 8);
        String srcIp = Addresses.formatIp(parts.frame, offset + 14, Addresses.IPV4_LENGTH);
        String dstIp = Addresses.formatIp(parts.frame, offset + 24, Addresses.IPV4_LENGTH);
        int operation = parts.u16(offset + 6);
        line.append("ARP, ");
        switch (operation) {
            case FrameLayout.ARP_REQUEST -> line.append("Request who-has " + dstIp + " tell " + srcIp);
            case FrameLayout.ARP_REPLY -> line.append("Reply " + srcIp + " is-at " + srcMac);
            default -> line.append("operation " + operation + ", " + srcIp + " > " + dstIp);
        }
    }

    private void appendIp() {
        boolean tcp = parts.protocol == FrameLayout.PROTOCOL_TCP && parts.hasTransport(FrameLayout.TCP_LENGTH);
        boolean udp = parts.protocol == FrameLayout.PROTOCOL_UDP && parts.hasTransport(FrameLayout.UDP_LENGTH);
        line.append(parts.version == 4 ? "IP " : "IP6 ");
        appendAddress(parts.addressesOffset, tcp || udp, 0);
        line.append(" > ");
        appendAddress(parts.addressesOffset + parts.addressLength, tcp || udp, 2);
        line.append(": ");
        if (tcp) {
            appendTcp();
        } else if (udp) {
            line.append("UDP, payload ").append(parts.transportLength() - FrameLayout.UDP_LENGTH);
        } else if (isIcmp() && parts.hasTransport(FrameLayout.ICMP_LENGTH)) {
            appendIcmp();
        } else {
            line.append("protocol ").append(parts.protocol).append(", payload ").append(parts.transportLength());
        }
        line.append(", ttl ").append(parts.ttl);
        if (parts.fragment) {
            line.append(", fragment at ").append(parts.fragmentOffset);
        }
    }

    private void appendAddress(int offset, boolean withPort, int portOffset) {
        line.append(Addresses.formatIp(parts.frame, offset, parts.addressLength));
        if (withPort) {
            line.append('.').append(parts.u16(parts.transportOffset + portOffset));
        }
    }

    private void appendTcp() {
        int offset = parts.transportOffset;
        int headerLength = (parts.u8(offset + 12) >> 4) * 4;
        line.append("TCP [").append(TcpFlag.letters(parts.u8(offset + 13))).append("], seq ");
        line.append(Integer.toUnsignedString(parts.frame.getInt(offset + 4)));
        if ((parts.u8(offset + 13) & TcpFlag.ACK.bit()) != 0) {
            line.append(", ack ").append(Integer.toUnsignedString(parts.frame.getInt(offset + 8)));
        }
        line.append(", payload ").append(parts.transportLength() - headerLength);
    }

    private boolean isIcmp() {
        return parts.protocol == (parts.version == 4 ? FrameLayout.PROTOCOL_ICMP : FrameLayout.PROTOCOL_ICMPV6);
    }

    private void appendIcmp() {
        int offset = parts.transportOffset;
        int type = parts.u8(offset);
        line.append(parts.version == 4 ? "ICMP " : "ICMP6 ");
        if (type == (parts.version == 4 ? 8 : 128)) {
            line.append("echo request");
        } else if (type == (parts.version == 4 ? 0 : 129)) {
            line.append("echo reply");
        } else {
            line.append("type ").append(type).append(" code ").append(parts.u8(offset + 1));
            line.append(", payload ").append(parts.transportLength() - FrameLayout.ICMP_LENGTH);
            return;
        }
        line.append(", id ").append(parts.u16(offset + 4)).append(", seq ").append(parts.u16(offset + 6));
        line.append(", payload ").append(parts.transportLength() - FrameLayout.ICMP_LENGTH);
    }
}
