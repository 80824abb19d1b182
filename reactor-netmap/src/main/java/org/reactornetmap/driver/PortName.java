package org.reactornetmap.driver;

import java.util.NoSuchElementException;

/**
 * The first part of a port spec: subsystem, port name and pipe suffix, without rings, flags and options.
 *
 * @param value the name for {@code nr_name}
 * @param kind the subsystem
 * @param pipeAt where the brace stands in {@code value}, -1 if this is not a pipe
 * @param end offset in the parsed text of the first character behind the name
 */
record PortName(String value, Kind kind, int pipeAt, int end) {

    /** {@code NETMAP_REQ_IFNAMSIZ} less its terminating zero. */
    static final int MAX_LENGTH = 63;

    enum Kind {
        NETMAP("netmap"),
        VALE("vale"),
        NULL("null");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /** Reads a name that starts at {@code from}; the characters from {@code to} on are not looked at. */
    static PortName scan(String text, int from, int to) {
        Kind kind = kind(text, from, to);
        int colon = from + kind.prefix.length();
        if (kind == Kind.VALE) {
            colon = skipIdentifier(text, colon, to);
        }
        if (colon == to || text.charAt(colon) != ':') {
            throw new PortSpecException(text, colon, missingColon(text, kind, colon, to));
        }
        int port = colon + 1;
        int pipe = skipName(text, port, to);
        if (pipe == port) {
            throw new PortSpecException(text, port, "a port name is expected here");
        }
        int end = pipe < to && isBrace(text.charAt(pipe)) ? skipPipe(text, pipe, to) : pipe;
        if (end < to && !isSeparator(text.charAt(end))) {
            throw new PortSpecException(text, end, badCharacter(text.charAt(end), end > pipe));
        }
        int start = kind == Kind.VALE ? from : port;
        if (end - start > MAX_LENGTH) {
            throw new PortSpecException(
                    text, start + MAX_LENGTH, "the port name is longer than " + MAX_LENGTH + " characters");
        }
        return new PortName(text.substring(start, end), kind, end > pipe ? pipe - start : -1, end);
    }

    private static Kind kind(String text, int from, int to) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix, from) && from + kind.prefix.length() <= to) {
                return kind;
            }
        }
        throw new PortSpecException(
                text,
                from,
                "'netmap:' or 'vale...:' is expected here; an interface eth0 is named netmap:eth0, a port a of the"
                        + " switch vale0 is named vale0:a");
    }

    private static String missingColon(String text, Kind kind, int at, int to) {
        if (kind == Kind.VALE && at < to && text.indexOf(':', at) >= 0) {
            return "a letter, a digit, '_' or ':' is expected in the name of the switch";
        }
        return kind == Kind.VALE
                ? "':' and the port name are expected after the name of the switch"
                : "':' is expected right after '" + kind.prefix + "'";
    }

    private static int skipPipe(String text, int brace, int to) {
        int end = skipIdentifier(text, brace + 1, to);
        if (end == brace + 1 && (end == to || isSeparator(text.charAt(end)))) {
            throw new PortSpecException(
                    text, end, "a pipe identifier is expected after '" + text.charAt(brace) + "', as in x{1");
        }
        return end;
    }

    private static String badCharacter(char c, boolean inPipe) {
        if (inPipe) {
            return "a pipe identifier has only letters, digits and '_'";
        }
        if (c == ':') {
            return "no ':' is allowed in a port name; a VALE port is named without 'netmap:', as in vale0:a";
        }
        return "a port name has only letters, digits, '_' and '.'";
    }

    private static int skipIdentifier(String text, int from, int to) {
        int i = from;
        while (i < to && isIdentifierPart(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int skipName(String text, int from, int to) {
        int i = from;
        while (i < to && (isIdentifierPart(text.charAt(i)) || text.charAt(i) == '.')) {
            i++;
        }
        return i;
    }

    private static boolean isIdentifierPart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static boolean isBrace(char c) {
        return c == '{' || c == '}';
    }

    private static boolean isSeparator(char c) {
        return "-*^/@".indexOf(c) >= 0;
    }

    boolean isPipe() {
        return pipeAt >= 0;
    }

    boolean isPipeMaster() {
        return pipeAt >= 0 && value.charAt(pipeAt) == '{';
    }

    String pipeParent() {
        return value.substring(0, checkedPipeAt());
    }

    String pipeId() {
        return value.substring(checkedPipeAt() + 1);
    }

    private int checkedPipeAt() {
        if (pipeAt < 0) {
            throw new NoSuchElementException(value + " is not a pipe");
        }
        return pipeAt;
    }
}
