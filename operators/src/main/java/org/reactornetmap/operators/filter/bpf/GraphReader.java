package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a program without loops into a graph: runs it with expressions in place of numbers. Where ways meet with different
 * expressions in a register or a cell that is still read, each way assigns a variable.
 */
final class GraphReader {
    /** An expression larger than this goes into a variable. */
    private static final int LARGE = 64;

    private static final int A = Liveness.A;
    private static final int X = Liveness.X;
    private static final int PLACES = Liveness.PLACES;

    private final List<BpfInstruction> program;
    private final FilterGraph graph;
    private final Values values;
    private final int[] live;

    /** By instruction that begins a block which something leads to. */
    private final @Nullable Block[] blocks;

    private GraphReader(final BpfProgram program, final FilterGraph graph) {
        this.program = program.instructions();
        this.graph = graph;
        values = graph.values();
        live = Liveness.of(this.program);
        blocks = new Block[this.program.size()];
    }

    /**
     * Reads a program.
     *
     * @param program one that does not loop
     * @param graph what makes the steps
     * @return its first step
     */
    static Node read(final BpfProgram program, final FilterGraph graph) {
        if (program.isLooping()) {
            throw new IllegalArgumentException("a program that loops is no graph");
        }
        return new GraphReader(program, graph).read();
    }

    private Node read() {
        final boolean[] leaders = leaders();
        final Value[] zeros = new Value[PLACES];
        Arrays.fill(zeros, values.constant(0));
        enter(0, zeros);
        for (int i = 0; i < program.size(); i++) {
            final Block block = blocks[i];
            if (block != null) {
                run(i, block, leaders);
            }
        }
        for (int i = program.size() - 1; i >= 0; i--) {
            final Block block = blocks[i];
            if (block != null) {
                block.node = node(block);
            }
        }
        return target(0);
    }

    private boolean[] leaders() {
        final boolean[] leaders = new boolean[program.size()];
        for (int i = 0; i < program.size(); i++) {
            final BpfInstruction each = program.get(i);
            if (each.isConditional()) {
                leaders[i + 1 + each.jt()] = true;
                leaders[i + 1 + each.jf()] = true;
            } else if (each.isJump()) {
                leaders[i + 1 + each.k()] = true;
            }
        }
        return leaders;
    }

    /** A way leads to a block, with what it left in each place. */
    private void enter(final int at, final Value[] places) {
        Block block = blocks[at];
        if (block == null) {
            block = new Block(places);
            blocks[at] = block;
        }
        block.enter(places, live[at]);
    }

    private void run(final int begin, final Block block, final boolean[] leaders) {
        final Value[] places = block.begin(values);
        int at = begin;
        while (true) {
            final BpfInstruction each = program.get(at);
            block.end = at;
            if (BpfCode.classOf(each.code()) == BpfCode.RET) {
                block.left = each.code() == BpfCode.RET ? values.constant(each.k()) : places[A];
                return;
            }
            if (each.isConditional()) {
                block.left = places[A];
                block.right = BpfCode.sourceOf(each.code()) == BpfCode.X ? places[X] : values.constant(each.k());
                block.places = places;
                enter(at + 1 + each.jt(), places);
                enter(at + 1 + each.jf(), places);
                return;
            }
            if (!each.isJump() && !step(each, places, block)) {
                block.left = values.constant(0);
                return;
            }
            at += 1 + (each.isJump() ? each.k() : 0);
            if (leaders[at]) {
                block.places = places;
                block.next = at;
                enter(at, places);
                return;
            }
        }
    }

    /** False if it ends the program with 0. */
    private boolean step(final BpfInstruction each, final Value[] places, final Block block) {
        final int code = each.code();
        final int k = each.k();
        switch (BpfCode.classOf(code)) {
            case BpfCode.LD -> places[A] = block.computed(loaded(code, k, places), values);
            case BpfCode.LDX -> places[X] = block.computed(loaded(code, k, places), values);
            case BpfCode.ST -> places[k] = places[A];
            case BpfCode.STX -> places[k] = places[X];
            case BpfCode.ALU -> {
                final int operation = BpfCode.operationOf(code);
                final Value operand = BpfCode.sourceOf(code) == BpfCode.X ? places[X] : values.constant(k);
                if (operation == BpfCode.NEG) {
                    places[A] = values.negated(places[A]);
                } else if (operation == BpfCode.DIV || operation == BpfCode.MOD) {
                    if (operand.isConstant(0)) {
                        return false;
                    }
                    block.check(values.arithmetic(operation, places[A], operand));
                    places[A] = values.arithmetic(operation, places[A], operand);
                } else {
                    places[A] = values.arithmetic(operation, places[A], operand);
                }
                places[A] = block.computed(places[A], values);
            }
            default ->
                places[code == (BpfCode.MISC | BpfCode.TAX) ? X : A] =
                        places[code == (BpfCode.MISC | BpfCode.TAX) ? A : X];
        }
        return true;
    }

    private Value loaded(final int code, final int k, final Value[] places) {
        return switch (BpfCode.modeOf(code)) {
            case BpfCode.IMM -> values.constant(k);
            case BpfCode.LEN -> values.length();
            case BpfCode.MEM -> places[k];
            case BpfCode.MSH -> values.header(k);
            case BpfCode.ABS -> values.load(BpfCode.sizeOf(code), k);
            default -> values.load(BpfCode.sizeOf(code), places[X], k);
        };
    }

    private Node node(final Block block) {
        final BpfInstruction last = program.get(block.end);
        final Value left = block.left;
        Node node;
        if (left == null) {
            node = way(block, block.next);
        } else if (block.right == null) {
            node = graph.verdict(left);
        } else {
            node = graph.test(
                    BpfCode.operationOf(last.code()),
                    left,
                    block.right,
                    way(block, block.end + 1 + last.jt()),
                    way(block, block.end + 1 + last.jf()));
        }
        for (int i = block.computed.size() - 1; i >= 0; i--) {
            final Value variable = block.variables.get(i);
            final Value value = block.computed.get(i);
            node = variable == null ? graph.check(value, node) : graph.assignment(variable, value, node);
        }
        return node;
    }

    /** From the end of a block to another, which may have variables to set. */
    private Node way(final Block from, final int to) {
        final Block block = blocks[to];
        Node node = target(to);
        if (block != null) {
            for (int place = 0; place < PLACES; place++) {
                final Value variable = block.merged[place];
                if (variable != null) {
                    node = graph.assignment(variable, from.places[place], node);
                }
            }
        }
        return node;
    }

    private Node target(final int at) {
        final Block block = blocks[at];
        if (block == null || block.node == null) {
            throw new IllegalStateException("nothing at " + at);
        }
        return block.node;
    }

    /** Instructions that are run one after the other, without their registers. */
    private static final class Block {
        /** What is in each place at its begin: null if it depends on the way. */
        private final @Nullable Value[] entry;

        private final @Nullable Value[] merged = new Value[PLACES];

        /** Partial values, or what a variable is set to, in order. */
        private final List<Value> computed = new ArrayList<>();

        /** For each computed value, the variable that it is for. */
        private final List<@Nullable Value> variables = new ArrayList<>();

        private int live;

        /** What is in each place at its end. */
        private Value[] places = {};

        private @Nullable Value left;
        private @Nullable Value right;
        private int end;
        private int next;
        private @Nullable Node node;

        Block(final Value[] places) {
            entry = places.clone();
        }

        void enter(final Value[] from, final int live) {
            this.live = live;
            for (int place = 0; place < PLACES; place++) {
                if (entry[place] != from[place]) {
                    entry[place] = null;
                }
            }
        }

        Value[] begin(final Values values) {
            final Value[] begun = new Value[PLACES];
            for (int place = 0; place < PLACES; place++) {
                final Value known = entry[place];
                if (known != null) {
                    begun[place] = known;
                } else if ((live & (1 << place)) == 0) {
                    begun[place] = values.constant(0);
                } else {
                    begun[place] = values.variable();
                    merged[place] = begun[place];
                }
            }
            return begun;
        }

        void check(final Value value) {
            computed.add(value);
            variables.add(null);
        }

        /** What stands for a value from here on. */
        Value computed(final Value value, final Values values) {
            if (value.isPartial() && value.kind != Value.Kind.ARITHMETIC) {
                check(value);
            }
            if (value.weight <= LARGE) {
                return value;
            }
            final Value variable = values.variable();
            computed.add(value);
            variables.add(variable);
            return variable;
        }
    }
}
