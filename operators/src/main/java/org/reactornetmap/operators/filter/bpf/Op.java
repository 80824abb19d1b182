package org.reactornetmap.operators.filter.bpf;

import org.jspecify.annotations.Nullable;

/** An instruction that knows what comes after it, wherever that is. */
final class Op {
    final int code;
    final int k;

    /** What comes next: if a comparison holds, if it is one. Null behind a verdict. */
    final @Nullable Op next;

    /** What comes next if a comparison does not hold. Null behind anything else. */
    final @Nullable Op otherwise;

    /** From 0: what comes after it has a smaller one. */
    final int number;

    Op(final int code, final int k, final @Nullable Op next, final @Nullable Op otherwise, final int number) {
        this.code = code;
        this.k = k;
        this.next = next;
        this.otherwise = otherwise;
        this.number = number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
