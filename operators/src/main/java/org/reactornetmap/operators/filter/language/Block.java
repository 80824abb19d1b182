package org.reactornetmap.operators.filter.language;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of the flow graph: statements that run in order, then a jump to one of two blocks, or a verdict. */
final class Block {
    private final List<Statement> statements;
    private final Statement end;
    private @Nullable Block whenTrue;
    private @Nullable Block whenFalse;

    /** Instructions from this block to the program's end; 0 before it is placed. */
    private int toEnd;

    Block(final List<Statement> statements, final Statement end) {
        this.statements = statements;
        this.end = end;
    }

    List<Statement> statements() {
        return statements;
    }

    /** The conditional jump, or the return. */
    Statement end() {
        return end;
    }

    @Nullable
    Block whenTrue() {
        return whenTrue;
    }

    @Nullable
    Block whenFalse() {
        return whenFalse;
    }

    void leadTo(final boolean ifTrue, final Block target) {
        if (ifTrue) {
            whenTrue = target;
        } else {
            whenFalse = target;
        }
    }

    int toEnd() {
        return toEnd;
    }

    void placeAt(final int instructionsToEnd) {
        toEnd = instructionsToEnd;
    }
}
