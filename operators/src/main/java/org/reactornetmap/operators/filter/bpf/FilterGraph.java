package org.reactornetmap.operators.filter.bpf;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Filters as decisions: steps that compare values, without registers. Makes steps from their ends, each once, in their simplest
 * form; graphs made by one object share what they have in common. Not thread-safe.
 *
 * <p>What it makes computes all that it was asked to compute: where a comparison or a check turns out superfluous, the loads in
 * it stay, unless a frame that lacks their bytes gets 0 from there anyway.
 */
final class FilterGraph {
    /** How far it looks for a step that computes a value anyway. */
    private static final int SIGHT = 8;

    private final Values values;
    private final Map<Key, Node> all = new HashMap<>();

    FilterGraph(final Values values) {
        this.values = values;
    }

    Values values() {
        return values;
    }

    /**
     * The steps on the ways from one, by number: those that nothing leads to are null. Backward is an order in which every
     * step comes before what follows it.
     */
    @Nullable
    Node[] reachable(final Node root) {
        final @Nullable Node[] found = new Node[root.number + 1];
        found[root.number] = root;
        for (int i = root.number; i >= 0; i--) {
            final Node node = found[i];
            if (node != null) {
                if (node.yes != null) {
                    found[node.yes.number] = node.yes;
                }
                if (node.no != null) {
                    found[node.no.number] = node.no;
                }
            }
        }
        return found;
    }

    Node verdict(final Value value) {
        return make(Node.Kind.VERDICT, value, null, null, null);
    }

    /** Ends with 0. */
    Node reject() {
        return verdict(values.constant(0));
    }

    Node assignment(final Value variable, final Value value, final Node next) {
        return make(Node.Kind.ASSIGNMENT, value, variable, next, null);
    }

    /** Ends with 0 if the last step of the value fails. */
    Node check(final Value value, final Node next) {
        return !value.isPartial() || isDemanded(value, next, SIGHT)
                ? next
                : make(Node.Kind.CHECK, value, null, next, null);
    }

    /** Ends with 0 if any step of the value fails. */
    Node checkAll(final Value value, final Node next) {
        if (!value.elusive && value.reach <= next.demand) {
            return next;
        }
        Node checked = check(value, next);
        if (value.right != null) {
            checked = checkAll(value.right, checked);
        }
        return value.left == null ? checked : checkAll(value.left, checked);
    }

    private static boolean isDemanded(final Value value, final Node next, final int sight) {
        if (value.needs <= next.demand) {
            return true;
        }
        if (sight == 0 || (value.left == null && value.kind != Value.Kind.ARITHMETIC)) {
            return false;
        }
        return next.value.contains(value)
                || (next.yes != null
                        && isDemanded(value, next.yes, sight - 1)
                        && (next.no == null || isDemanded(value, next.no, sight - 1)));
    }

    /** A step that compares; it computes both values. */
    Node test(final int operation, final Value left, final Value right, final Node yes, final Node no) {
        final Node test = compare(operation, left, right, yes, no);
        if (test.isTest() && test.value.left == left && test.value.right == right) {
            return test;
        }
        return checkAll(left, checkAll(right, test));
    }

    /** The same step as another, with other ends. */
    Node test(final Node other, final Node yes, final Node no) {
        return yes == no ? checkAll(other.value, yes) : make(Node.Kind.TEST, other.value, null, yes, no);
    }

    private Node compare(final int operation, final Value left, final Value right, final Node yes, final Node no) {
        if (yes == no) {
            return yes;
        }
        if (operation == BpfCode.JGE) {
            return compare(BpfCode.JGT, right, left, no, yes);
        }
        if (left == right) {
            return switch (operation) {
                case BpfCode.JEQ -> yes;
                case BpfCode.JGT -> no;
                default -> compare(BpfCode.JEQ, left, values.constant(0), no, yes);
            };
        }
        if (right.isConstant()) {
            return left.isConstant()
                    ? BpfInterpreter.holds(operation, left.k, right.k) ? yes : no
                    : compareWith(operation, left, right.k, yes, no);
        }
        if (left.isConstant()) {
            if (operation != BpfCode.JGT) {
                return compareWith(operation, right, left.k, yes, no);
            }
            return left.k == 0 ? no : compareWith(BpfCode.JGT, right, left.k - 1, no, yes);
        }
        final boolean swap = operation != BpfCode.JGT && left.number > right.number;
        return plain(operation, swap ? right : left, swap ? left : right, yes, no);
    }

    private Node compareWith(final int operation, final Value left, final int k, final Node yes, final Node no) {
        return switch (operation) {
            case BpfCode.JEQ -> equal(left, k, yes, no);
            case BpfCode.JGT -> greater(left, k, yes, no);
            default -> common(left, k, yes, no);
        };
    }

    private Node equal(final Value left, final int k, final Node yes, final Node no) {
        final long wanted = Integer.toUnsignedLong(k);
        if (wanted < left.min || wanted > left.max || (k & ~left.bits) != 0) {
            return no;
        }
        if (left.kind == Value.Kind.ARITHMETIC) {
            if (left.right == null) {
                return equal(left.first(), -k, yes, no);
            }
            if (left.right.isConstant()) {
                final Node simpler = equalArithmetic(left, k, yes, no);
                if (simpler != null) {
                    return simpler;
                }
            } else if (k == 0 && (left.code == BpfCode.SUB || left.code == BpfCode.XOR)) {
                return compare(BpfCode.JEQ, left.first(), left.second(), yes, no);
            } else if (k == 0 && left.code == BpfCode.AND) {
                return plain(BpfCode.JSET, left.first(), left.second(), no, yes);
            }
        }
        return plain(BpfCode.JEQ, left, values.constant(k), yes, no);
    }

    private @Nullable Node equalArithmetic(final Value left, final int k, final Node yes, final Node no) {
        final Value a = left.first();
        final int operand = left.operand();
        switch (left.code) {
            case BpfCode.ADD -> {
                return equal(a, k - operand, yes, no);
            }
            case BpfCode.XOR -> {
                return equal(a, k ^ operand, yes, no);
            }
            case BpfCode.AND -> {
                if (k == 0) {
                    return common(a, operand, no, yes);
                }
                if (k == operand && Integer.bitCount(k) == 1) {
                    return common(a, operand, yes, no);
                }
            }
            case BpfCode.OR -> {
                if ((k & operand) != operand) {
                    return no;
                }
            }
            case BpfCode.LSH -> {
                if ((k & ((1 << operand) - 1)) == 0) {
                    return (a.max << operand) <= 0xFFFF_FFFFL ? equal(a, k >>> operand, yes, no) : null;
                }
                return no;
            }
            case BpfCode.RSH -> {
                if (k == 0) {
                    return greater(a, (1 << operand) - 1, no, yes);
                }
            }
            default -> {
                return null;
            }
        }
        return null;
    }

    private Node greater(final Value left, final int k, final Node yes, final Node no) {
        final long limit = Integer.toUnsignedLong(k);
        if (limit >= left.max) {
            return no;
        }
        if (limit < left.min) {
            return yes;
        }
        if (limit == left.min) {
            return equal(left, k, no, yes);
        }
        if (limit == left.max - 1) {
            return equal(left, k + 1, yes, no);
        }
        if (left.is(BpfCode.RSH) || left.is(BpfCode.LSH) || left.is(BpfCode.ADD)) {
            final Value a = left.first();
            final int operand = left.operand();
            if (left.code == BpfCode.RSH) {
                return greater(a, ((k + 1) << operand) - 1, yes, no);
            }
            if (left.code == BpfCode.LSH && (a.max << operand) <= 0xFFFF_FFFFL) {
                return greater(a, k >>> operand, yes, no);
            }
            if (left.code == BpfCode.ADD
                    && left.min >= Integer.toUnsignedLong(operand)
                    && left.max == a.max + Integer.toUnsignedLong(operand)) {
                return greater(a, k - operand, yes, no);
            }
        }
        return plain(BpfCode.JGT, left, values.constant(k), yes, no);
    }

    private Node common(final Value left, final int k, final Node yes, final Node no) {
        final int mask = k & left.bits;
        if (mask == 0) {
            return no;
        }
        if (mask == left.bits) {
            return left.is(BpfCode.AND) ? common(left.first(), left.operand(), yes, no) : equalZero(left, no, yes);
        }
        if (left.is(BpfCode.AND)) {
            return common(left.first(), mask & left.operand(), yes, no);
        }
        if (left.is(BpfCode.RSH)) {
            return common(left.first(), mask << left.operand(), yes, no);
        }
        if (left.is(BpfCode.LSH)) {
            return common(left.first(), mask >>> left.operand(), yes, no);
        }
        return plain(BpfCode.JSET, left, values.constant(mask), yes, no);
    }

    private Node equalZero(final Value left, final Node yes, final Node no) {
        return left.min > 0 ? no : equal(left, 0, yes, no);
    }

    private Node plain(final int operation, final Value left, final Value right, final Node yes, final Node no) {
        return yes == no ? yes : make(Node.Kind.TEST, values.comparison(operation, left, right), null, yes, no);
    }

    private Node make(
            final Node.Kind kind,
            final Value value,
            final @Nullable Value target,
            final @Nullable Node yes,
            final @Nullable Node no) {
        return all.computeIfAbsent(
                new Key(kind, value, target, yes, no), key -> new Node(kind, value, target, yes, no, all.size()));
    }

    /** Steps with the same one are the same. */
    private record Key(
            Node.Kind kind,
            Value value,
            @Nullable Value target,
            @Nullable Node yes,
            @Nullable Node no) {}
}
