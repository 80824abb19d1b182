package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the ways through a program by running it without a frame, both sides of each test that can't be decided. Only tests
 * for equality are kept, as they can be looked up; what else a way needs is left to the program itself. So it may forget as
 * it likes, and does where a program is too long or branches too much: a shorter way only lets more frames through to it.
 */
final class WayFinder {
    private static final int MAX_WAYS = 256;
    private static final int MAX_STEPS = 1 << 15;
    private static final int MAX_DEPTH = 256;
    /** Where nothing is known: any frame may match. */
    static final Set<Way> ANY = Set.of(Way.FREE);

    private final List<BpfInstruction> instructions;
    private final Map<State, Set<Way>> known = new HashMap<>();
    private int steps;

    private WayFinder(final BpfProgram program) {
        instructions = program.instructions();
    }

    /** All ways to a match; none if nothing matches, a free one if it can't be told. */
    static Set<Way> waysOf(final BpfProgram program) {
        return program.isLooping() ? ANY : new WayFinder(program).waysFrom(State.START, 0);
    }

    private Set<Way> waysFrom(final State from, final int depth) {
        final State state = from.advance(instructions);
        final BpfInstruction end = instructions.get(state.at);
        if (BpfCode.classOf(end.code()) == BpfCode.RET) {
            final Known verdict = end.code() == BpfCode.RET ? new Known.Constant(end.k()) : state.a;
            return new Known.Constant(0).equals(verdict) ? Set.of() : ANY;
        }
        final Set<Way> before = known.get(state);
        if (before != null) {
            return before;
        }
        if (depth == MAX_DEPTH || steps > MAX_STEPS) {
            return ANY;
        }
        final Set<Way> found = branch(end, state, depth + 1);
        known.put(state, found);
        steps += 1 + found.size();
        return found;
    }

    private Set<Way> branch(final BpfInstruction test, final State state, final int depth) {
        final State yes = state.at(state.at + 1 + test.jt());
        final State no = state.at(state.at + 1 + test.jf());
        final Known operand = BpfCode.sourceOf(test.code()) == BpfCode.X ? state.x : new Known.Constant(test.k());
        if (operand instanceof Known.Constant right) {
            final int k = right.value();
            if (state.a instanceof Known.Constant left) {
                return waysFrom(
                        BpfInterpreter.holds(BpfCode.operationOf(test.code()), left.value(), k) ? yes : no, depth);
            }
            if (state.a instanceof Field field) {
                switch (BpfCode.operationOf(test.code())) {
                    case BpfCode.JEQ -> {
                        return field.takes(k)
                                ? join(behind(field, k, waysFrom(yes, depth)), waysFrom(no, depth))
                                : waysFrom(no, depth);
                    }
                    case BpfCode.JSET -> {
                        final Field bits = field.masked(k);
                        final Set<Way> set = waysFrom(yes, depth);
                        return join(
                                Integer.bitCount(bits.mask()) == 1 ? behind(bits, bits.mask(), set) : set,
                                behind(bits, 0, waysFrom(no, depth)));
                    }
                    default -> {
                        // Ranges can't be looked up.
                    }
                }
            }
        }
        return join(waysFrom(yes, depth), waysFrom(no, depth));
    }

    private static Set<Way> behind(final Field field, final int value, final Collection<Way> ways) {
        return ways.stream()
                .map(way -> way.behind(field, value))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<Way> join(final Set<Way> some, final Set<Way> others) {
        Set<Way> all =
                Stream.concat(some.stream(), others.stream()).collect(Collectors.toCollection(LinkedHashSet::new));
        while (all.size() > MAX_WAYS) {
            all = all.stream().map(Way::shortened).collect(Collectors.toCollection(LinkedHashSet::new));
        }
        return all.contains(Way.FREE) ? ANY : all;
    }

    /** Where the machine is, and what is known of its registers and cells there. */
    private record State(int at, Known a, Known x, List<Known> cells) {
        private static final Known ZERO = new Known.Constant(0);
        static final State START = new State(0, ZERO, ZERO, Collections.nCopies(BpfCode.MEMWORDS, ZERO));

        State at(final int target) {
            return new State(target, a, x, cells);
        }

        /** On to the next test or end. */
        State advance(final List<BpfInstruction> instructions) {
            State state = this;
            while (true) {
                final BpfInstruction each = instructions.get(state.at);
                if (each.isConditional() || BpfCode.classOf(each.code()) == BpfCode.RET) {
                    return state;
                }
                state = state.after(each);
            }
        }

        private State after(final BpfInstruction each) {
            final int next = at + 1;
            return switch (BpfCode.classOf(each.code())) {
                case BpfCode.LD -> new State(next, loaded(each), x, cells);
                case BpfCode.LDX -> new State(next, a, loaded(each), cells);
                case BpfCode.ST -> new State(next, a, x, with(each.k(), a));
                case BpfCode.STX -> new State(next, a, x, with(each.k(), x));
                case BpfCode.ALU -> new State(next, computed(each), x, cells);
                case BpfCode.JMP -> at(next + each.k());
                default ->
                    each.code() == (BpfCode.MISC | BpfCode.TAX)
                            ? new State(next, a, a, cells)
                            : new State(next, x, x, cells);
            };
        }

        private List<Known> with(final int cell, final Known content) {
            final List<Known> changed = new ArrayList<>(cells);
            changed.set(cell, content);
            return List.copyOf(changed);
        }

        private Known loaded(final BpfInstruction load) {
            final int size = BpfCode.sizeOf(load.code());
            final int k = load.k();
            return switch (BpfCode.modeOf(load.code())) {
                case BpfCode.IMM -> new Known.Constant(k);
                case BpfCode.MEM -> cells.get(k);
                case BpfCode.ABS -> k < 0 ? Known.NOTHING : Field.of(size, Field.FIXED, k);
                case BpfCode.IND -> k < 0 ? Known.NOTHING : indirect(size, k);
                case BpfCode.MSH -> k < 0 ? Known.NOTHING : new Known.HeaderLength(k);
                default -> Known.NOTHING;
            };
        }

        private Known indirect(final int size, final int k) {
            if (x instanceof Known.HeaderLength length) {
                return Field.of(size, length.offset(), k);
            }
            final boolean near =
                    x instanceof Known.Constant base && base.value() >= 0 && base.value() <= Integer.MAX_VALUE - k;
            return near ? Field.of(size, Field.FIXED, ((Known.Constant) x).value() + k) : Known.NOTHING;
        }

        private Known computed(final BpfInstruction each) {
            final boolean masks = each.code() == (BpfCode.ALU | BpfCode.AND | BpfCode.K);
            return masks && a instanceof Field field ? field.masked(each.k()) : Known.NOTHING;
        }
    }
}
