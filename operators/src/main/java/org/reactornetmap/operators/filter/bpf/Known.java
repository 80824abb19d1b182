package org.reactornetmap.operators.filter.bpf;

/** What is known of a register's content before any frame is there. */
sealed interface Known permits Field, Known.Constant, Known.HeaderLength, Known.Nothing {
    /** Nothing. */
    Known NOTHING = new Nothing();

    /** A number. */
    record Constant(int value) implements Known {}

    /** Four times the low four bits of the byte at {@code offset}. */
    record HeaderLength(int offset) implements Known {}

    /** It depends on the frame in a way that is not followed. */
    record Nothing() implements Known {}
}
