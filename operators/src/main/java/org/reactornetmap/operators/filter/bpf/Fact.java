package org.reactornetmap.operators.filter.bpf;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a value.
 *
 * @param min the smallest that it may be, unsigned
 * @param max the largest that it may be, unsigned
 * @param zeros bits that are 0
 * @param ones bits that are 1
 * @param others what it is not
 */
record Fact(
        long min, long max, int zeros, int ones, @Nullable PersistentMap<Boolean> others) {
    private static final long MAX_UNSIGNED = 0xFFFF_FFFFL;

    static Fact of(final int value) {
        final long same = Integer.toUnsignedLong(value);
        return new Fact(same, same, ~value, value, null);
    }

    static Fact of(final Value value) {
        return value.isConstant() ? of(value.k) : new Fact(value.min, value.max, ~value.bits, 0, null);
    }

    private static Fact of(
            final long min,
            final long max,
            final int zeros,
            final int ones,
            final @Nullable PersistentMap<Boolean> others) {
        final long least = Math.max(min, Integer.toUnsignedLong(ones));
        final long most = Math.min(max, Integer.toUnsignedLong(~zeros));
        return least == most ? of((int) least) : new Fact(least, most, zeros, ones, others);
    }

    boolean isConstant() {
        return min == max;
    }

    private boolean mayBe(final int value) {
        final long wanted = Integer.toUnsignedLong(value);
        return wanted >= min
                && wanted <= max
                && (value & zeros) == 0
                && (~value & ones) == 0
                && PersistentMap.get(others, value) == null;
    }

    /** One of two facts is true. */
    @Nullable
    Fact or(final @Nullable Fact other) {
        if (other == null) {
            return null;
        }
        return new Fact(
                Math.min(min, other.min),
                Math.max(max, other.max),
                zeros & other.zeros,
                ones & other.ones,
                PersistentMap.common(others, other.others, (one, same) -> one));
    }

    /** Two facts are true. */
    Fact and(final Fact other) {
        final long least = Math.max(min, other.min);
        final long most = Math.min(max, other.max);
        return of(least, most, zeros | other.zeros, ones | other.ones, others == null ? other.others : others);
    }

    /** What follows for the value that was masked to this one. */
    Fact within(final int mask) {
        return of(min, MAX_UNSIGNED, zeros & mask, ones, null);
    }

    /** Knowing a comparison with a constant. */
    Fact knowing(final int operation, final int k, final boolean holds) {
        final long limit = Integer.toUnsignedLong(k);
        return switch (operation) {
            case BpfCode.JEQ -> holds ? of(k) : not(k, limit);
            case BpfCode.JGT ->
                holds ? of(limit + 1, max, zeros, ones, others) : of(min, Math.min(max, limit), zeros, ones, others);
            case BpfCode.JSET -> {
                if (!holds) {
                    yield of(min, max, zeros | k, ones, others);
                }
                final int possible = k & ~zeros;
                yield Integer.bitCount(possible) == 1 ? of(min, max, zeros, ones | possible, others) : this;
            }
            default -> this;
        };
    }

    private Fact not(final int k, final long limit) {
        return of(
                limit == min ? min + 1 : min,
                limit == max ? max - 1 : max,
                zeros,
                ones,
                PersistentMap.put(others, k, true));
    }

    /** What is known behind arithmetic with a constant. */
    Fact after(final int operation, final int k) {
        if (isConstant()) {
            return of(BpfInterpreter.compute(operation, (int) min, k));
        }
        return switch (operation) {
            case BpfCode.AND -> of(0, max, zeros | ~k, ones & k, null);
            case BpfCode.OR -> of(min, MAX_UNSIGNED, zeros & ~k, ones | k, null);
            case BpfCode.XOR -> of(0, MAX_UNSIGNED, (zeros & ~k) | (ones & k), (ones & ~k) | (zeros & k), null);
            case BpfCode.RSH -> of(min >>> k, max >>> k, (zeros >>> k) | ~(-1 >>> k), ones >>> k, null);
            case BpfCode.LSH -> of(0, MAX_UNSIGNED, (zeros << k) | ~(-1 << k), ones << k, null);
            case BpfCode.ADD ->
                max + Integer.toUnsignedLong(k) <= MAX_UNSIGNED
                        ? of(min + Integer.toUnsignedLong(k), max + Integer.toUnsignedLong(k), 0, 0, null)
                        : of(0, MAX_UNSIGNED, 0, 0, null);
            default -> of(0, MAX_UNSIGNED, 0, 0, null);
        };
    }

    /** Whether a comparison with another value holds: null if it is not known. */
    @Nullable
    Boolean holds(final int operation, final Fact other) {
        return switch (operation) {
            case BpfCode.JEQ -> known(isConstant() && min == other.min && other.isConstant(), !mayEqual(other));
            case BpfCode.JGT -> known(min > other.max, max <= other.min);
            default -> known((ones & other.ones) != 0, (~zeros & ~other.zeros) == 0);
        };
    }

    private static @Nullable Boolean known(final boolean always, final boolean never) {
        return (always || never) ? Boolean.valueOf(always) : null;
    }

    private boolean mayEqual(final Fact other) {
        return min <= other.max
                && max >= other.min
                && (ones & other.zeros) == 0
                && (zeros & other.ones) == 0
                && (!isConstant() || other.mayBe((int) min))
                && (!other.isConstant() || mayBe((int) other.min));
    }
}
