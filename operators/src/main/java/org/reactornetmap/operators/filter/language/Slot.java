package org.reactornetmap.operators.filter.language;

/**
 * What may stand where an operand begins. A <em>test</em> decides something, such as {@code tcp} or {@code len > 100}; an
 * <em>identifier</em> stands for something, such as {@code 80}, and takes its qualifiers from what is before it.
 */
enum Slot {
    /** A test: at the begin, and in parentheses there. */
    TEST,

    /** Either: behind {@code and} and {@code or} that join tests. */
    EITHER,

    /** Either, first in parentheses: they don't begin with parentheses around an identifier. */
    FIRST_OF_EITHER,

    /** An identifier: behind qualifiers, and behind {@code and} and {@code or} that join identifiers. */
    IDENTIFIER,

    /** An identifier, first in parentheses: as {@link #FIRST_OF_EITHER}. */
    FIRST_IDENTIFIER,

    /** A number, in any parentheses. */
    NUMBER,

    /** What can be computed. */
    ARITHMETIC;

    boolean takesTests() {
        return this == TEST || this == EITHER || this == FIRST_OF_EITHER;
    }

    boolean takesIdentifiers() {
        return this == EITHER || this == FIRST_OF_EITHER || this == IDENTIFIER || this == FIRST_IDENTIFIER;
    }

    boolean takesArithmetic() {
        return takesTests() || this == ARITHMETIC;
    }

    boolean isFirst() {
        return this == FIRST_OF_EITHER || this == FIRST_IDENTIFIER;
    }

    /** What is first inside of parentheses here. */
    Slot inParentheses() {
        return switch (this) {
            case TEST, FIRST_OF_EITHER -> TEST;
            case EITHER -> FIRST_OF_EITHER;
            case IDENTIFIER -> FIRST_IDENTIFIER;
            case FIRST_IDENTIFIER, NUMBER -> NUMBER;
            case ARITHMETIC -> ARITHMETIC;
        };
    }

    /** What {@code not} negates here. */
    Slot behindNot() {
        return switch (this) {
            case FIRST_OF_EITHER -> EITHER;
            case FIRST_IDENTIFIER -> IDENTIFIER;
            default -> this;
        };
    }
}
