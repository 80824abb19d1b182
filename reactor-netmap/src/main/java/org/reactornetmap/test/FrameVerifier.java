package org.reactornetmap.test;

import java.util.Optional;

/** Checks the checksums of a dissected frame, outermost IP header and its transport header. */
final class FrameVerifier {

    private FrameVerifier() {}

    /** The protocol whose checksum is wrong, IPv4 before the others; empty if all that can be told are right. */
    static Optional<String> firstWrongChecksum(FrameDissector parts) {
        if (parts.version == 4 && !isIpv4HeaderValid(parts)) {
            return Optional.of("IPv4");
        }
        if (parts.version == 0 || parts.fragment || parts.routed) {
            return Optional.empty();
        }
        boolean v4 = parts.version == 4;
        return switch (parts.protocol) {
            case FrameLayout.PROTOCOL_TCP -> wrongIf(!isTcpValid(parts), "TCP");
            case FrameLayout.PROTOCOL_UDP -> wrongIf(!isUdpValid(parts), "UDP");
            case FrameLayout.PROTOCOL_ICMP -> wrongIf(v4 && !isIcmpValid(parts), "ICMP");
            case FrameLayout.PROTOCOL_ICMPV6 -> wrongIf(!v4 && !isIcmpv6Valid(parts), "ICMPv6");
            default -> Optional.empty();
        };
    }

    private static Optional<String> wrongIf(boolean wrong, String protocol) {
        return wrong ? Optional.of(protocol) : Optional.empty();
    }

    private static boolean isIpv4HeaderValid(FrameDissector parts) {
        int headerLength = parts.transportOffset - parts.networkOffset;
        return Checksums.isValid(Checksums.sum(parts.frame, parts.networkOffset, headerLength));
    }

    private static boolean isTcpValid(FrameDissector parts) {
        return parts.hasTransport(FrameLayout.TCP_LENGTH) && isValidWithPseudoHeader(parts, parts.transportLength());
    }

    private static boolean isUdpValid(FrameDissector parts) {
        if (!parts.hasTransport(FrameLayout.UDP_LENGTH)) {
            return false;
        }
        int udpLength = parts.u16(parts.transportOffset + 4);
        if (udpLength < FrameLayout.UDP_LENGTH || udpLength > parts.transportLength()) {
            return false;
        }
        if (parts.u16(parts.transportOffset + 6) == 0) {
            return parts.version == 4; // "no checksum" is for IPv4 only: RFC 8200 section 8.1
        }
        return isValidWithPseudoHeader(parts, udpLength);
    }

    private static boolean isIcmpValid(FrameDissector parts) {
        return parts.hasTransport(FrameLayout.ICMP_LENGTH)
                && Checksums.isValid(Checksums.sum(parts.frame, parts.transportOffset, parts.transportLength()));
    }

    private static boolean isIcmpv6Valid(FrameDissector parts) {
        return parts.hasTransport(4) && isValidWithPseudoHeader(parts, parts.transportLength());
    }

    private static boolean isValidWithPseudoHeader(FrameDissector parts, int transportLength) {
        long sum = Checksums.sum(parts.frame, parts.transportOffset, transportLength);
        long pseudoSum = Checksums.pseudoHeaderSum(
                parts.frame, parts.addressesOffset, parts.addressLength, parts.protocol, transportLength);
        return Checksums.isValid(sum + pseudoSum);
    }
}
