package org.reactornetmap.operators.filter.language;

/** Reads numbers off the begin of a text as C's {@code sscanf("%d")} does, which looks at no more than it needs. */
final class NumberScanner {
    private final String text;
    private int at;
    private int value;

    NumberScanner(final String text) {
        this.text = text;
    }

    /** Whether a number is next; then it is behind it. */
    boolean number() {
        int i = at;
        while (i < text.length() && " \t\n\u000B\f\r".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        boolean negative = false;
        if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
            negative = text.charAt(i) == '-';
            i++;
        }
        final int digits = i;
        long number = 0;
        boolean overflow = false;
        for (; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            overflow |= number > (Long.MAX_VALUE - 9) / 10;
            number = 10 * number + (text.charAt(i) - '0');
        }
        if (i == digits) {
            return false;
        }
        if (overflow) {
            number = negative ? Long.MIN_VALUE : Long.MAX_VALUE;
        } else if (negative) {
            number = -number;
        }
        value = (int) number;
        at = i;
        return true;
    }

    /** Whether a character is next; then it is behind it. */
    boolean skip(final char expected) {
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    /** What was read last, cut to 32 bits. */
    int value() {
        return value;
    }
}
