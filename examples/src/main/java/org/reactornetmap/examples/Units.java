package org.reactornetmap.examples;

import java.util.Locale;

/** Numbers for people. */
final class Units {

    private static final String[] PREFIXES = {"", "k", "M", "G", "T"};

    private Units() {}

    /** Three digits and a prefix, such as {@code 1.23 M}; a space at the end where there is no prefix. */
    static String si(double value) {
        double scaled = Double.isFinite(value) ? value : 0;
        int prefix = 0;
        while (scaled >= 999.5 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        int decimals = prefix == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", scaled, PREFIXES[prefix]);
    }
}
