package org.reactornetmap.operators.filter.bpf;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of a graph that leads a frame to the programs that may match it. It reads one field; the value leads to the ways that
 * ask for it, in one look-up however many there are, and from these on, or at once if there are none, to the ways that don't ask
 * for the field at all. So a frame goes from node to node until there is none. At some of them programs are named. Immutable,
 * any thread.
 */
final class WayIndex {
    /** Says that the frame ends before the field does. No u32. */
    private static final long ABSENT = -1;

    private static final int[] NONE = {};

    /** Programs whose ways end here, ascending. Where some are named, no field is read. */
    final int[] programs;

    /** The first of the programs that are named from here on. */
    final int lowest;

    /** Where a frame goes on that has none of the values. */
    final @Nullable WayIndex others;

    // The field, taken apart: a node is all that a step has to load.
    private final int bytes;
    private final int header;
    private final int offset;
    private final int mask;

    // Open addressing: the slot of a value or, from there on, the next one that is free.
    private final int[] values;
    private final WayIndex[] behind;
    private final int shift;

    /** A node that names programs. */
    private WayIndex(final int[] programs, final @Nullable WayIndex next) {
        this(programs, new Field(0, Field.FIXED, 0, 0), Map.of(), next);
    }

    /** A node that reads a field. */
    private WayIndex(final Field field, final Map<Integer, WayIndex> byValue, final @Nullable WayIndex others) {
        this(NONE, field, byValue, others);
    }

    private WayIndex(
            final int[] programs,
            final Field field,
            final Map<Integer, WayIndex> byValue,
            final @Nullable WayIndex others) {
        this.programs = programs;
        this.others = others;
        bytes = field.bytes();
        header = field.header();
        offset = field.offset();
        mask = field.mask();
        shift = Integer.SIZE - Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(2 * byValue.size()));
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

    /** The next node for a frame. */
    @Nullable
    <F> WayIndex next(final FrameReader<F> reader, final F frame, final int start, final int captured) {
        final long read = read(reader, frame, start, captured);
        if (read == ABSENT) {
            return others;
        }
        final int value = (int) read;
        int at = slot(value);
        WayIndex found = behind[at];
        while (found != null && values[at] != value) {
            at = (at + 1) & (values.length - 1);
            found = behind[at];
        }
        return found == null ? others : found;
    }

    /** The field's value, u32, or {@link #ABSENT}. */
    private <F> long read(final FrameReader<F> reader, final F frame, final int start, final int captured) {
        if (bytes == 0) {
            return ABSENT;
        }
        long at = offset;
        if (header != Field.FIXED) {
            if (header >= captured) {
                return ABSENT;
            }
            at += (reader.u8(frame, start + header) & 0x0F) << 2;
        }
        if (at + bytes > captured) {
            return ABSENT;
        }
        final int from = start + (int) at;
        final int value =
                switch (bytes) {
                    case Integer.BYTES -> reader.u32(frame, from);
                    case Short.BYTES -> reader.u16(frame, from);
                    default -> reader.u8(frame, from);
                };
        return Integer.toUnsignedLong(value & mask);
    }

    /** The graph of many programs' ways; null if there is none. */
    static @Nullable WayIndex of(final List<Set<Way>> waysOfPrograms) {
        final List<Entry> entries = new ArrayList<>();
        for (int program = 0; program < waysOfPrograms.size(); program++) {
            for (final Way way : waysOfPrograms.get(program)) {
                entries.add(new Entry(program, way.needs()));
            }
        }
        return of(entries, Set.of(), null);
    }

    /**
     * One node for each field that is worth reading, each before the next, then one that names the programs whose ways ask for
     * none of them, then what comes behind all that.
     */
    private static @Nullable WayIndex of(
            final List<Entry> entries, final Set<Field> read, final @Nullable WayIndex behind) {
        final Tally tally = new Tally(entries, read);
        final Map<Field, Map<Integer, List<Entry>>> chain = new LinkedHashMap<>();
        List<Entry> rest = entries;
        for (Field field = tally.best(); field != null; field = tally.best()) {
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
            chain.put(field, byValue);
            rest = without;
        }
        WayIndex next = rest.isEmpty()
                ? behind
                : new WayIndex(
                        rest.stream()
                                .mapToInt(Entry::program)
                                .sorted()
                                .distinct()
                                .toArray(),
                        behind);
        final List<Field> fields = new ArrayList<>(chain.keySet());
        Collections.reverse(fields);
        for (final Field field : fields) {
            final WayIndex others = next;
            final Set<Field> readNow = new HashSet<>(read);
            readNow.add(field);
            final Map<Integer, WayIndex> nodes = new TreeMap<>();
            chain.getOrDefault(field, Map.of())
                    .forEach((value, ways) -> nodes.put(value, requireNonNull(of(ways, readNow, others))));
            next = new WayIndex(field, nodes, others);
        }
        return next;
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
