package org.reactornetmap.test;

import java.nio.ByteBuffer;
import org.reactornetmap.test.FrameBuilder.Network;
import org.reactornetmap.test.FrameBuilder.Transport;

/** Writes the frame that a {@link FrameBuilder} describes, front to back, then the checksums. */
final class FrameEncoder {

    private static final int MAX_U16 = 0xffff;
    private static final int DONT_FRAGMENT = 0x4000;

    private static final byte[] DEFAULT_DST_MAC = {2, 0, 0, 0, 0, 2};
    private static final byte[] BROADCAST_MAC = {-1, -1, -1, -1, -1, -1};

    private final FrameBuilder spec;

    FrameEncoder(FrameBuilder spec) {
        this.spec = spec;
    }

    ByteBuffer encode() {
        checkLayers();
        int headers = headersLength();
        byte[] content = content(headers);
        int needed = headers + content.length;
        if (spec.exactLength != FrameBuilder.UNSET && spec.exactLength < needed) {
            throw new IllegalArgumentException(
                    "length " + spec.exactLength + " is too short, headers and payload need " + needed + " bytes");
        }
        int padded = Math.max(needed, spec.paddedLength);
        ByteBuffer frame = ByteBuffer.allocate(spec.exactLength != FrameBuilder.UNSET ? spec.exactLength : padded);
        putEthernet(frame);
        switch (spec.network) {
            case NONE -> frame.put(content);
            case ARP -> putArp(frame);
            case IP -> putIp(frame, content);
        }
        return frame.clear();
    }

    private void checkLayers() {
        if (spec.transport != Transport.NONE && spec.network != Network.IP) {
            throw new IllegalStateException(spec.transport + " needs an IP header: call ip, ipv4 or ipv6");
        }
        if (spec.network == Network.ARP && spec.payload != null) {
            throw new IllegalStateException(
                    "an ARP frame has no payload, " + spec.payload.length + " bytes were given");
        }
    }

    private int headersLength() {
        int link = FrameLayout.ETHERNET_LENGTH + spec.tags.size() * FrameLayout.TAG_LENGTH;
        return switch (spec.network) {
            case NONE -> link;
            case ARP -> link + FrameLayout.ARP_LENGTH;
            case IP ->
                link + (isIpv6() ? FrameLayout.IPV6_LENGTH : FrameLayout.IPV4_LENGTH) + spec.transport.headerLength;
        };
    }

    private byte[] content(int headers) {
        byte[] content = spec.payload;
        if (content == null) {
            boolean fills = spec.exactLength != FrameBuilder.UNSET && spec.network != Network.ARP;
            content = FrameBuilder.pattern(fills ? Math.max(0, spec.exactLength - headers) : 0);
        }
        if (spec.network == Network.IP) {
            // the length field of IPv4 counts its own header, that of IPv6 does not
            int counted = (isIpv6() ? 0 : FrameLayout.IPV4_LENGTH) + spec.transport.headerLength + content.length;
            if (counted > MAX_U16) {
                throw new IllegalArgumentException("a payload of " + content.length
                        + " bytes does not fit into an IP datagram, whose length field would be " + counted);
            }
        }
        return content;
    }

    private void putEthernet(ByteBuffer frame) {
        frame.put(isArpRequest() && spec.dstMac == null ? BROADCAST_MAC : dstMac());
        frame.put(spec.srcMac);
        for (int tag : spec.tags) {
            frame.putInt(tag);
        }
        int type =
                switch (spec.network) {
                    case NONE -> spec.etherType;
                    case ARP -> FrameLayout.TYPE_ARP;
                    case IP -> isIpv6() ? FrameLayout.TYPE_IPV6 : FrameLayout.TYPE_IPV4;
                };
        frame.putShort((short) type);
    }

    private void putArp(ByteBuffer frame) {
        frame.putShort((short) 1).putShort((short) FrameLayout.TYPE_IPV4); // Ethernet, IPv4
        frame.put((byte) Addresses.MAC_LENGTH).put((byte) Addresses.IPV4_LENGTH);
        frame.putShort((short) spec.arpOperation);
        frame.put(spec.srcMac).put(spec.srcAddress);
        frame.put(isArpRequest() ? new byte[Addresses.MAC_LENGTH] : dstMac());
        frame.put(spec.dstAddress);
    }

    private void putIp(ByteBuffer frame, byte[] content) {
        int transportLength = spec.transport.headerLength + content.length;
        int networkOffset = frame.position();
        if (isIpv6()) {
            frame.putInt(6 << 28).putShort((short) transportLength);
            frame.put((byte) protocolNumber()).put((byte) spec.ttl);
        } else {
            frame.putShort((short) 0x4500).putShort((short) (FrameLayout.IPV4_LENGTH + transportLength));
            frame.putShort((short) 0).putShort((short) DONT_FRAGMENT); // an atomic datagram needs no id: RFC 6864
            frame.put((byte) spec.ttl).put((byte) protocolNumber()).putShort((short) 0);
        }
        int addressesOffset = frame.position();
        frame.put(spec.srcAddress).put(spec.dstAddress);
        if (!isIpv6()) {
            int checksum = Checksums.checksum(Checksums.sum(frame, networkOffset, FrameLayout.IPV4_LENGTH));
            frame.putShort(networkOffset + 10, (short) checksum);
        }
        int transportOffset = frame.position();
        putTransportHeader(frame, transportLength);
        frame.put(content);
        putTransportChecksum(frame, addressesOffset, transportOffset, transportLength);
    }

    private void putTransportHeader(ByteBuffer frame, int transportLength) {
        switch (spec.transport) {
            case NONE -> {}
            case TCP -> {
                frame.putShort((short) spec.srcPort).putShort((short) spec.dstPort);
                frame.putInt((int) spec.tcpSequence).putInt((int) spec.tcpAcknowledgment);
                frame.put((byte) ((FrameLayout.TCP_LENGTH / 4) << 4))
                        .put((byte) spec.tcpFlags)
                        .putShort((short) MAX_U16);
                frame.putInt(0); // checksum, urgent pointer
            }
            case UDP -> {
                frame.putShort((short) spec.srcPort).putShort((short) spec.dstPort);
                frame.putShort((short) transportLength).putShort((short) 0);
            }
            case ICMP, ECHO_REQUEST, ECHO_REPLY -> {
                frame.put((byte) icmpTypeNumber()).put((byte) spec.icmpCode).putShort((short) 0);
                frame.putInt(spec.icmpRest);
            }
        }
    }

    private void putTransportChecksum(ByteBuffer frame, int addressesOffset, int transportOffset, int transportLength) {
        long sum = Checksums.sum(frame, transportOffset, transportLength);
        long pseudoSum = Checksums.pseudoHeaderSum(
                frame, addressesOffset, spec.srcAddress.length, protocolNumber(), transportLength);
        switch (spec.transport) {
            case NONE -> {}
            case TCP -> frame.putShort(transportOffset + 16, (short) Checksums.checksum(sum + pseudoSum));
            case UDP -> frame.putShort(transportOffset + 6, (short) Checksums.udpChecksum(sum + pseudoSum));
            case ICMP, ECHO_REQUEST, ECHO_REPLY -> {
                long covered = isIpv6() ? sum + pseudoSum : sum;
                frame.putShort(transportOffset + 2, (short) Checksums.checksum(covered));
            }
        }
    }

    private boolean isIpv6() {
        return spec.srcAddress.length == Addresses.IPV6_LENGTH;
    }

    private int protocolNumber() {
        return switch (spec.transport) {
            case NONE -> spec.protocol;
            case TCP -> FrameLayout.PROTOCOL_TCP;
            case UDP -> FrameLayout.PROTOCOL_UDP;
            case ICMP, ECHO_REQUEST, ECHO_REPLY -> isIpv6() ? FrameLayout.PROTOCOL_ICMPV6 : FrameLayout.PROTOCOL_ICMP;
        };
    }

    private boolean isArpRequest() {
        return spec.network == Network.ARP && spec.arpOperation == FrameLayout.ARP_REQUEST;
    }

    private byte[] dstMac() {
        return spec.dstMac != null ? spec.dstMac : DEFAULT_DST_MAC;
    }

    private int icmpTypeNumber() {
        return switch (spec.transport) {
            case ECHO_REQUEST -> isIpv6() ? 128 : 8;
            case ECHO_REPLY -> isIpv6() ? 129 : 0;
            default -> spec.icmpType;
        };
    }
}
