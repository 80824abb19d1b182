package org.reactornetmap.operators.filter.bpf;

import java.util.List;

/**
 * Makes a program shorter that gives the same verdict on every frame, cut off or not. Any thread.
 */
public final class BpfOptimizer {
    /** Longer ones stay as they are: no filter needs so many, and those that have as many take seconds. */
    static final int MAX_INSTRUCTIONS = 1 << 15;

    /** Rounds in which a graph may become simpler. */
    private static final int ROUNDS = 8;

    private BpfOptimizer() {}

    /**
     * Makes a program shorter.
     *
     * @param program any
     * @return one that is no longer and returns the same for the same frame; the same object if it can't be made shorter
     */
    public static BpfProgram optimize(final BpfProgram program) {
        if (program.isLooping() || program.length() > MAX_INSTRUCTIONS) {
            return program;
        }
        BpfProgram shortest = program;
        while (true) {
            final BpfProgram shorter = rewritten(shortest);
            if (shorter.length() >= shortest.length()) {
                return shortest;
            }
            shortest = shorter;
        }
    }

    private static BpfProgram rewritten(final BpfProgram program) {
        final FilterGraph graph = new FilterGraph(new Values());
        final List<BpfInstruction> instructions =
                GraphWriter.write(graph, simplified(graph, GraphReader.read(program, graph)));
        return instructions == null ? program : BpfProgram.of(instructions);
    }

    /** The same filter in its simplest form. */
    static Node simplified(final FilterGraph graph, final Node root) {
        return settled(graph, GraphFolder.fold(graph, settled(graph, root), true));
    }

    private static Node settled(final FilterGraph graph, final Node root) {
        Node before = root;
        for (int round = 0; round < ROUNDS; round++) {
            final Node after = GraphSorter.sort(graph, GraphFolder.fold(graph, before, false));
            if (after == before) {
                break;
            }
            before = after;
        }
        return before;
    }
}
