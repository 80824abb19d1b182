package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts instructions in order, from the last one to the first: so a jump knows how far it is to where it leads. */
final class Layout {
    /** How far a conditional jump reaches. */
    private static final int REACH = 0xFF;

    private static final int NOWHERE = -1;

    /** Backward: places are indexes in here. */
    private final List<BpfInstruction> backward = new ArrayList<>();

    /** By number: where it is. */
    private final int[] places;

    /** By number: where the last instruction is that does nothing but lead there, or does the same. */
    private final int[] near;

    private Layout(final Op first) {
        places = new int[first.number + 1];
        near = new int[first.number + 1];
        Arrays.fill(places, NOWHERE);
    }

    /**
     * Puts instructions in order.
     *
     * @param first the first one
     * @return it and all that comes after it
     */
    static List<BpfInstruction> of(final Op first) {
        final Layout layout = new Layout(first);
        layout.place(first);
        Collections.reverse(layout.backward);
        return layout.backward;
    }

    /** Depth first, so that an instruction follows what it comes after, if it can. */
    private void place(final Op first) {
        final List<Op> open = new ArrayList<>();
        open.add(first);
        while (!open.isEmpty()) {
            final Op op = open.get(open.size() - 1);
            if (isOpen(op.otherwise)) {
                open.add(op.otherwise);
            } else if (isOpen(op.next)) {
                open.add(op.next);
            } else {
                open.remove(open.size() - 1);
                if (places[op.number] == NOWHERE) {
                    add(op);
                    places[op.number] = backward.size() - 1;
                    near[op.number] = backward.size() - 1;
                }
            }
        }
    }

    private boolean isOpen(final @Nullable Op op) {
        return op != null && places[op.number] == NOWHERE;
    }

    private void add(final Op op) {
        if (op.next == null) {
            backward.add(BpfInstruction.of(op.code, op.k));
        } else if (op.otherwise != null) {
            jump(op, op.next, op.otherwise);
        } else {
            if (distance(op.next) != 0) {
                leadClosely(op.next);
            }
            backward.add(BpfInstruction.of(op.code, op.k));
        }
    }

    private void jump(final Op op, final Op yes, final Op no) {
        while (distance(yes) > REACH || distance(no) > REACH) {
            lead(distance(yes) > REACH ? yes : no);
        }
        backward.add(new BpfInstruction(op.code, distance(yes), distance(no), op.k));
    }

    private int distance(final Op to) {
        return backward.size() - near[to.number] - 1;
    }

    /** Adds what leads to an instruction: a copy if nothing but ends that are near follows it, else a jump. */
    private void lead(final Op to) {
        if (isEnd(to)) {
            add(to);
        } else {
            backward.add(BpfInstruction.of(BpfCode.JMP | BpfCode.JA, backward.size() - places[to.number] - 1));
        }
        near[to.number] = backward.size() - 1;
    }

    /** Adds what follows the next instruction: a jump would be shorter by one, but would have to be run. */
    private void leadClosely(final Op to) {
        if (to.next != null && to.otherwise == null && isEnd(to.next)) {
            lead(to.next);
            add(to);
            near[to.number] = backward.size() - 1;
        } else {
            lead(to);
        }
    }

    /** Whether it is a verdict, or a comparison that reaches both its ends from here. */
    private boolean isEnd(final Op op) {
        return op.next == null
                || (op.otherwise != null && distance(op.next) <= REACH && distance(op.otherwise) <= REACH);
    }
}
