package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of a graph that leads a frame to the programs that may match it. It reads one field; the value leads to the ways that
 * ask for it, in one look-up however many there are, and beside them it is always left open to the ways that don't ask for the
 * field at all. Immutable, any thread.
 */
final class WayIndex {
    private static final int[] NONE = {};

    /** Programs with a way that ends here, ascending. */
    final int[] programs;

    /** The first of the programs that this leads to. */
    final int lowest;

    /** What to read; null if there is nothing further on. */
    final @Nullable Field field;

    /** The ways that don't ask for the field; null if there are none. */
    final @Nullable WayIndex others;

    // Open addressing: the slot of a value or, from there on, the next one that is free.
    private final int[] values;
    private final @Nullable WayIndex[] behind;
    private final int shift;

    private WayIndex(
            final int[] programs,
            final @Nullable Field field,
            final Map<Integer, WayIndex> byValue,
            final @Nullable WayIndex others) {
        this.programs = programs;
        this.field = field;
        this.others = others;
        final int bits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * byValue.size());
        shift = Integer.SIZE - Math.max(1, bits);
        values = new int[1 << (Integer.SIZE - shift)];
        behind = new WayIndex[values.length];
        int first = programs.length == 0 ? Integer.MAX_VALUE : programs[0];
        first = others == null ? first : Math.min(first, others.lowest);
        for (final Map.Entry<Integer, WayIndex> each : byValue.entrySet()) {
            int at = slot(each.getKey());
            while (behind[at] != null) {
                at = (at + 1) & (values.length - 1);
            }
            values[at] = each.getKey();
            behind[at] = each.getValue();
            first = Math.min(first, each.getValue().lowest);
        }
        lowest = first;
    }

    private int slot(final int value) {
        return (value * 0x9E3779B9) >>> shift;
    }

    /** Where a value of the field leads; null if no way asks for it. */
    @Nullable
    WayIndex at(final int value) {
        int at = slot(value);
        WayIndex found = behind[at];
        while (found != null && values[at] != value) {
            at = (at + 1) & (values.length - 1);
            found = behind[at];
        }
        return found;
    }

    /** The graph of many programs' ways. */
    static WayIndex of(final List<Set<Way>> waysOfPrograms) {
        final List<Entry> entries = new ArrayList<>();
        for (int program = 0; program < waysOfPrograms.size(); program++) {
            for (final Way way : waysOfPrograms.get(program)) {
                entries.add(new Entry(program, way.needs()));
            }
        }
        return of(entries, Set.of());
    }

    private static WayIndex of(final List<Entry> entries, final Set<Field> read) {
        final Tally tally = new Tally(entries, read);
        final Map<Field, Map<Integer, WayIndex>> chain = new LinkedHashMap<>();
        List<Entry> rest = entries;
        for (Field field = tally.best(); field != null; field = tally.best()) {
            final Set<Field> readNow = new HashSet<>(read);
            readNow.add(field);
            final Map<Integer, List<Entry>> byValue = new TreeMap<>();
            final List<Entry> without = new ArrayList<>();
            for (final Entry each : rest) {
                final Integer value = each.needs.get(field);
                if (value == null) {
                    without.add(each);
                } else {
                    byValue.computeIfAbsent(value, any -> new ArrayList<>()).add(each);
                    tally.remove(each);
                }
            }
            final Map<Integer, WayIndex> nodes = new TreeMap<>();
            byValue.forEach((value, ways) -> nodes.put(value, of(ways, readNow)));
            chain.put(field, nodes);
            rest = without;
        }
        return linked(chain, rest);
    }

    /** One node for each field, each beside the next, and at the end one for what asks for no field. */
    private static WayIndex linked(final Map<Field, Map<Integer, WayIndex>> chain, final List<Entry> rest) {
        WayIndex last = rest.isEmpty() && !chain.isEmpty()
                ? null
                : new WayIndex(
                        rest.stream()
                                .mapToInt(Entry::program)
                                .sorted()
                                .distinct()
                                .toArray(),
                        null,
                        Map.of(),
                        null);
        final List<Field> fields = new ArrayList<>(chain.keySet());
        Collections.reverse(fields);
        for (final Field field : fields) {
            last = new WayIndex(NONE, field, chain.getOrDefault(field, Map.of()), last);
        }
        return Objects.requireNonNull(last, "never null: without a field there is a last node");
    }

    /** A way to a match of one program. */
    private record Entry(int program, Map<Field, Integer> needs) {}

    /** How many ways ask for which value of which field. */
    private static final class Tally {
        private final Map<Field, Map<Integer, Integer>> counts = new LinkedHashMap<>();
        private final Set<Field> read;

        Tally(final List<Entry> entries, final Set<Field> read) {
            this.read = read;
            for (final Entry each : entries) {
                each.needs.forEach((field, value) -> {
                    if (!read.contains(field)) {
                        counts.computeIfAbsent(field, any -> new HashMap<>()).merge(value, 1, Integer::sum);
                    }
                });
            }
        }

        void remove(final Entry entry) {
            entry.needs.forEach((field, value) -> {
                if (!read.contains(field)) {
                    counts.computeIfPresent(field, (same, values) -> {
                        values.computeIfPresent(value, (equal, count) -> count == 1 ? null : count - 1);
                        return values.isEmpty() ? null : values;
                    });
                }
            });
        }

        /** The field that spares the most programs. Null if none spares one, as reading it costs about as much. */
        @Nullable
        Field best() {
            Field best = null;
            double most = 1;
            for (final Map.Entry<Field, Map<Integer, Integer>> each : counts.entrySet()) {
                final double spared = spared(each.getValue());
                if (spared > most || (spared == most && best == null)) {
                    best = each.getKey();
                    most = spared;
                }
            }
            return best;
        }

        /** If all values that are asked for, and one more, are as likely as each other. */
        private static double spared(final Map<Integer, Integer> values) {
            final double ways =
                    values.values().stream().mapToInt(count -> count).sum();
            return ways - ways / (1 + values.size());
        }
    }
}
