package org.reactornetmap.operators.filter.bpf;

import java.util.List;

/**
 * Makes programs shorter: what they return for a frame stays the same, cut off or not. Any thread; keeps nothing.
 *
 * <p>A program is read as a graph of decisions on values ({@link GraphReader}), made simpler ({@link GraphFolder},
 * {@link GraphSorter}) and written again ({@link GraphWriter}), until it gets no shorter. It takes some 30 µs for a typical
 * filter, 20 ms for a list of 1,000 source hosts (15,000 instructions), and seconds for what has hundreds of thousands,
 * twenty at worst.
 *
 * <p>libpcap's optimiser leaves out loads whose values decide nothing, and changes the order of others. So a frame that is cut
 * off within what the program looks at may get another verdict than before. Here a load stays if nothing else rejects such a
 * frame. That costs an instruction or three: {@code host a or b} looks at the source address again after the destination.
 */
public final class BpfOptimizer {
    /** Longer ones stay as they are, which bounds time and memory. A list of 17,000 hosts has as many. */
    static final int MAX_INSTRUCTIONS = 1 << 19;

    /** Rounds in which a graph may become simpler. */
    private static final int ROUNDS = 8;

    private BpfOptimizer() {}

    /**
     * Makes a program shorter. One that loops, is longer than 524,288 instructions, or loads from negative offsets, where Linux
     * has extensions for programs of sockets, stays as it is.
     *
     * @param program any
     * @return a program that returns the same for the same frame; the same object if it does not get shorter
     */
    public static BpfProgram optimize(final BpfProgram program) {
        if (program.isLooping()
                || program.length() > MAX_INSTRUCTIONS
                || program.instructions().stream().anyMatch(BpfOptimizer::asksLinux)) {
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

    /** No frame has bytes there, but Linux answers loads from there with something else, such as the interface's number. */
    private static boolean asksLinux(final BpfInstruction each) {
        return BpfCode.classOf(each.code()) <= BpfCode.LDX
                && BpfCode.modeOf(each.code()) == BpfCode.ABS
                && each.k() < 0;
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
