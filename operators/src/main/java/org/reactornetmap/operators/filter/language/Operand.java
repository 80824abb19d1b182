package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;

/** What the {@link Parser} has read last. */
sealed interface Operand {
    /**
     * A number, of which what follows tells whether it is an identifier or computed with.
     *
     * @param number u32
     * @param position where it is
     */
    record Plain(int number, int position) implements Operand {}

    /** A number that was computed. */
    record Computed(Value value) implements Operand {}

    /**
     * A test, or an identifier with what it stands for.
     *
     * @param condition what it decides
     * @param qualifiers what an identifier behind it takes over; null if it has nothing to give
     * @param isIdentifier whether only identifiers may be joined to it
     */
    record Decision(Condition condition, @Nullable Qualifiers qualifiers, boolean isIdentifier) implements Operand {}
}
