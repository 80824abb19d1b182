package org.reactornetmap.operators.filter.bpf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A way through a program to a match: what fields of the frame must be for it, the first to be tested first. A frame may meet
 * all of that and match nothing; but what matches goes some way, and so meets all that the way asks.
 */
final class Way {
    /** Asks for nothing. */
    static final Way FREE = new Way(null, 0, null);

    /** More than a filter tests on one way, as a rule. */
    private static final int MAX_NEEDS = 16;

    private final @Nullable Field field;
    private final int value;
    private final @Nullable Way rest;
    private final int length;
    private final int hash;

    private Way(final @Nullable Field field, final int value, final @Nullable Way rest) {
        this.field = field;
        this.value = value;
        this.rest = rest;
        length = rest == null ? 0 : 1 + rest.length;
        hash = 31 * (31 * Objects.hashCode(field) + value) + Objects.hashCode(rest);
    }

    /** Values by field, in the order of the tests. */
    Map<Field, Integer> needs() {
        final Map<Field, Integer> needs = new LinkedHashMap<>();
        for (Way way = this; way != null && way.field != null; way = way.rest) {
            needs.put(way.field, way.value);
        }
        return needs;
    }

    /** This way after one test more at its beginning; null if no frame can go it. */
    @Nullable
    Way behind(final Field test, final int wanted) {
        for (Way way = this; way != null; way = way.rest) {
            if (test.equals(way.field)) {
                return way.value == wanted ? this : null;
            }
        }
        return new Way(test, wanted, length < MAX_NEEDS ? this : shortened());
    }

    /** This way without its last test. */
    Way shortened() {
        return rest == null || rest.rest == null ? FREE : new Way(field, value, rest.shortened());
    }

    @Override
    public boolean equals(final @Nullable Object other) {
        return other instanceof Way way
                && way.hash == hash
                && way.length == length
                && way.value == value
                && Objects.equals(way.field, field)
                && Objects.equals(way.rest, rest);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
