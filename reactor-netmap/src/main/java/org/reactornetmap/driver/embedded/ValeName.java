package org.reactornetmap.driver.embedded;

/** The names of switches and of ports in them, as netmap reads them. */
final class ValeName {
    /** {@code NM_BDG_NAME}. */
    static final String PREFIX = "vale";

    /** {@code IFNAMSIZ}, the terminating zero included. */
    static final int IFNAMSIZ = 16;

    private ValeName() {}

    /** Whether the kernel asks the switches for this name at all: it compares one letter less than the prefix has. */
    static boolean mayBeSwitched(final String name) {
        return name.startsWith(PREFIX.substring(0, PREFIX.length() - 1));
    }

    /** {@code nm_bdg_name_validate}: where the colon is behind the switch's name, -1 if the name is no good. */
    static int colon(final String name, final int prefixLength) {
        if (name.length() < prefixLength) {
            return -1;
        }
        int colon = -1;
        for (int i = 0; i < Math.min(IFNAMSIZ, name.length()) && colon < 0; i++) {
            final char c = name.charAt(i);
            if (c == ':') {
                colon = i;
            } else if (!isIdentifierPart(c)) {
                return -1;
            }
        }
        return name.length() - colon > IFNAMSIZ ? -1 : colon;
    }

    private static boolean isIdentifierPart(final char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    /** Whether an interface may have this name: Linux's {@code dev_valid_name}, less netmap's own prefix. */
    static boolean isInterface(final String name) {
        return !name.isEmpty()
                && name.length() < IFNAMSIZ
                && !name.startsWith(PREFIX)
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
    }
}
