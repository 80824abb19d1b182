package org.reactornetmap.operators.filter.language;

import org.reactornetmap.operators.filter.bpf.BpfProgram;

/** What is wrong with an expression, for the {@link Parser} to say where. */
final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Rejection(final String problem) {
        super(problem, null, false, false);
    }

    static Rejection programTooLong() {
        return new Rejection(
                "the expression needs a program of more than " + BpfProgram.MAX_INSTRUCTIONS + " instructions");
    }

    /** The problem alone, never null. */
    String problem() {
        return String.valueOf(getMessage());
    }
}
