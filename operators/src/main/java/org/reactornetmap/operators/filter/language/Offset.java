package org.reactornetmap.operators.filter.language;

/**
 * Where a header begins: a constant, and the value of a register if the headers before it have no fixed length.
 *
 * @param constant bytes from the frame's begin, or from what the register holds
 * @param register a memory cell, {@link #NONE} if the constant is all
 */
record Offset(int constant, int register) {
    static final int NONE = -1;

    static Offset at(final int constant) {
        return new Offset(constant, NONE);
    }

    boolean isVariable() {
        return register != NONE;
    }

    Offset plus(final int bytes) {
        return new Offset(constant + bytes, register);
    }
}
