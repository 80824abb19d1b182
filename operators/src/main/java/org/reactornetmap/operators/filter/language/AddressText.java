package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;

/** Reads addresses as libpcap 1.10.3, and glibc for it, read them. Texts are what the {@link Lexer} has found. */
final class AddressText {
    private static final int IPV6_GROUPS = 8;

    private AddressText() {}

    /**
     * An IPv4 address or its first parts.
     *
     * @param address left-aligned, bits behind the last part 0
     * @param bits 8 for each part
     */
    record Ipv4(int address, int bits) {}

    /**
     * One to four decimal numbers, with dots between them.
     *
     * @throws Rejection if one is over 255, or hexadecimal
     */
    static Ipv4 ipv4(final String text) {
        int address = 0;
        int bits = 0;
        for (final String part : text.split("\\.", -1)) {
            int number = 0;
            for (int i = 0; i < part.length(); i++) {
                final int digit = part.charAt(i) - '0';
                number = 10 * number + digit;
                if (digit > 9 || number > 255) {
                    throw new Rejection(Words.quote(text) + " is no IPv4 address: expected decimal numbers of 0..255");
                }
            }
            address = (address << 8) | number;
            bits += 8;
        }
        return new Ipv4(address << (32 - bits), bits);
    }

    /**
     * A DECnet address, area and node.
     *
     * @throws Rejection if it is none
     */
    static int decnet(final String text) {
        final NumberScanner scanner = new NumberScanner(text);
        if (scanner.number() && scanner.skip('.')) {
            final int area = scanner.value();
            if (scanner.number()) {
                return ((area << 10) & 0xFC00) | (scanner.value() & 0x3FF);
            }
        }
        throw new Rejection(Words.quote(text) + " is no DECnet address: expected AREA.NODE");
    }

    /** The 6 bytes of an Ethernet address in any of the forms that the {@link Lexer} lets pass. */
    static byte[] ethernet(final String text) {
        final byte[] address = new byte[6];
        int at = 0;
        for (int i = 0; i < address.length; i++) {
            if (Character.digit(text.charAt(at), 16) < 0) {
                at++; // a separator
            }
            int value = Character.digit(text.charAt(at++), 16);
            if (at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
                value = (value << 4) | Character.digit(text.charAt(at++), 16);
            }
            address[i] = (byte) value;
        }
        return address;
    }

    /**
     * The 4 words of an IPv6 address.
     *
     * @return null if it is none
     */
    static int @Nullable [] ipv6(final String text) {
        final int gap = text.indexOf("::");
        if (gap < 0) {
            final int[] groups = groups(text);
            return groups == null || groups.length != IPV6_GROUPS ? null : words(groups, new int[0]);
        }
        final int[] head = groups(text.substring(0, gap));
        final int[] tail = groups(text.substring(gap + 2));
        return head == null || tail == null || head.length + tail.length >= IPV6_GROUPS ? null : words(head, tail);
    }

    private static int[] words(final int[] head, final int[] tail) {
        final int[] words = new int[IPV6_GROUPS / 2];
        for (int i = 0; i < head.length; i++) {
            words[i / 2] |= head[i] << (i % 2 == 0 ? 16 : 0);
        }
        for (int i = 0; i < tail.length; i++) {
            final int at = IPV6_GROUPS - tail.length + i;
            words[at / 2] |= tail[i] << (at % 2 == 0 ? 16 : 0);
        }
        return words;
    }

    /** Groups of 16 bits; the last two may be written as an IPv4 address. Null if they are none. */
    private static int @Nullable [] groups(final String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        final String[] parts = text.split(":", -1);
        final boolean dotted = parts[parts.length - 1].indexOf('.') >= 0;
        final int[] groups = new int[parts.length + (dotted ? 1 : 0)];
        for (int i = 0; i < parts.length - (dotted ? 1 : 0); i++) {
            if (!parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                return null;
            }
            groups[i] = Integer.parseInt(parts[i], 16);
        }
        if (dotted) {
            if (!parts[parts.length - 1].matches("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}")) {
                return null;
            }
            final int address = ipv4(parts[parts.length - 1]).address();
            groups[groups.length - 2] = address >>> 16;
            groups[groups.length - 1] = address & 0xFFFF;
        }
        return groups;
    }

    /**
     * A literal IPv4 address as {@code inet_aton} reads it, which a name with a backslash can be: one to four numbers, each in
     * decimal, octal or hexadecimal; the last one fills what is left.
     *
     * @return null if it is none
     */
    static @Nullable Integer numericHost(final String text) {
        final String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            final boolean last = i == parts.length - 1;
            final long number = cNumber(parts[i]);
            final int bits = last ? 32 - 8 * i : 8;
            if (number < 0 || number >= 1L << bits) {
                return null;
            }
            address = (address << bits) | number;
        }
        return (int) address;
    }

    /** A number as in C, -1 if it is none or too large. */
    private static long cNumber(final String text) {
        if (text.length() > 12) {
            return -1;
        }
        if (text.matches("0[xX][0-9A-Fa-f]+")) {
            return Long.parseLong(text.substring(2), 16);
        }
        if (text.matches("0[0-7]*")) {
            return Long.parseLong(text, 8);
        }
        return text.matches("[1-9]\\d*") ? Long.parseLong(text) : -1;
    }
}
