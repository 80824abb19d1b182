package org.reactornetmap.operators.filter.bpf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory cells of a graph's variables: one for each, and the same for two if the one is read no more when the other is
 * set.
 */
final class Cells {
    private static final int NONE = -1;

    private final int[] cells;
    private final int free;

    private Cells(final int[] cells, final int free) {
        this.cells = cells;
        this.free = free;
    }

    /**
     * Gives every variable its cell.
     *
     * @param steps of the graph, by number
     * @param variables there are at most as many
     * @return null if there are too few cells
     */
    static @Nullable Cells of(final @Nullable Node[] steps, final int variables) {
        final int[] cells = new int[variables];
        Arrays.fill(cells, NONE);
        final int[] firstSet = new int[variables];
        Arrays.fill(firstSet, NONE);
        for (int i = 0; i < steps.length; i++) {
            final Node node = steps[i];
            if (node != null && node.kind == Node.Kind.ASSIGNMENT) {
                firstSet[node.variable().k] = i;
            }
        }
        // From the last step to the first: a variable has its cell from where it is read last to where it is set first.
        int busy = 0;
        int used = 0;
        for (int i = 0; i < steps.length; i++) {
            final Node node = steps[i];
            if (node == null) {
                continue;
            }
            if (node.kind == Node.Kind.ASSIGNMENT) {
                final int variable = node.variable().k;
                if (cells[variable] == NONE) {
                    final int cell = take(busy);
                    if (cell == BpfCode.MEMWORDS) {
                        return null;
                    }
                    cells[variable] = cell;
                    busy |= 1 << cell;
                    used |= 1 << cell;
                }
            }
            final int after = read(node.value, cells, busy);
            if (after < 0) {
                return null;
            }
            busy = after;
            used |= busy;
            if (node.kind == Node.Kind.ASSIGNMENT && firstSet[node.variable().k] == i) {
                busy &= ~(1 << cells[node.variable().k]);
            }
        }
        return new Cells(cells, ~used & ((1 << BpfCode.MEMWORDS) - 1));
    }

    private static int take(final int busy) {
        return Integer.numberOfTrailingZeros(~busy);
    }

    /** Gives cells to the variables in a value; -1 if there are too few. */
    private static int read(final Value value, final int[] cells, final int busy) {
        int after = busy;
        if (value.kind == Value.Kind.VARIABLE && cells[value.k] == NONE) {
            final int cell = take(busy);
            if (cell == BpfCode.MEMWORDS) {
                return NONE;
            }
            cells[value.k] = cell;
            after |= 1 << cell;
        }
        if (value.left != null) {
            after = read(value.left, cells, after);
        }
        return value.right == null || after < 0 ? after : read(value.right, cells, after);
    }

    /** The cell of a variable. */
    int of(final Value variable) {
        return cells[variable.k];
    }

    /** A cell of no variable; below 0 if there are no more. */
    int spare(final int index) {
        int left = free;
        for (int i = 0; i < index; i++) {
            left &= left - 1;
        }
        return left == 0 ? NONE : Integer.numberOfTrailingZeros(left);
    }
}
