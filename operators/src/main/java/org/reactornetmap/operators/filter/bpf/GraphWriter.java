package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.filter.bpf.Scribe.Registers;
import org.reactornetmap.operators.filter.bpf.Scribe.Step;

/**
 * Writes a graph as a program. A value that a step needs is computed in front of it; a way on which a register holds it, or
 * what it is computed from, enters behind that.
 */
final class GraphWriter {
    private final FilterGraph graph;
    private final @Nullable Node[] steps;
    private final @Nullable Block[] blocks;
    private final @Nullable Cells cells;
    private final Map<OpKey, Op> ops = new HashMap<>();

    private GraphWriter(final FilterGraph graph, final Node root) {
        this.graph = graph;
        steps = graph.reachable(root);
        blocks = new Block[steps.length];
        cells = Cells.of(steps, graph.values().variables());
    }

    /**
     * Writes a graph.
     *
     * @param graph what made it
     * @param root its first step
     * @return null if there are too few memory cells for it
     */
    static @Nullable List<BpfInstruction> write(final FilterGraph graph, final Node root) {
        return new GraphWriter(graph, root).write(root);
    }

    private @Nullable List<BpfInstruction> write(final Node root) {
        if (cells == null) {
            return null;
        }
        for (int i = 0; i < steps.length; i++) {
            final Node node = steps[i];
            if (node != null) {
                blocks[i] = new Block(node);
            }
        }
        final Value zero = graph.values().constant(0);
        block(root).arrivals.add(new Arrival(new Registers(zero, zero)));
        for (int i = root.number; i >= 0; i--) {
            final Block block = blocks[i];
            if (block != null && !select(block, cells)) {
                return null;
            }
        }
        for (final Block block : blocks) {
            if (block != null) {
                sweep(block);
                string(block);
            }
        }
        return Layout.of(op(root, block(root).arrivals.get(0)));
    }

    private Block block(final Node node) {
        final Block block = blocks[node.number];
        if (block == null) {
            throw new IllegalStateException("nothing leads to " + node);
        }
        return block;
    }

    /** Chooses the instructions of a step. */
    private boolean select(final Block block, final Cells cells) {
        final Node node = block.node;
        Registers registers = block.arrivals.get(0).registers;
        for (final Arrival arrival : block.arrivals) {
            registers = registers.or(arrival.registers);
        }
        final Scribe scribe = new Scribe(cells, registers);
        switch (node.kind) {
            case VERDICT -> {
                if (node.value.isConstant()) {
                    scribe.add(BpfCode.RET, node.value.k, null);
                } else {
                    scribe.intoA(node.value);
                    scribe.add(BpfCode.RET | BpfCode.A, 0, null);
                }
            }
            case TEST -> compare(node.value, scribe);
            case CHECK -> scribe.compute(node.value);
            case ASSIGNMENT -> scribe.store(node.value, node.variable());
        }
        block.steps.addAll(scribe.steps());
        final Registers end = enter(block);
        if (node.yes != null) {
            block.yes = lead(node.yes, end);
        }
        if (node.no != null) {
            block.no = lead(node.no, end);
        }
        return !scribe.hasFailed();
    }

    private Arrival lead(final Node to, final Registers registers) {
        final Arrival arrival = new Arrival(registers);
        block(to).arrivals.add(arrival);
        return arrival;
    }

    private static void compare(final Value comparison, final Scribe scribe) {
        final Value left = comparison.first();
        final Value right = comparison.second();
        if (!right.isConstant()) {
            scribe.operands(left, right, comparison.code != BpfCode.JGT);
            scribe.add(BpfCode.JMP | comparison.code | BpfCode.X, 0, null);
            return;
        }
        scribe.intoA(left);
        if (comparison.code == BpfCode.JGT && (right.k & 1) != 0) {
            scribe.add(BpfCode.JMP | BpfCode.JGE, right.k + 1, null);
        } else {
            scribe.add(BpfCode.JMP | comparison.code, right.k, null);
        }
    }

    /**
     * Lets each way enter a step as late as what the registers hold on it allows, and drops what is in front of all of them.
     *
     * @return what the registers hold behind the step
     */
    private static Registers enter(final Block block) {
        final List<Step> all = block.steps;
        int first = Math.max(0, all.size() - 1);
        int live = 0;
        final int[] reads = new int[all.size()];
        for (int i = all.size() - 1; i >= 0; i--) {
            live = Liveness.before(all.get(i).code(), all.get(i).k(), live);
            reads[i] = live;
        }
        for (final Arrival arrival : block.arrivals) {
            int entry = Math.max(0, all.size() - 1);
            while (entry > 0 && !allows(arrival.registers, all, entry, reads[entry])) {
                entry--;
            }
            arrival.entry = entry;
            first = Math.min(first, entry);
        }
        Registers now = null;
        for (int i = 0; i < Math.max(1, all.size()); i++) {
            for (final Arrival arrival : block.arrivals) {
                if (arrival.entry == i) {
                    now = now == null ? arrival.registers : now.or(arrival.registers);
                }
            }
            if (now != null && i < all.size()) {
                now = now.after(all.get(i));
            }
        }
        block.first = first;
        if (now == null) {
            throw new IllegalStateException("no way leads to " + block.node);
        }
        return now;
    }

    private static boolean allows(final Registers registers, final List<Step> all, final int entry, final int reads) {
        final Registers wanted = all.get(entry).before();
        if (((reads & (1 << Liveness.A)) != 0 && (wanted.a() == null || wanted.a() != registers.a()))
                || ((reads & (1 << Liveness.X)) != 0 && (wanted.x() == null || wanted.x() != registers.x()))) {
            return false;
        }
        // A cell that is read but was written here before is none of a variable.
        for (final Step step : all.subList(0, entry)) {
            final boolean store = step.code() == BpfCode.ST || step.code() == BpfCode.STX;
            if (store && (reads & (1 << step.k())) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Finds instructions of a step whose results nothing reads. What follows it is done already. */
    private void sweep(final Block block) {
        int live = 0;
        if (block.yes != null) {
            live |= block(block.node.next()).reads[block.yes.entry];
        }
        if (block.no != null) {
            live |= block(block.node.otherwise()).reads[block.no.entry];
        }
        final int size = block.steps.size();
        block.reads = new int[size + 1];
        block.reads[size] = live;
        block.dead = new boolean[size];
        for (int i = size - 1; i >= 0; i--) {
            final Step step = block.steps.get(i);
            block.dead[i] = i < block.first || (step.isPure() && (Liveness.written(step.code(), step.k()) & live) == 0);
            if (!block.dead[i]) {
                live = Liveness.before(step.code(), step.k(), live);
            }
            block.reads[i] = live;
        }
    }

    /** Strings the instructions of a step together, in front of what follows it. */
    private void string(final Block block) {
        final int size = block.steps.size();
        final Node node = block.node;
        final Arrival yes = block.yes;
        final Arrival no = block.no;
        block.ops = new Op[size + 1];
        Op next = yes == null ? null : op(node.next(), yes);
        Op otherwise = no == null ? null : op(node.otherwise(), no);
        block.ops[size] = next;
        for (int i = size - 1; i >= 0; i--) {
            final Step step = block.steps.get(i);
            if (!block.dead[i] && (next == null || next != otherwise)) {
                next = make(step.code(), step.k(), next, otherwise);
            }
            otherwise = null;
            block.ops[i] = next;
        }
    }

    private Op op(final Node node, final Arrival arrival) {
        final Op op = block(node).ops[arrival.entry];
        if (op == null) {
            throw new IllegalStateException("nothing at " + node);
        }
        return op;
    }

    private Op make(final int code, final int k, final @Nullable Op next, final @Nullable Op otherwise) {
        return ops.computeIfAbsent(
                new OpKey(code, k, next, otherwise), key -> new Op(code, k, next, otherwise, ops.size()));
    }

    /** Instructions with the same one are the same. */
    private record OpKey(
            int code, int k, @Nullable Op next, @Nullable Op otherwise) {}

    /** A way to a step. */
    private static final class Arrival {
        private final Registers registers;

        /** The first instruction of the step that it needs. */
        private int entry;

        Arrival(final Registers registers) {
            this.registers = registers;
        }
    }

    /** The instructions of a step. */
    private static final class Block {
        private final Node node;
        private final List<Arrival> arrivals = new ArrayList<>();
        private final List<Step> steps = new ArrayList<>();
        private @Nullable Arrival yes;
        private @Nullable Arrival no;
        private int first;

        /** What is read from each instruction on. */
        private int[] reads = {};

        private boolean[] dead = {};

        /** By entry: what comes first. */
        private @Nullable Op[] ops = {};

        Block(final Node node) {
            this.node = node;
        }
    }
}
