package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;

/** What the {@link Parser} has begun and not ended: it waits for an operand. */
sealed interface Frame {
    /** What may stand there. */
    Slot slot();

    /** What an identifier there takes over; null if it has none. */
    default @Nullable Qualifiers qualifiers() {
        return null;
    }

    /** The whole expression. */
    record Whole() implements Frame {
        @Override
        public Slot slot() {
            return Slot.TEST;
        }
    }

    /** An open parenthesis. */
    record Parenthesis(Slot slot, @Nullable Qualifiers qualifiers) implements Frame {}

    /** {@code not}. */
    record Negation(Slot slot, @Nullable Qualifiers qualifiers) implements Frame {}

    /** {@code and} or {@code or}, and what is before it. */
    record Junction(Operand.Decision left, boolean isAnd) implements Frame {
        @Override
        public Slot slot() {
            return left.isIdentifier() ? Slot.IDENTIFIER : Slot.EITHER;
        }

        @Override
        public @Nullable Qualifiers qualifiers() {
            return left.qualifiers();
        }
    }

    /** The words before an identifier. */
    record Qualification(Qualifiers qualifiers) implements Frame {
        @Override
        public Slot slot() {
            return Slot.IDENTIFIER;
        }
    }

    /** A frame that waits for a number. */
    sealed interface Computing extends Frame {
        @Override
        default Slot slot() {
            return Slot.ARITHMETIC;
        }
    }

    /** An operator, and what is before it. */
    record Operation(Operator operator, Value left, int position) implements Computing {}

    /** The sign. */
    record Minus() implements Computing {}

    /** A comparison, and what is before it. */
    record Comparison(TokenType relation, Value left) implements Computing {}

    /** A protocol's open bracket. */
    record Index(Protocol protocol, int position) implements Computing {}
}
