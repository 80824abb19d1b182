package org.reactornetmap.operators.filter.bpf;

import org.jspecify.annotations.Nullable;

/**
 * A step of a {@link FilterGraph}. Equal steps with equal ends are one object, so that a graph has no two equal tails.
 * Immutable.
 */
final class Node {
    /** What a step does. */
    enum Kind {
        /** Ends with {@link #value}. */
        VERDICT,
        /** Goes on with {@link #yes} if the comparison {@link #value} holds, else with {@link #no}. */
        TEST,
        /** Computes {@link #value} only to end with 0 if there is none; goes on with {@link #yes}. */
        CHECK,
        /** Computes {@link #value} for the variable {@link #target}; goes on with {@link #yes}. */
        ASSIGNMENT
    }

    final Kind kind;
    final Value value;
    final @Nullable Value target;
    final @Nullable Node yes;
    final @Nullable Node no;

    /** From 0, in the order of making: what follows a step has a smaller one. */
    final int number;

    /** A frame of fewer bytes gets 0 from here, whatever is in it. */
    final long demand;

    Node(
            final Kind kind,
            final Value value,
            final @Nullable Value target,
            final @Nullable Node yes,
            final @Nullable Node no,
            final int number) {
        this.kind = kind;
        this.value = value;
        this.target = target;
        this.yes = yes;
        this.no = no;
        this.number = number;
        if (isReject()) {
            demand = Long.MAX_VALUE;
        } else {
            final long later = yes == null ? 0 : Math.min(yes.demand, no == null ? Long.MAX_VALUE : no.demand);
            demand = Math.max(value.reach, later);
        }
    }

    boolean isReject() {
        return kind == Kind.VERDICT && value.isConstant(0);
    }

    boolean isTest() {
        return kind == Kind.TEST;
    }

    /** The next step, of any but a verdict. */
    Node next() {
        if (yes == null) {
            throw new IllegalStateException("a verdict is the end");
        }
        return yes;
    }

    /** The next step of a test that did not hold. */
    Node otherwise() {
        if (no == null) {
            throw new IllegalStateException("only a test has two ways");
        }
        return no;
    }

    /** The variable of an assignment. */
    Value variable() {
        if (target == null) {
            throw new IllegalStateException("only an assignment has a variable");
        }
        return target;
    }

    @Override
    public int hashCode() {
        return number;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case VERDICT -> "ret " + value;
            case TEST -> "if " + value + " then " + next().number + " else " + otherwise().number;
            case CHECK -> "check " + value + " then " + next().number;
            case ASSIGNMENT -> target + " = " + value + " then " + next().number;
        };
    }
}
