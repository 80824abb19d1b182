package org.reactornetmap.driver;

/**
 * A port spec that does not follow the grammar of {@link PortSpec}. The message shows the spec with a caret under the
 * offending character and says what was expected there.
 */
public final class PortSpecException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String spec;
    private final int position;

    PortSpecException(String spec, int position, String problem) {
        super(message(spec, position, problem));
        this.spec = spec;
        this.position = position;
    }

    /**
     * The text that was parsed.
     *
     * @return the whole spec, unchanged
     */
    public String spec() {
        return spec;
    }

    /**
     * Where the offending character stands.
     *
     * @return a {@code char} offset, 0 to the length of the spec; the length itself where the spec ends too early
     */
    public int position() {
        return position;
    }

    private static String message(String spec, int position, String problem) {
        // A question mark for each control character, so that the caret stays under its target.
        StringBuilder shown = new StringBuilder(spec.length());
        for (int i = 0; i < spec.length(); i++) {
            char c = spec.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return "invalid port spec at character " + position + ": " + problem + "\n  " + shown + "\n  "
                + " ".repeat(position) + "^";
    }
}
