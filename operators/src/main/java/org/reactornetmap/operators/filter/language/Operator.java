package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.filter.bpf.BpfCode;

/** An operator between two numbers: the higher its rank the tighter it binds. */
enum Operator {
    OR(BpfCode.OR, 1),
    AND(BpfCode.AND, 2),
    SHIFT_LEFT(BpfCode.LSH, 3),
    SHIFT_RIGHT(BpfCode.RSH, 3),
    PLUS(BpfCode.ADD, 4),
    MINUS(BpfCode.SUB, 4),
    TIMES(BpfCode.MUL, 5),
    DIVIDE(BpfCode.DIV, 5),

    // libpcap's grammar gives these no rank, so whatever follows is read first.
    MODULO(BpfCode.MOD, Operator.NO_RANK),
    XOR(BpfCode.XOR, Operator.NO_RANK);

    private static final int NO_RANK = 0;

    private final int code;
    private final int rank;

    Operator(final int code, final int rank) {
        this.code = code;
        this.rank = rank;
    }

    static @Nullable Operator of(final TokenType type) {
        return switch (type) {
            case PLUS -> PLUS;
            case MINUS -> MINUS;
            case TIMES -> TIMES;
            case DIVIDE -> DIVIDE;
            case MODULO -> MODULO;
            case BIT_AND -> AND;
            case BIT_OR -> OR;
            case BIT_XOR -> XOR;
            case SHIFT_LEFT -> SHIFT_LEFT;
            case SHIFT_RIGHT -> SHIFT_RIGHT;
            default -> null;
        };
    }

    /** Of {@link BpfCode#ALU}. */
    int code() {
        return code;
    }

    /** Whether it takes what is between it and the operator before it. */
    boolean takesFrom(final Operator before) {
        return rank == NO_RANK || before.rank == NO_RANK || rank > before.rank;
    }

    /** Whether it takes what is between it and a sign. */
    boolean takesFromSign() {
        return rank == NO_RANK;
    }
}
