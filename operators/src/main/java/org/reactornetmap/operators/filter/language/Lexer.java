package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;

/**
 * Splits an expression into words. Of all that can begin at a place the longest wins; so {@code len-14} is one name, and
 * {@code 1.2.3.4.5} as well. It runs forward only, in time proportional to the text.
 *
 * @see <a href="https://github.com/the-tcpdump-group/libpcap/blob/libpcap-1.10.3/scanner.l">scanner.l, libpcap 1.10.3</a>
 */
final class Lexer {
    private static final int MAC_BYTES = 6;
    private static final int MAC_DIGITS = 12;
    private static final int IPV6_GROUPS = 8;

    private final String text;
    private int position;

    Lexer(final String text) {
        this.text = text;
    }

    /**
     * Takes the next word.
     *
     * @return the word; at the end of the text, as often as wanted, {@link TokenType#END}
     * @throws FilterSyntaxException if nothing of the language begins here
     */
    Token next() {
        while (position < text.length() && " \r\n\t".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        if (position == text.length()) {
            return new Token(TokenType.END, "", 0, position);
        }
        final char first = text.charAt(position);
        if (isAlphanumeric(first) || first == ':') {
            return longest();
        }
        if (first == '\\') {
            return escapedName();
        }
        return symbol();
    }

    /** A word, a number or an address: whichever is longest, and of those the first in this order. */
    private Token longest() {
        final int start = position;
        final int name = nameEnd(start);
        final int ethernet = ethernetEnd(start);
        final int number = numberEnd(start);
        final int ipv4 = dottedEnd(start, 2);
        final int ipv6 = ipv6End(start);
        final int bogus = colonsEnd(start);
        final int end = Math.max(Math.max(Math.max(name, ethernet), Math.max(number, ipv4)), Math.max(ipv6, bogus));
        if (end == start) {
            return symbol();
        }
        final String word = text.substring(start, end);
        final TokenType type = end == name ? Words.typeOf(word) : null;
        if (type != null) {
            return taken(type, end);
        }
        if (end == ethernet) {
            return taken(TokenType.ETHERNET_ADDRESS, end);
        }
        if (end == number) {
            return number(end);
        }
        if (end == ipv4) {
            return taken(TokenType.IPV4_ADDRESS, end);
        }
        if (end == ipv6) {
            if (AddressText.ipv6(word) == null) {
                throw failure(Words.quote(word) + " is no IPv6 address", start);
            }
            return taken(TokenType.IPV6_ADDRESS, end);
        }
        if (end == bogus) {
            throw failure(Words.quote(word) + " is no Ethernet address", start);
        }
        final Integer constant = Words.constant(word);
        if (constant != null) {
            position = end;
            return new Token(TokenType.NUMBER, word, constant, start);
        }
        return taken(TokenType.NAME, end);
    }

    private Token taken(final TokenType type, final int end) {
        final Token token = new Token(type, text.substring(position, end), 0, position);
        position = end;
        return token;
    }

    private FilterSyntaxException failure(final String problem, final int at) {
        return new FilterSyntaxException(problem, text, at);
    }

    private Token escapedName() {
        int end = position + 1;
        while (end < text.length() && " !()\n\t\0".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end == position + 1) {
            throw failure("expected a name behind the backslash", end);
        }
        final Token token = new Token(TokenType.NAME, text.substring(position + 1, end), 0, position);
        position = end;
        return token;
    }

    private Token symbol() {
        final TokenType pair = pair();
        if (pair != null) {
            return taken(pair, position + 2);
        }
        final TokenType single = single(text.charAt(position));
        if (single == null) {
            throw failure("'" + printable(text.charAt(position)) + "' does not belong to the language", position);
        }
        return taken(single, position + 1);
    }

    private static String printable(final char character) {
        return character < ' ' || character > '~' ? String.format("\\u%04x", (int) character) : "" + character;
    }

    private @Nullable TokenType pair() {
        if (position + 1 == text.length()) {
            return null;
        }
        return switch (text.substring(position, position + 2)) {
            case ">=" -> TokenType.GREATER_OR_EQUAL;
            case "<=" -> TokenType.LESS_OR_EQUAL;
            case "!=" -> TokenType.NOT_EQUAL;
            case "==" -> TokenType.EQUAL;
            case "<<" -> TokenType.SHIFT_LEFT;
            case ">>" -> TokenType.SHIFT_RIGHT;
            case "&&" -> TokenType.AND;
            case "||" -> TokenType.OR;
            default -> null;
        };
    }

    private static @Nullable TokenType single(final char character) {
        return switch (character) {
            case '+' -> TokenType.PLUS;
            case '-' -> TokenType.MINUS;
            case '*' -> TokenType.TIMES;
            case '/' -> TokenType.DIVIDE;
            case '%' -> TokenType.MODULO;
            case '&' -> TokenType.BIT_AND;
            case '|' -> TokenType.BIT_OR;
            case '^' -> TokenType.BIT_XOR;
            case '=' -> TokenType.EQUAL;
            case '<' -> TokenType.LESS;
            case '>' -> TokenType.GREATER;
            case '!' -> TokenType.NOT;
            case '(' -> TokenType.OPEN;
            case ')' -> TokenType.CLOSE;
            case '[' -> TokenType.OPEN_BRACKET;
            case ']' -> TokenType.CLOSE_BRACKET;
            case ':' -> TokenType.COLON;
            default -> null;
        };
    }

    /** Decimal, octal behind a 0, or hexadecimal behind 0x. */
    private Token number(final int end) {
        final String word = text.substring(position, end);
        final boolean hex = word.length() > 1 && (word.charAt(1) == 'x' || word.charAt(1) == 'X');
        final int radix = hex ? 16 : word.charAt(0) == '0' ? 8 : 10;
        long value = 0;
        for (int i = hex ? 2 : 0; i < word.length(); i++) {
            final int digit = Character.digit(word.charAt(i), radix);
            if (digit < 0) {
                throw failure(
                        "a number with a leading 0 is octal, and '" + word.charAt(i) + "' is no octal digit",
                        position + i);
            }
            value = value * radix + digit;
            if (value > 0xFFFF_FFFFL) {
                throw failure("the number does not fit in 32 bits", position);
            }
        }
        final Token token = new Token(TokenType.NUMBER, word, (int) value, position);
        position = end;
        return token;
    }

    // Each of these gives the end of what begins at a place, or that place if it does not begin there.

    private int nameEnd(final int start) {
        if (!isAlphanumeric(at(start))) {
            return start;
        }
        int end = start;
        for (int i = start; isAlphanumeric(at(i)) || at(i) == '.' || at(i) == '-' || at(i) == '_'; i++) {
            if (at(i) != '-' && at(i) != '_') {
                end = i + 1;
            }
        }
        return end;
    }

    private int numberEnd(final int start) {
        if (at(start) == '0' && (at(start + 1) == 'x' || at(start + 1) == 'X') && isHex(at(start + 2))) {
            return hexEnd(start + 2, Integer.MAX_VALUE);
        }
        int end = start;
        while (at(end) >= '0' && at(end) <= '9') {
            end++;
        }
        return end;
    }

    /** At least so many numbers, and at most four, with dots between them. */
    private int dottedEnd(final int start, final int least) {
        int end = start;
        int next = start;
        for (int count = 1; count <= 4; count++) {
            final int number = numberEnd(next);
            if (number == next) {
                return end;
            }
            if (count >= least) {
                end = number;
            }
            if (at(number) != '.') {
                return end;
            }
            next = number + 1;
        }
        return end;
    }

    private int ethernetEnd(final int start) {
        final int digits = hexEnd(start, MAC_DIGITS);
        int end = digits - start == MAC_DIGITS ? digits : start;
        for (final char separator : new char[] {':', '-', '.'}) {
            end = Math.max(end, separatedEnd(start, separator));
        }
        return Math.max(end, quadsEnd(start));
    }

    /** Six bytes of one or two digits. */
    private int separatedEnd(final int start, final char separator) {
        int next = start;
        for (int i = 1; ; i++) {
            final int end = hexEnd(next, 2);
            if (end == next) {
                return start;
            }
            if (i == MAC_BYTES) {
                return end;
            }
            if (at(end) != separator) {
                return start;
            }
            next = end + 1;
        }
    }

    /** Three times four digits. */
    private int quadsEnd(final int start) {
        for (int i = 0; i < 14; i++) {
            if (i % 5 == 4 ? at(start + i) != '.' : !isHex(at(start + i))) {
                return start;
            }
        }
        return start + 14;
    }

    /** What looks like an Ethernet address, but is none: at least twice one or two digits and colons behind them. */
    private int colonsEnd(final int start) {
        int end = start;
        for (int count = 0; ; count++) {
            final int digits = hexEnd(end, 2);
            int colons = digits;
            while (digits > end && at(colons) == ':') {
                colons++;
            }
            if (colons == digits) {
                return count >= 2 ? end : start;
            }
            end = colons;
        }
    }

    /** Groups of up to four digits, one gap for zeros, and at the end perhaps an IPv4 address. */
    private int ipv6End(final int start) {
        int end = start;
        int next = start;
        int groups = 0;
        boolean gap = false;
        if (at(start) == ':') {
            if (at(start + 1) != ':') {
                return start;
            }
            gap = true;
            next = start + 2;
            end = next;
        }
        while (true) {
            if (gap ? groups <= 5 : groups == 6) {
                final int dotted = dottedEnd(next, 4);
                end = dotted > next ? Math.max(end, dotted) : end;
            }
            final int group = hexEnd(next, 4);
            if (group == next) {
                return end;
            }
            groups++;
            if (gap ? groups < IPV6_GROUPS : groups == IPV6_GROUPS) {
                end = Math.max(end, group);
            }
            if (groups == (gap ? IPV6_GROUPS - 1 : IPV6_GROUPS) || at(group) != ':') {
                return end;
            }
            next = group + 1;
            if (!gap && at(next) == ':') {
                gap = true;
                next++;
                end = Math.max(end, next);
                if (groups == IPV6_GROUPS - 1) {
                    return end;
                }
            }
        }
    }

    private int hexEnd(final int start, final int most) {
        int end = start;
        while (end - start < most && isHex(at(end))) {
            end++;
        }
        return end;
    }

    private char at(final int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private static boolean isHex(final char character) {
        return (character >= '0' && character <= '9')
                || (character >= 'a' && character <= 'f')
                || (character >= 'A' && character <= 'F');
    }

    private static boolean isAlphanumeric(final char character) {
        return (character >= '0' && character <= '9')
                || (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z');
    }
}
