package org.reactornetmap.operators.filter.bpf;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes values, each once, in their simplest form. What is simplified away might have been partial: who asks for a value looks
 * to it that all is computed that the program computes.
 */
final class Values {
    private static final long MAX_UNSIGNED = 0xFFFF_FFFFL;
    private static final int NIBBLE = 0x0F;

    private final Map<Key, Value> all = new HashMap<>();
    private int variables;

    Value constant(final int k) {
        return make(Value.Kind.CONSTANT, 0, k, null, null);
    }

    Value length() {
        return make(Value.Kind.LENGTH, 0, 0, null, null);
    }

    /** A variable that is no other. */
    Value variable() {
        return make(Value.Kind.VARIABLE, 0, variables++, null, null);
    }

    /** How many variables there are. */
    int variables() {
        return variables;
    }

    Value header(final int k) {
        return make(Value.Kind.HEADER, 0, k, null, null);
    }

    Value load(final int size, final int k) {
        return make(Value.Kind.LOAD, size, k, null, null);
    }

    /** Offsets are added without wrapping round, sums in a register with it. */
    Value load(final int size, final Value index, final int k) {
        final long displacement = Integer.toUnsignedLong(k);
        if (index.isConstant() && index.max + displacement <= Integer.MAX_VALUE) {
            return load(size, index.k + k);
        }
        if (index.is(BpfCode.ADD)) {
            final long operand = Integer.toUnsignedLong(index.operand());
            if (index.first().max + operand <= MAX_UNSIGNED && operand + displacement <= MAX_UNSIGNED) {
                return load(size, index.first(), k + index.operand());
            }
        }
        return make(Value.Kind.LOAD, size, k, index, null);
    }

    /** A comparison of a form that {@link FilterGraph} has chosen. */
    Value comparison(final int operation, final Value left, final Value right) {
        return make(Value.Kind.COMPARISON, operation, 0, left, right);
    }

    Value negated(final Value value) {
        if (value.isConstant()) {
            return constant(-value.k);
        }
        return value.kind == Value.Kind.ARITHMETIC && value.right == null
                ? value.first()
                : make(Value.Kind.ARITHMETIC, BpfCode.NEG, 0, value, null);
    }

    /** Not for a division by the constant 0. */
    Value arithmetic(final int operation, final Value left, final Value right) {
        if (right.isConstant()) {
            return left.isConstant()
                    ? constant(BpfInterpreter.compute(operation, left.k, right.k))
                    : withConstant(operation, left, right.k);
        }
        final boolean commutative = isCommutative(operation);
        if (left.isConstant() && commutative) {
            return withConstant(operation, right, left.k);
        }
        final boolean shift = operation == BpfCode.LSH || operation == BpfCode.RSH;
        if (left.isConstant(0) && (shift || operation == BpfCode.SUB)) {
            return shift ? left : negated(right);
        }
        if (left == right && (operation == BpfCode.SUB || operation == BpfCode.XOR)) {
            return constant(0);
        }
        if (left == right && (operation == BpfCode.AND || operation == BpfCode.OR)) {
            return left;
        }
        return commutative && left.number > right.number
                ? make(Value.Kind.ARITHMETIC, operation, 0, right, left)
                : make(Value.Kind.ARITHMETIC, operation, 0, left, right);
    }

    static boolean isCommutative(final int operation) {
        return switch (operation) {
            case BpfCode.ADD, BpfCode.MUL, BpfCode.AND, BpfCode.OR, BpfCode.XOR -> true;
            default -> false;
        };
    }

    private Value withConstant(final int operation, final Value a, final int k) {
        return switch (operation) {
            case BpfCode.ADD -> plus(a, k);
            case BpfCode.SUB -> plus(a, -k);
            case BpfCode.MUL -> times(a, k);
            case BpfCode.DIV -> Integer.bitCount(k) == 1 ? shiftedRight(a, log2(k)) : plain(operation, a, k);
            case BpfCode.MOD -> Integer.bitCount(k) == 1 ? masked(a, k - 1) : plain(operation, a, k);
            case BpfCode.AND -> masked(a, k);
            case BpfCode.OR -> or(a, k);
            case BpfCode.XOR -> xor(a, k);
            case BpfCode.LSH -> shiftedLeft(a, k);
            case BpfCode.RSH -> shiftedRight(a, k);
            default -> throw new IllegalArgumentException("operation " + operation);
        };
    }

    private static int log2(final int power) {
        return Integer.numberOfTrailingZeros(power);
    }

    private Value plain(final int operation, final Value a, final int k) {
        return make(Value.Kind.ARITHMETIC, operation, 0, a, constant(k));
    }

    private Value plus(final Value a, final int k) {
        if (a.is(BpfCode.ADD)) {
            return plus(a.first(), a.operand() + k);
        }
        return k == 0 ? a : a.isConstant() ? constant(a.k + k) : plain(BpfCode.ADD, a, k);
    }

    private Value times(final Value a, final int k) {
        if (k == 0) {
            return constant(0);
        }
        return Integer.bitCount(k) == 1 ? shiftedLeft(a, log2(k)) : plain(BpfCode.MUL, a, k);
    }

    private Value masked(final Value a, final int mask) {
        final int kept = mask & a.bits;
        if (kept == 0) {
            return constant(0);
        }
        if (kept == a.bits) {
            return a;
        }
        if (a.is(BpfCode.AND)) {
            return masked(a.first(), kept & a.operand());
        }
        if (a.kind == Value.Kind.LOAD) {
            if (a.code != BpfCode.B && kept == 0xFF) {
                return narrower(a, BpfCode.B);
            }
            if (a.code == BpfCode.W && kept == 0xFFFF) {
                return narrower(a, BpfCode.H);
            }
        }
        return plain(BpfCode.AND, a, kept);
    }

    /** The low end of a load. */
    private Value narrower(final Value load, final int size) {
        final int skipped = Value.bytes(load.code) - Value.bytes(size);
        if (Integer.toUnsignedLong(load.k) + skipped > MAX_UNSIGNED) {
            return plain(BpfCode.AND, load, size == BpfCode.B ? 0xFF : 0xFFFF);
        }
        return make(Value.Kind.LOAD, size, load.k + skipped, load.left, null);
    }

    private Value or(final Value a, final int k) {
        if (a.is(BpfCode.OR)) {
            return or(a.first(), k | a.operand());
        }
        return k == 0 ? a : k == -1 ? constant(-1) : plain(BpfCode.OR, a, k);
    }

    private Value xor(final Value a, final int k) {
        if (a.is(BpfCode.XOR)) {
            return xor(a.first(), k ^ a.operand());
        }
        return k == 0 ? a : plain(BpfCode.XOR, a, k);
    }

    private Value shiftedLeft(final Value a, final int k) {
        if (k == 0) {
            return a;
        }
        if (Integer.compareUnsigned(k, Integer.SIZE) >= 0 || (a.bits << k) == 0) {
            return constant(0);
        }
        if (a.is(BpfCode.LSH) && a.operand() + k < Integer.SIZE) {
            return shiftedLeft(a.first(), a.operand() + k);
        }
        if (k == 2 && a.is(BpfCode.AND) && a.operand() == NIBBLE) {
            final Value load = a.first();
            if (load.kind == Value.Kind.LOAD && load.code == BpfCode.B && load.left == null) {
                return header(load.k);
            }
        }
        return plain(BpfCode.LSH, a, k);
    }

    private Value shiftedRight(final Value a, final int k) {
        if (k == 0) {
            return a;
        }
        if (Integer.compareUnsigned(k, Integer.SIZE) >= 0 || (a.bits >>> k) == 0) {
            return constant(0);
        }
        if (a.is(BpfCode.RSH) && a.operand() + k < Integer.SIZE) {
            return shiftedRight(a.first(), a.operand() + k);
        }
        return plain(BpfCode.RSH, a, k);
    }

    private Value make(
            final Value.Kind kind,
            final int code,
            final int k,
            final @Nullable Value left,
            final @Nullable Value right) {
        return all.computeIfAbsent(
                new Key(kind, code, k, left, right), key -> new Value(kind, code, k, left, right, all.size() + 1));
    }

    /** Values with the same one are the same. */
    private record Key(
            Value.Kind kind,
            int code,
            int k,
            @Nullable Value left,
            @Nullable Value right) {}
}
