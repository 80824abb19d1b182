package org.reactornetmap.operators.filter.language;

import org.jspecify.annotations.Nullable;

/**
 * A part of the flow graph that decides something: where it begins, and its jumps that have no target yet. Joining two
 * consumes them both; each step takes constant time, however many jumps are open.
 */
final class Condition {
    private final Block entry;
    private final Exits whenTrue;
    private final Exits whenFalse;

    private Condition(final Block entry, final Exits whenTrue, final Exits whenFalse) {
        this.entry = entry;
        this.whenTrue = whenTrue;
        this.whenFalse = whenFalse;
    }

    /** The condition of one block's jump. */
    static Condition of(final Block block) {
        return new Condition(block, new Exits(block, true), new Exits(block, false));
    }

    Block entry() {
        return entry;
    }

    Condition and(final Condition next) {
        whenTrue.leadTo(next.entry);
        return new Condition(entry, next.whenTrue, next.whenFalse.plus(whenFalse));
    }

    Condition or(final Condition next) {
        whenFalse.leadTo(next.entry);
        return new Condition(entry, next.whenTrue.plus(whenTrue), next.whenFalse);
    }

    Condition negate() {
        return new Condition(entry, /* whenTrue= */ whenFalse, /* whenFalse= */ whenTrue);
    }

    /** Ends it: no jump is open afterwards. */
    void leadTo(final Block ifTrue, final Block ifFalse) {
        whenTrue.leadTo(ifTrue);
        whenFalse.leadTo(ifFalse);
    }

    /** Open jumps, a list that is joined to another in constant time. */
    private static final class Exits {
        private final Block block;
        private final boolean ifTrue;
        private @Nullable Exits next;
        private Exits last = this;

        Exits(final Block block, final boolean ifTrue) {
            this.block = block;
            this.ifTrue = ifTrue;
        }

        Exits plus(final Exits more) {
            last.next = more;
            last = more.last;
            return this;
        }

        void leadTo(final Block target) {
            for (Exits each = this; each != null; each = each.next) {
                each.block.leadTo(each.ifTrue, target);
            }
        }
    }
}
