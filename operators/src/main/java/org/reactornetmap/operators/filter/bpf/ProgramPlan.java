package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a program is written as methods: which comparisons become one choice, and which method each instruction is in. HotSpot
 * does not compile methods of more than 8,000 bytes, so a long program has several parts, each a method.
 */
final class ProgramPlan {
    /** Estimated bytes of a method, with room for its exits. */
    private static final int PART_BYTES = 6_500;

    /** So many comparisons with one value become a choice. */
    private static final int SHORTEST_CHOICE = 4;

    /** So many values that lead to one place become a set. */
    private static final int SMALLEST_SET = 8;

    /** So many values at most become a switch. */
    private static final int LONGEST_SWITCH = 300;

    final ProgramFacts facts;

    /** The choice that begins with an instruction. */
    final @Nullable Choice[] choices;

    /** Comparisons that a choice before them makes. */
    final boolean[] merged;

    /** The part that an instruction is in. */
    final int[] part;

    final int parts;

    /** The sets of all choices, by number. */
    final List<ValueSet> sets = new ArrayList<>();

    ProgramPlan(final ProgramFacts facts) {
        this.facts = facts;
        choices = new Choice[facts.count];
        merged = new boolean[facts.count];
        for (int i = 0; i < facts.count; i++) {
            if (isEquality(i) && facts.reached[i] && !merged[i]) {
                choices[i] = choice(i);
            }
        }
        part = new int[facts.count];
        parts = split();
    }

    private boolean isEquality(final int at) {
        return facts.codes[at] == (BpfCode.JMP | BpfCode.JEQ | BpfCode.K) && facts.outcome[at] < 0;
    }

    /** The choice that a chain of comparisons makes, if it is long enough. */
    private @Nullable Choice choice(final int first) {
        final List<Integer> chain = new ArrayList<>();
        final Map<Integer, List<Integer>> valuesByTarget = new LinkedHashMap<>();
        final Set<Integer> seen = new HashSet<>();
        int cases = 0;
        int at = first;
        do {
            if (seen.add(facts.ks[at])) {
                final List<Integer> values = valuesByTarget.computeIfAbsent(facts.onTrue[at], any -> new ArrayList<>());
                values.add(facts.ks[at]);
                cases += values.size() < SMALLEST_SET ? 1 : values.size() == SMALLEST_SET ? 1 - SMALLEST_SET : 0;
            }
            chain.add(at);
            at = facts.onFalse[at];
        } while (cases < LONGEST_SWITCH && isEquality(at) && facts.ways[at] == 1 && facts.reached[at]);
        if (chain.size() < SHORTEST_CHOICE) {
            return null;
        }
        chain.subList(1, chain.size()).forEach(each -> merged[each] = true);
        return choice(valuesByTarget, at);
    }

    private Choice choice(final Map<Integer, List<Integer>> valuesByTarget, final int otherwise) {
        final SortedMap<Integer, Integer> targets = new TreeMap<>();
        final SortedMap<Integer, Integer> cases = new TreeMap<>();
        valuesByTarget.forEach((target, values) -> {
            if (values.size() < SMALLEST_SET) {
                values.forEach(value -> cases.put(value, target));
            } else {
                targets.put(sets.size(), target);
                sets.add(ValueSet.of(values.stream().mapToInt(Integer::intValue).toArray()));
            }
        });
        return new Choice(targets, cases, otherwise);
    }

    /** Gives each instruction its part, and returns how many there are. What a jump leads back over stays together. */
    private int split() {
        final boolean[] looping = insideLoops();
        int number = 0;
        int bytes = 0;
        int from = 0;
        while (from < part.length) {
            int to = from;
            int size = 0;
            do {
                size += bytes(to++);
            } while (to < part.length && looping[to]);
            bytes += size;
            if (bytes > PART_BYTES && from > 0) {
                number++;
                bytes = size;
            }
            Arrays.fill(part, from, to, number);
            from = to;
        }
        return number + 1;
    }

    /** Instructions behind the first of a loop, up to the last. */
    private boolean[] insideLoops() {
        final boolean[] inside = new boolean[facts.count];
        int head = facts.count;
        for (int i = facts.count - 1; i >= 0; i--) {
            if (facts.isJumpBack(i)) {
                head = Math.min(head, facts.onFalse[i]);
            }
            inside[i] = i > head;
            if (i == head) {
                head = facts.count;
            }
        }
        return inside;
    }

    private int bytes(final int at) {
        if (merged[at] || !facts.reached[at]) {
            return 0;
        }
        final Choice choice = choices[at];
        if (choice != null) {
            return 24 + 20 * choice.sets.size() + 12 * choice.cases.size();
        }
        return switch (BpfCode.classOf(facts.codes[at])) {
            case BpfCode.LD, BpfCode.LDX -> 48;
            case BpfCode.ALU, BpfCode.JMP -> 16;
            default -> 4;
        };
    }

    /**
     * Leads to an instruction by the value of A.
     *
     * @param sets by their numbers, the instruction that their values lead to; no value is in two
     * @param cases by value, the instruction that it leads to
     * @param otherwise the instruction for all other values
     */
    record Choice(SortedMap<Integer, Integer> sets, SortedMap<Integer, Integer> cases, int otherwise) {}
}
