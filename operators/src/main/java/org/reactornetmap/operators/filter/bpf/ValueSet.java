package org.reactornetmap.operators.filter.bpf;

import java.util.SplittableRandom;

/**
 * A set of u32 values that is asked by two look-ups, however many they are (cuckoo hashing). A record, as HotSpot trusts the
 * fields of records: in compiled code they are constants. Immutable.
 *
 * @param table each value is in one of its two places; the other places hold one of the values too, so whatever is found is one
 * @param first odd multiplier that leads to a value's first place
 * @param second odd multiplier that leads to its second place
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ValueSet(int[] table, int first, int second) {
    private static final int TRIES = 8;
    private static final int MAX_MOVES = 100;

    /**
     * A set.
     *
     * @param values at least one, all different
     */
    static ValueSet of(final int[] values) {
        final SplittableRandom random = new SplittableRandom(values.length); // so the same values make the same set
        int size = 2 * Integer.highestOneBit(2 * values.length - 1);
        while (true) {
            for (int i = 0; i < TRIES; i++) {
                final ValueSet set = new ValueSet(new int[size], random.nextInt() | 1, random.nextInt() | 1);
                if (set.fill(values)) {
                    return set;
                }
            }
            size *= 2;
        }
    }

    private boolean fill(final int[] values) {
        final boolean[] taken = new boolean[table.length];
        for (final int value : values) {
            if (!put(value, taken)) {
                return false;
            }
        }
        for (int i = 0; i < table.length; i++) {
            if (!taken[i]) {
                table[i] = values[0];
            }
        }
        return true;
    }

    private boolean put(final int value, final boolean[] taken) {
        int homeless = value;
        int place = place(value, first);
        for (int move = 0; move < MAX_MOVES; move++) {
            if (!taken[place]) {
                taken[place] = true;
                table[place] = homeless;
                return true;
            }
            final int other = table[place];
            table[place] = homeless;
            homeless = other;
            place = place(other, first) == place ? place(other, second) : place(other, first);
        }
        return false;
    }

    private int place(final int value, final int multiplier) {
        return (value * multiplier) >>> (Integer.numberOfLeadingZeros(table.length) + 1);
    }

    /** Whether a value is one of them. */
    boolean contains(final int value) {
        return table[place(value, first)] == value || table[place(value, second)] == value;
    }
}
