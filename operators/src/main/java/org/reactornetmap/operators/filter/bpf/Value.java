package org.reactornetmap.operators.filter.bpf;

import org.jspecify.annotations.Nullable;

/**
 * A number that a program computes of a frame, u32: an expression. The same frame gives the same number wherever in the program
 * it is computed, so that equal expressions are one object ({@link Values}). Immutable.
 *
 * <p>A partial value may be none at all: a load beyond the captured bytes, a division by zero. Where a program computes it, it
 * then ends with 0.
 */
final class Value {
    private static final long MAX_UNSIGNED = 0xFFFF_FFFFL;

    /** How a value comes about. */
    enum Kind {
        /** {@link #k}. */
        CONSTANT,
        /** The frame's length on the wire. */
        LENGTH,
        /** What is in the frame at {@link #k}, plus {@link #left} if there is one; {@link #code} is the size. */
        LOAD,
        /** Four times the low four bits of the frame's byte at {@link #k}. */
        HEADER,
        /** What an assignment on the way here set: the {@link #k}th variable. */
        VARIABLE,
        /** {@link #left} and, but for a negation, {@link #right}, with the operation {@link #code}. */
        ARITHMETIC,
        /** 1 if the comparison {@link #code} of {@link #left} and {@link #right} holds, else 0. */
        COMPARISON
    }

    final Kind kind;
    final int code;
    final int k;
    final @Nullable Value left;
    final @Nullable Value right;

    /** From 1, in the order of making: operands have smaller ones. */
    final int number;

    /** Nodes of the expression, written out. */
    final int weight;

    /** Bounds, unsigned. */
    final long min;

    /** Bounds, unsigned. */
    final long max;

    /** Bits that may be set. */
    final int bits;

    /** If it has been computed, then the frame has at least as many bytes. */
    final long reach;

    /** If the frame has as many bytes, the last step can't fail; operands can. */
    final long needs;

    /** Whether it or an operand is partial other than by loads from fixed places. */
    final boolean elusive;

    Value(
            final Kind kind,
            final int code,
            final int k,
            final @Nullable Value left,
            final @Nullable Value right,
            final int number) {
        this.kind = kind;
        this.code = code;
        this.k = k;
        this.left = left;
        this.right = right;
        this.number = number;
        weight = (int)
                Math.min(Integer.MAX_VALUE, 1L + (left == null ? 0 : left.weight) + (right == null ? 0 : right.weight));
        final long[] range = range();
        final int possible = possibleBits(range[1]);
        min = range[0];
        max = Math.min(range[1], Integer.toUnsignedLong(possible));
        bits = possible;
        needs = needs();
        reach = Math.max(ownReach(), Math.max(left == null ? 0 : left.reach, right == null ? 0 : right.reach));
        elusive = (isPartial() && (kind == Kind.ARITHMETIC || left != null))
                || (left != null && left.elusive)
                || (right != null && right.elusive);
    }

    boolean isConstant() {
        return kind == Kind.CONSTANT;
    }

    boolean isConstant(final int value) {
        return kind == Kind.CONSTANT && k == value;
    }

    /** Whether its last step can fail. */
    boolean isPartial() {
        return needs > 0;
    }

    /** Whether it is arithmetic with a constant, and which. */
    boolean is(final int operation) {
        return kind == Kind.ARITHMETIC && code == operation && right != null && right.isConstant();
    }

    /** The constant operand of what {@link #is} arithmetic with one. */
    int operand() {
        return right == null ? 0 : right.k;
    }

    /** The operand that must be there. */
    Value first() {
        if (left == null) {
            throw new IllegalStateException(kind + " has no operand");
        }
        return left;
    }

    /** The second operand that must be there. */
    Value second() {
        if (right == null) {
            throw new IllegalStateException(kind + " has no second operand");
        }
        return right;
    }

    /** Whether it is that value, or one of its operands contains it. */
    boolean contains(final Value value) {
        return this == value
                || (number > value.number
                        && ((left != null && left.contains(value)) || (right != null && right.contains(value))));
    }

    static int bytes(final int size) {
        return switch (size) {
            case BpfCode.W -> Integer.BYTES;
            case BpfCode.H -> Short.BYTES;
            default -> Byte.BYTES;
        };
    }

    private long end() {
        return Integer.toUnsignedLong(k) + (kind == Kind.LOAD ? bytes(code) : 1);
    }

    private long ownReach() {
        return switch (kind) {
            case LOAD -> end() + (left == null ? 0 : left.min);
            case HEADER -> end();
            default -> 0;
        };
    }

    private long needs() {
        return switch (kind) {
            case LOAD -> end() + (left == null ? 0 : left.max);
            case HEADER -> end();
            case ARITHMETIC -> (code == BpfCode.DIV || code == BpfCode.MOD) && second().min == 0 ? Long.MAX_VALUE : 0;
            default -> 0;
        };
    }

    private long[] range() {
        return switch (kind) {
            case CONSTANT -> new long[] {Integer.toUnsignedLong(k), Integer.toUnsignedLong(k)};
            case LOAD -> new long[] {0, MAX_UNSIGNED >>> (Integer.SIZE - Byte.SIZE * bytes(code))};
            case HEADER -> new long[] {0, 0x3C};
            case COMPARISON -> new long[] {0, 1};
            case ARITHMETIC -> arithmeticRange();
            default -> new long[] {0, MAX_UNSIGNED};
        };
    }

    private long[] arithmeticRange() {
        if (right == null) {
            return new long[] {0, MAX_UNSIGNED};
        }
        final Value a = first();
        final int shift = right.isConstant() ? right.k : 0;
        return switch (code) {
            case BpfCode.ADD ->
                a.max + right.max <= MAX_UNSIGNED
                        ? new long[] {a.min + right.min, a.max + right.max}
                        : new long[] {0, MAX_UNSIGNED};
            case BpfCode.AND -> new long[] {0, Math.min(a.max, right.max)};
            case BpfCode.RSH -> new long[] {a.min >>> (right.isConstant() ? shift : Integer.SIZE), a.max >>> shift};
            case BpfCode.LSH ->
                right.isConstant() && (a.max << shift) <= MAX_UNSIGNED
                        ? new long[] {a.min << shift, a.max << shift}
                        : new long[] {0, MAX_UNSIGNED};
            case BpfCode.DIV -> new long[] {right.max == 0 ? 0 : a.min / right.max, a.max / Math.max(1, right.min)};
            case BpfCode.MOD -> new long[] {0, Math.min(a.max, Math.max(1, right.max) - 1)};
            case BpfCode.OR -> new long[] {Math.max(a.min, right.min), MAX_UNSIGNED};
            default -> new long[] {0, MAX_UNSIGNED};
        };
    }

    private int possibleBits(final long largest) {
        final int below = largest == 0 ? 0 : -1 >>> Integer.numberOfLeadingZeros((int) largest);
        if (kind == Kind.CONSTANT) {
            return k;
        }
        if (kind == Kind.HEADER) {
            return 0x3C;
        }
        if (kind != Kind.ARITHMETIC || right == null) {
            return below;
        }
        final int a = first().bits;
        return below
                & switch (code) {
                    case BpfCode.AND -> a & right.bits;
                    case BpfCode.OR, BpfCode.XOR -> a | right.bits;
                    case BpfCode.LSH -> right.isConstant() ? a << right.k : -1;
                    case BpfCode.RSH -> right.isConstant() ? a >>> right.k : -1;
                    default -> -1;
                };
    }

    @Override
    public int hashCode() {
        return number;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case CONSTANT -> "#0x" + Integer.toHexString(k);
            case LENGTH -> "len";
            case LOAD -> "[" + (left == null ? "" : left + "+") + k + ":" + bytes(code) + "]";
            case HEADER -> "4*([" + k + "]&0xf)";
            case VARIABLE -> "v" + k;
            default -> "(" + left + " " + Integer.toHexString(code) + (right == null ? "" : " " + right) + ")";
        };
    }
}
