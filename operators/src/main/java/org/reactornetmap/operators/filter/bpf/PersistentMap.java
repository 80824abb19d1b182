package org.reactornetmap.operators.filter.bpf;

import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A map from ints that shares its parts with the map that it was made from: a radix tree that branches where keys differ first.
 * Immutable.
 *
 * @param <V> what keys lead to
 * @see <a href="https://www.cs.tufts.edu/~nr/cs257/archive/chris-okasaki/mergable.pdf">Okasaki, Gill: Fast Mergeable Integer
 *     Maps (1998)</a>
 */
final class PersistentMap<V> {
    /** In a branch: what its keys have in common above the bit. In a leaf: the key. */
    private final int prefix;

    /** In a branch: the highest bit in which its keys differ. In a leaf: 0. */
    private final int bit;

    private final @Nullable V value;
    private final @Nullable PersistentMap<V> zeros;
    private final @Nullable PersistentMap<V> ones;

    private PersistentMap(
            final int prefix,
            final int bit,
            final @Nullable V value,
            final @Nullable PersistentMap<V> zeros,
            final @Nullable PersistentMap<V> ones) {
        this.prefix = prefix;
        this.bit = bit;
        this.value = value;
        this.zeros = zeros;
        this.ones = ones;
    }

    /** What a key leads to, null if nothing. The map without keys is null. */
    static <V> @Nullable V get(final @Nullable PersistentMap<V> map, final int key) {
        PersistentMap<V> at = map;
        while (at != null && at.bit != 0) {
            at = (key & at.bit) == 0 ? at.zeros : at.ones;
        }
        return at != null && at.prefix == key ? at.value : null;
    }

    static <V> PersistentMap<V> put(final @Nullable PersistentMap<V> map, final int key, final V value) {
        final PersistentMap<V> leaf = new PersistentMap<>(key, 0, value, null, null);
        if (map == null) {
            return leaf;
        }
        if (map.covers(key)) {
            if (map.bit == 0) {
                return leaf;
            }
            return (key & map.bit) == 0
                    ? new PersistentMap<>(map.prefix, map.bit, null, put(map.zeros, key, value), map.ones)
                    : new PersistentMap<>(map.prefix, map.bit, null, map.zeros, put(map.ones, key, value));
        }
        return join(leaf, map);
    }

    /** The keys that are in both; where both are the same object they lead to the same, else to what is given. */
    static <V> @Nullable PersistentMap<V> common(
            final @Nullable PersistentMap<V> a,
            final @Nullable PersistentMap<V> b,
            final BinaryOperator<@Nullable V> merge) {
        if (a == b || a == null || b == null) {
            return a == b ? a : null;
        }
        if (a.bit == 0 || b.bit == 0) {
            final PersistentMap<V> leaf = a.bit == 0 ? a : b;
            final V one = get(a, leaf.prefix);
            final V other = get(b, leaf.prefix);
            final V both = one == null || other == null ? null : one == other ? one : merge.apply(one, other);
            return both == null ? null : new PersistentMap<>(leaf.prefix, 0, both, null, null);
        }
        if (a.bit == b.bit) {
            return a.prefix == b.prefix
                    ? branch(a, common(a.zeros, b.zeros, merge), common(a.ones, b.ones, merge))
                    : null;
        }
        if (Integer.compareUnsigned(a.bit, b.bit) < 0) {
            return a.isBelow(b) ? common(a, (a.prefix & b.bit) == 0 ? b.zeros : b.ones, merge) : null;
        }
        return b.isBelow(a) ? common((b.prefix & a.bit) == 0 ? a.zeros : a.ones, b, merge) : null;
    }

    private boolean isBelow(final PersistentMap<V> branch) {
        return above(prefix, branch.bit) == branch.prefix;
    }

    private boolean covers(final int key) {
        return bit == 0 ? key == prefix : above(key, bit) == prefix;
    }

    private static int above(final int key, final int bit) {
        return key & ~(bit | (bit - 1));
    }

    private static <V> @Nullable PersistentMap<V> branch(
            final PersistentMap<V> like,
            final @Nullable PersistentMap<V> zeros,
            final @Nullable PersistentMap<V> ones) {
        if (zeros == null || ones == null) {
            return zeros == null ? ones : zeros;
        }
        return zeros == like.zeros && ones == like.ones
                ? like
                : new PersistentMap<>(like.prefix, like.bit, null, zeros, ones);
    }

    private static <V> PersistentMap<V> join(final PersistentMap<V> a, final PersistentMap<V> b) {
        final int bit = Integer.highestOneBit(a.prefix ^ b.prefix);
        return (a.prefix & bit) == 0
                ? new PersistentMap<>(above(a.prefix, bit), bit, null, a, b)
                : new PersistentMap<>(above(a.prefix, bit), bit, null, b, a);
    }
}
