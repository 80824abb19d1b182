package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the instructions that compute values, given what the registers hold already. Keeps what they hold before each
 * instruction, for whoever comes from elsewhere and can do without the first ones.
 */
final class Scribe {
    /** Up to this weight, ways to compute a value are tried out. */
    private static final int LIGHT = 9;

    /** What the registers hold: null if that depends on the way. */
    record Registers(@Nullable Value a, @Nullable Value x) {
        /** What they hold where two ways meet. */
        Registers or(final Registers other) {
            return new Registers(a == other.a ? a : null, x == other.x ? x : null);
        }

        /** What they hold behind a step. */
        Registers after(final Step step) {
            final int places = Liveness.written(step.code, step.k);
            final boolean stored = step.written != null && step.written.kind == Value.Kind.VARIABLE;
            final boolean intoA = (places & (1 << Liveness.A)) != 0 || (stored && step.code == BpfCode.ST);
            final boolean intoX = (places & (1 << Liveness.X)) != 0 || (stored && step.code == BpfCode.STX);
            return new Registers(intoA ? step.written : a, intoX ? step.written : x);
        }
    }

    /** An instruction, what the registers hold before it, and the value that it leaves where it writes. */
    record Step(int code, int k, Registers before, @Nullable Value written) {
        /** Whether nothing but what it writes is left of it. */
        boolean isPure() {
            final int mode = BpfCode.modeOf(code);
            return switch (BpfCode.classOf(code)) {
                case BpfCode.LD, BpfCode.LDX -> mode != BpfCode.ABS && mode != BpfCode.IND && mode != BpfCode.MSH;
                case BpfCode.ALU -> written == null || !written.isPartial();
                case BpfCode.JMP, BpfCode.RET -> false;
                default -> true;
            };
        }
    }

    private final Cells cells;
    private final List<Step> steps;
    private @Nullable Value a;
    private @Nullable Value x;
    private int borrowed;
    private boolean failed;

    /** What X must not lose. */
    private @Nullable Value kept;

    Scribe(final Cells cells, final Registers registers) {
        this.cells = cells;
        a = registers.a;
        x = registers.x;
        steps = new ArrayList<>();
    }

    private Scribe(final Scribe other) {
        cells = other.cells;
        a = other.a;
        x = other.x;
        borrowed = other.borrowed;
        failed = other.failed;
        kept = other.kept;
        steps = new ArrayList<>(other.steps);
    }

    List<Step> steps() {
        return steps;
    }

    /** Whether there were too few memory cells. */
    boolean hasFailed() {
        return failed;
    }

    /** What the registers hold now. */
    Registers registers() {
        return new Registers(a, x);
    }

    /** Computes a value, into whichever register is nearer. */
    void compute(final Value value) {
        if (value.kind == Value.Kind.HEADER) {
            intoX(value);
        } else {
            intoA(value);
        }
    }

    /** An instruction that is not computed from a value, such as a jump. */
    void add(final int code, final int k, final @Nullable Value written) {
        steps.add(new Step(code, k, new Registers(a, x), written));
        final Registers after = registers().after(steps.get(steps.size() - 1));
        a = after.a;
        x = after.x;
    }

    /** Stores a value for a variable. */
    void store(final Value value, final Value variable) {
        final int cell = cells.of(variable);
        if (value != a && (value == x || value.kind == Value.Kind.HEADER)) {
            intoX(value);
            add(BpfCode.STX, cell, variable);
        } else {
            intoA(value);
            add(BpfCode.ST, cell, variable);
        }
    }

    void intoA(final Value value) {
        if (a == value) {
            return;
        }
        if (x == value) {
            add(BpfCode.MISC | BpfCode.TXA, 0, value);
            return;
        }
        switch (value.kind) {
            case CONSTANT -> add(BpfCode.LD | BpfCode.IMM, value.k, value);
            case LENGTH -> add(BpfCode.LD | BpfCode.LEN, 0, value);
            case VARIABLE -> add(BpfCode.LD | BpfCode.MEM, cells.of(value), value);
            case LOAD -> {
                if (value.left == null) {
                    add(BpfCode.LD | BpfCode.ABS | value.code, value.k, value);
                } else {
                    intoX(value.left);
                    add(BpfCode.LD | BpfCode.IND | value.code, value.k, value);
                }
            }
            case HEADER -> {
                intoX(value);
                add(BpfCode.MISC | BpfCode.TXA, 0, value);
            }
            case ARITHMETIC -> arithmetic(value);
            case COMPARISON -> throw new IllegalArgumentException("a comparison is no number");
        }
    }

    void intoX(final Value value) {
        if (x == value) {
            return;
        }
        if (a == value) {
            add(BpfCode.MISC | BpfCode.TAX, 0, value);
            return;
        }
        switch (value.kind) {
            case CONSTANT -> add(BpfCode.LDX | BpfCode.IMM, value.k, value);
            case LENGTH -> add(BpfCode.LDX | BpfCode.LEN, 0, value);
            case VARIABLE -> add(BpfCode.LDX | BpfCode.MEM, cells.of(value), value);
            case HEADER -> add(BpfCode.LDX | BpfCode.B | BpfCode.MSH, value.k, value);
            default -> {
                intoA(value);
                add(BpfCode.MISC | BpfCode.TAX, 0, value);
            }
        }
    }

    private void arithmetic(final Value value) {
        final Value left = value.first();
        if (value.right == null) {
            intoA(left);
            add(BpfCode.ALU | BpfCode.NEG, 0, value);
        } else if (!value.right.isConstant()) {
            operands(left, value.right, Values.isCommutative(value.code));
            add(BpfCode.ALU | value.code | BpfCode.X, 0, value);
        } else {
            intoA(left);
            final int k = value.right.k;
            final boolean minus = value.code == BpfCode.ADD && k < 0 && k != Integer.MIN_VALUE;
            add(BpfCode.ALU | (minus ? BpfCode.SUB : value.code), minus ? -k : k, value);
        }
    }

    /** Brings one value into A and another one into X, or, if that will do, the other way round. */
    void operands(final Value left, final Value right, final boolean commutative) {
        Scribe best = null;
        for (final Plan plan : Plan.values()) {
            for (int swap = 0; swap < (commutative ? 2 : 1); swap++) {
                final Value inA = swap == 0 ? left : right;
                final Value inX = swap == 0 ? right : left;
                if (isPossible(plan, inA, inX)) {
                    final Scribe trial = new Scribe(this);
                    trial.follow(plan, inA, inX);
                    final boolean done =
                            !trial.failed && trial.a == inA && trial.x == inX && (kept == null || kept == inX);
                    if (done && (best == null || trial.steps.size() < best.steps.size())) {
                        best = trial;
                    }
                }
            }
            if (best != null && left.weight + right.weight > LIGHT) {
                break;
            }
        }
        if (best == null) {
            failed = true;
            return;
        }
        steps.clear();
        steps.addAll(best.steps);
        a = best.a;
        x = best.x;
    }

    private boolean isPossible(final Plan plan, final Value inA, final Value inX) {
        return switch (plan) {
            case X_LAST -> isDirect(inX) || (x == inX && keepsX(inA, inX));
            case X_FIRST -> keepsX(inA, inX);
            case SPILL -> true;
        };
    }

    private void follow(final Plan plan, final Value inA, final Value inX) {
        switch (plan) {
            case X_LAST -> {
                if (isDirect(inX)) {
                    intoA(inA);
                    intoX(inX);
                } else {
                    intoA(inA, inX);
                }
            }
            case X_FIRST -> {
                intoX(inX);
                intoA(inA, inX);
            }
            case SPILL -> {
                final int cell = cells.spare(borrowed++);
                if (cell < 0) {
                    return;
                }
                intoA(inX);
                add(BpfCode.ST, cell, inX);
                intoA(inA);
                add(BpfCode.LDX | BpfCode.MEM, cell, inX);
                borrowed--;
            }
        }
    }

    /** Brings a value into A while X keeps another one. */
    private void intoA(final Value value, final Value keeping) {
        final Value outer = kept;
        kept = keeping;
        intoA(value);
        kept = outer;
    }

    /** Whether a value can be brought into A while X keeps another one. */
    private static boolean keepsX(final Value value, final Value x) {
        if (value == x) {
            return true;
        }
        return switch (value.kind) {
            case LOAD -> value.left == null || value.left == x;
            case HEADER -> false;
            case ARITHMETIC -> {
                if (value.right == null || value.right.isConstant() || value.right == x) {
                    yield keepsX(value.first(), x);
                }
                yield value.left == x && Values.isCommutative(value.code) && keepsX(value.right, x);
            }
            default -> true;
        };
    }

    /** Whether a value can be brought into X while A holds another one. */
    private static boolean isDirect(final Value value) {
        return switch (value.kind) {
            case CONSTANT, LENGTH, VARIABLE, HEADER -> true;
            default -> false;
        };
    }

    /** How to bring one value into A and another one into X. */
    private enum Plan {
        X_LAST,
        X_FIRST,
        SPILL
    }
}
