package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;

/** One instruction inside a {@link Block}. */
final class Statement {
    private final int code;
    private final int k;
    private @Nullable Statement whenTrue;
    private @Nullable Statement whenFalse;

    Statement(final int code, final int k) {
        this.code = code;
        this.k = k;
    }

    int code() {
        return code;
    }

    int k() {
        return k;
    }

    /** Makes it a jump to later statements of its block. */
    void jump(final Statement ifTrue, final Statement ifFalse) {
        whenTrue = ifTrue;
        whenFalse = ifFalse;
    }

    @Nullable
    Statement whenTrue() {
        return whenTrue;
    }

    @Nullable
    Statement whenFalse() {
        return whenFalse;
    }
}
