package org.reactornetmap.test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numeric addresses from text and back: MAC, IPv4 (four decimal numbers) and IPv6 (RFC 4291 section 2.2, printed as
 * RFC 5952 says). Nothing here ever asks a name service.
 */
final class Addresses {

    static final int MAC_LENGTH = 6;
    static final int IPV4_LENGTH = 4;
    static final int IPV6_LENGTH = 16;

    private static final int IPV6_GROUPS = 8;

    private Addresses() {}

    /** Six bytes from {@code "02:00:00:00:00:01"} ({@code -} separates as well). */
    static byte[] parseMac(String parameter, String text) {
        String[] parts = text.split(text.indexOf('-') >= 0 ? "-" : ":", -1);
        byte[] mac = new byte[MAC_LENGTH];
        boolean valid = parts.length == MAC_LENGTH;
        for (int i = 0; valid && i < MAC_LENGTH; i++) {
            int value = parts[i].length() == 2 ? parseUnsigned(parts[i], 16) : -1;
            valid = value >= 0;
            mac[i] = (byte) value;
        }
        if (!valid) {
            throw new IllegalArgumentException(
                    parameter + " must be a MAC address such as 02:00:00:00:00:01, was '" + text + "'");
        }
        return mac;
    }

    /** Four or sixteen bytes, by the form of the text. */
    static byte[] parseIp(String parameter, String text) {
        byte[] address = text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
        if (address == null) {
            throw new IllegalArgumentException(
                    parameter + " must be a numeric IPv4 or IPv6 address, was '" + text + "'");
        }
        return address;
    }

    static String formatMac(ByteBuffer buffer, int offset) {
        StringBuilder text = new StringBuilder(17);
        for (int i = 0; i < MAC_LENGTH; i++) {
            int value = buffer.get(offset + i) & 0xff;
            text.append(i == 0 ? "" : ":")
                    .append(Character.forDigit(value >> 4, 16))
                    .append(Character.forDigit(value & 0xf, 16));
        }
        return text.toString();
    }

    static String formatIp(ByteBuffer buffer, int offset, int length) {
        return length == IPV4_LENGTH ? formatIpv4(buffer, offset) : formatIpv6(buffer, offset);
    }

    private static String formatIpv4(ByteBuffer buffer, int offset) {
        StringBuilder text = new StringBuilder(15);
        for (int i = 0; i < IPV4_LENGTH; i++) {
            text.append(i == 0 ? "" : ".").append(buffer.get(offset + i) & 0xff);
        }
        return text.toString();
    }

    private static String formatIpv6(ByteBuffer buffer, int offset) {
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = buffer.getShort(offset + 2 * i) & 0xffff;
        }
        int gapStart = -1;
        int gapLength = 1; // RFC 5952 section 4.2.2: a single zero group is not shortened
        for (int i = 0; i < IPV6_GROUPS; i++) {
            int zeros = 0;
            while (i + zeros < IPV6_GROUPS && groups[i + zeros] == 0) {
                zeros++;
            }
            if (zeros > gapLength) {
                gapStart = i;
                gapLength = zeros;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < IPV6_GROUPS; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static byte @Nullable [] parseIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != IPV4_LENGTH) {
            return null;
        }
        byte[] address = new byte[IPV4_LENGTH];
        for (int i = 0; i < IPV4_LENGTH; i++) {
            String part = parts[i];
            boolean octal = part.length() > 1 && part.charAt(0) == '0';
            int value = part.length() > 3 || octal ? -1 : parseUnsigned(part, 10);
            if (value < 0 || value > 255) {
                return null;
            }
            address[i] = (byte) value;
        }
        return address;
    }

    private static byte @Nullable [] parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] whole = parseGroups(text, true);
            return whole != null && whole.length == IPV6_LENGTH ? whole : null;
        }
        byte[] left = parseGroups(text.substring(0, gap), false);
        byte[] right = parseGroups(text.substring(gap + 2), true);
        if (left == null || right == null || left.length + right.length > IPV6_LENGTH - 2) {
            return null;
        }
        byte[] address = Arrays.copyOf(left, IPV6_LENGTH);
        System.arraycopy(right, 0, address, IPV6_LENGTH - right.length, right.length);
        return address;
    }

    private static byte @Nullable [] parseGroups(String text, boolean mayEndInIpv4) {
        String[] parts = text.isEmpty() ? new String[0] : text.split(":", -1);
        if (parts.length > IPV6_GROUPS) {
            return null;
        }
        ByteBuffer groups = ByteBuffer.allocate(IPV6_LENGTH + IPV4_LENGTH);
        for (int i = 0; i < parts.length; i++) {
            if (mayEndInIpv4 && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                byte[] ipv4 = parseIpv4(parts[i]);
                if (ipv4 == null) {
                    return null;
                }
                groups.put(ipv4);
            } else {
                int value = parts[i].length() > 4 ? -1 : parseUnsigned(parts[i], 16);
                if (value < 0) {
                    return null;
                }
                groups.putShort((short) value);
            }
        }
        return Arrays.copyOf(groups.array(), groups.position());
    }

    /** ASCII digits only: Character.digit, and with it Integer.parseInt, would take every script's, and a sign. */
    private static int parseUnsigned(String text, int radix) {
        int value = text.isEmpty() ? -1 : 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
