package org.reactornetmap.operators.filter.bpf;

import org.jspecify.annotations.Nullable;

/** What is sure of a frame at one place of a graph, whichever way led there. Immutable. */
final class Knowledge {
    /** Nothing. */
    static final Knowledge NONE = new Knowledge(0, null, null);

    /** The frame has as many bytes. */
    private final long captured;

    /** By number of a value: what is known of it. */
    private final @Nullable PersistentMap<Fact> facts;

    /** By number of a partial value: that it is one. */
    private final @Nullable PersistentMap<Boolean> computed;

    private Knowledge(
            final long captured,
            final @Nullable PersistentMap<Fact> facts,
            final @Nullable PersistentMap<Boolean> computed) {
        this.captured = captured;
        this.facts = facts;
        this.computed = computed;
    }

    /** What is sure where two ways meet. */
    Knowledge or(final Knowledge other) {
        if (other == this) {
            return this;
        }
        return new Knowledge(
                Math.min(captured, other.captured),
                PersistentMap.common(facts, other.facts, Fact::or),
                PersistentMap.common(computed, other.computed, (one, same) -> one));
    }

    /** Behind a step that computes a value. */
    Knowledge computing(final Value value) {
        if (value.reach <= captured && !value.elusive) {
            return this;
        }
        return new Knowledge(
                Math.max(captured, value.reach), facts, value.elusive ? computed(computed, value) : computed);
    }

    private static @Nullable PersistentMap<Boolean> computed(
            final @Nullable PersistentMap<Boolean> computed, final Value value) {
        PersistentMap<Boolean> all = computed;
        if (value.left != null && value.left.elusive) {
            all = computed(all, value.left);
        }
        if (value.right != null && value.right.elusive) {
            all = computed(all, value.right);
        }
        return value.isPartial() ? PersistentMap.put(all, value.number, true) : all;
    }

    /** The frame has as many bytes. */
    long captured() {
        return captured;
    }

    /** Whether the last step of a value can't fail here. */
    boolean isSure(final Value value) {
        return value.needs <= captured || PersistentMap.get(computed, value.number) != null;
    }

    /** Whether no step of a value can fail here. */
    boolean isWhollySure(final Value value) {
        return value.reach <= captured
                && (!value.elusive
                        || (isSure(value)
                                && (value.left == null || isWhollySure(value.left))
                                && (value.right == null || isWhollySure(value.right))));
    }

    /** Behind an assignment. */
    Knowledge assigning(final Value variable, final Value value) {
        return new Knowledge(captured, PersistentMap.put(facts, variable.number, fact(value)), computed);
    }

    /** Behind a comparison. */
    Knowledge learning(final Value comparison, final boolean holds) {
        final Value left = comparison.first();
        final Value right = comparison.second();
        PersistentMap<Fact> learned = facts;
        if (isSeparate(comparison)) {
            learned = PersistentMap.put(facts, comparison.number, Fact.of(holds ? 1 : 0));
        }
        if (right.isConstant()) {
            learned = learned(learned, left, fact(left).knowing(comparison.code, right.k, holds));
        } else if (comparison.code == BpfCode.JEQ && holds) {
            final Fact both = fact(left).and(fact(right));
            learned = learned(learned(learned, left, both), right, both);
        }
        return new Knowledge(captured, learned, computed);
    }

    /** Whether a comparison tells more than facts of what it compares can hold. */
    private static boolean isSeparate(final Value comparison) {
        return comparison.code == BpfCode.JSET || !comparison.second().isConstant();
    }

    /** What is known of a masked value is known of its bits. */
    private PersistentMap<Fact> learned(
            final @Nullable PersistentMap<Fact> before, final Value value, final Fact fact) {
        final PersistentMap<Fact> after = PersistentMap.put(before, value.number, fact);
        return value.is(BpfCode.AND)
                ? learned(after, value.first(), fact(value.first()).and(fact.within(value.operand())))
                : after;
    }

    /** Whether a comparison holds: null if it is not known. */
    @Nullable
    Boolean holds(final Value comparison) {
        if (isSeparate(comparison)) {
            final Fact known = PersistentMap.get(facts, comparison.number);
            if (known != null && known.isConstant()) {
                return known.min() == 1;
            }
        }
        return facts == null ? null : fact(comparison.first()).holds(comparison.code, fact(comparison.second()));
    }

    /** What is known of a value. */
    Fact fact(final Value value) {
        final Fact known = PersistentMap.get(facts, value.number);
        if (known != null) {
            return known;
        }
        final Fact given = Fact.of(value);
        if (value.kind != Value.Kind.ARITHMETIC || value.right == null || !value.right.isConstant()) {
            return given;
        }
        return given.and(fact(value.first()).after(value.code, value.right.k));
    }
}
