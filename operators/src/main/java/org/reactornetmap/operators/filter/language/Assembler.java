package org.reactornetmap.operators.filter.language;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.operators.filter.bpf.BpfCode;
import org.reactornetmap.operators.filter.bpf.BpfInstruction;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/**
 * Lays a flow graph out as a program, in libpcap's order: from the end, and of two branches the one for "false" lies further
 * back. A conditional jump reaches 255 instructions; where a target is further away, it leads to an unconditional one.
 */
final class Assembler {
    private static final int FARTHEST = 255;

    /** The program, last instruction first. */
    private final List<BpfInstruction> reversed = new ArrayList<>();

    private Assembler() {}

    /**
     * Makes the program.
     *
     * @throws Rejection if it is too long
     */
    static BpfProgram assemble(final Block entry) {
        final Assembler assembler = new Assembler();
        assembler.placeAll(entry);
        Collections.reverse(assembler.reversed);
        if (assembler.reversed.size() > BpfProgram.MAX_INSTRUCTIONS) {
            throw Rejection.programTooLong();
        }
        return BpfProgram.of(assembler.reversed);
    }

    /** Depth first without recursion: a block is placed when what it leads to is. */
    private void placeAll(final Block entry) {
        final Deque<Block> path = new ArrayDeque<>();
        path.push(entry);
        while (!path.isEmpty()) {
            final Block unplaced = unplacedTarget(path.element());
            if (unplaced != null) {
                path.push(unplaced);
            } else {
                place(path.pop());
            }
        }
    }

    private static @Nullable Block unplacedTarget(final Block block) {
        final Block whenFalse = block.whenFalse();
        if (whenFalse != null && whenFalse.toEnd() == 0) {
            return whenFalse;
        }
        final Block whenTrue = block.whenTrue();
        return whenTrue != null && whenTrue.toEnd() == 0 ? whenTrue : null;
    }

    private void place(final Block block) {
        final Block whenTrue = block.whenTrue();
        final Block whenFalse = block.whenFalse();
        final Statement end = block.end();
        if (whenTrue == null || whenFalse == null) {
            reversed.add(BpfInstruction.of(end.code(), end.k()));
        } else {
            placeJump(end, reversed.size() - whenTrue.toEnd(), reversed.size() - whenFalse.toEnd());
        }
        final List<Statement> statements = block.statements();
        for (int i = statements.size() - 1; i >= 0; i--) {
            reversed.add(instruction(statements, i));
        }
        block.placeAt(reversed.size());
    }

    /** The distances are those to the targets from what is placed so far; extra jumps lie before it, and add to them. */
    private void placeJump(final Statement jump, final int toTrue, final int toFalse) {
        final boolean falseIsFar = toFalse + (toTrue > FARTHEST ? 1 : 0) > FARTHEST;
        final boolean trueIsFar = toTrue + (falseIsFar ? 1 : 0) > FARTHEST;
        final int extraForTrue = trueIsFar ? 1 : 0;
        final int extraForFalse = falseIsFar ? 1 : 0;
        if (falseIsFar) {
            reversed.add(BpfInstruction.of(BpfCode.JMP | BpfCode.JA, toFalse));
        }
        if (trueIsFar) {
            reversed.add(BpfInstruction.of(BpfCode.JMP | BpfCode.JA, toTrue + extraForFalse));
        }
        final int extra = extraForTrue + extraForFalse;
        reversed.add(new BpfInstruction(
                jump.code(), trueIsFar ? 0 : toTrue + extra, falseIsFar ? extraForTrue : toFalse + extra, jump.k()));
    }

    private static BpfInstruction instruction(final List<Statement> statements, final int index) {
        final Statement statement = statements.get(index);
        final Statement whenTrue = statement.whenTrue();
        final Statement whenFalse = statement.whenFalse();
        if (whenTrue == null || whenFalse == null) {
            return BpfInstruction.of(statement.code(), statement.k());
        }
        return new BpfInstruction(
                statement.code(),
                distance(statements, index, whenTrue),
                distance(statements, index, whenFalse),
                statement.k());
    }

    private static int distance(final List<Statement> statements, final int from, final Statement target) {
        int to = from + 1;
        while (statements.get(to) != target) {
            to++;
        }
        return to - from - 1;
    }
}
