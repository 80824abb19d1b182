package org.reactornetmap.operators.filter.language;

/**
 * An expression is no filter. The message says what is wrong, where, and what was expected there:
 * {@code expected 'and', 'or' or the end, found 'bar' (character 12, at "bar")}.
 */
public final class FilterSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int QUOTED = 24;

    private final int position;

    /**
     * Makes an exception.
     *
     * @param problem what is wrong
     * @param expression the expression
     * @param position where: offset of a character, or the expression's length for its end
     */
    FilterSyntaxException(final String problem, final String expression, final int position) {
        super(problem + " (" + place(expression, position) + ")");
        this.position = position;
    }

    private static String place(final String expression, final int position) {
        if (position >= expression.length()) {
            return "at the end";
        }
        final int end = Math.min(expression.length(), position + QUOTED);
        final String dots = end < expression.length() ? "..." : "";
        return "character " + (position + 1) + ", at \"" + expression.substring(position, end) + dots + "\"";
    }

    /**
     * Where it is wrong.
     *
     * @return offset of a character of the expression, from 0; the expression's length if more was expected at its end
     */
    public int position() {
        return position;
    }
}
