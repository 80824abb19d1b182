package org.reactornetmap.operators.filter.bpf;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a graph what is known before it is computed: comparisons that turn out the same on every way that leads to them,
 * or on one of several, which then leads past them; checks; assignments that nothing reads.
 */
final class GraphFolder {
    /** Steps that ways may be led past, for each step of the graph: a bound for graphs that no compiler writes. */
    private static final int PATIENCE = 64;

    /** How far it looks for what makes a comparison superfluous. */
    private static final int SIGHT = 8;

    private final FilterGraph graph;
    private final @Nullable Node[] steps;
    private final @Nullable Knowledge[] knowledge;
    private final @Nullable Node[] yes;
    private final @Nullable Node[] no;
    private final boolean narrowing;
    private long patience;

    private GraphFolder(final FilterGraph graph, final Node root, final boolean narrowing) {
        this.narrowing = narrowing;
        this.graph = graph;
        steps = graph.reachable(root);
        knowledge = new Knowledge[steps.length];
        yes = new Node[steps.length];
        no = new Node[steps.length];
        patience = (long) PATIENCE * steps.length;
    }

    /**
     * Makes a graph simpler.
     *
     * @param graph what made it
     * @param root its first step
     * @param narrowing whether to load fewer bytes where the others are masked: others may then find less in common
     * @return the first step of what gives the same verdicts
     */
    static Node fold(final FilterGraph graph, final Node root, final boolean narrowing) {
        return new GraphFolder(graph, root, narrowing).fold(root);
    }

    private Node fold(final Node root) {
        final Node first = enter(root, Knowledge.NONE);
        for (int i = first.number; i >= 0; i--) {
            final Node node = steps[i];
            final Knowledge known = knowledge[i];
            if (node != null && known != null) {
                follow(node, known);
            }
        }
        return rebuild(first);
    }

    private void follow(final Node node, final Knowledge known) {
        if (node.kind == Node.Kind.VERDICT) {
            return;
        }
        final Knowledge behind = known.computing(node.value);
        if (!node.isTest()) {
            yes[node.number] = enter(
                    node.next(), node.kind == Node.Kind.CHECK ? behind : behind.assigning(node.variable(), node.value));
            return;
        }
        final Boolean holds = behind.holds(node.value);
        if (holds != null) {
            follow(node, holds, behind);
            return;
        }
        final Knowledge holding = behind.learning(node.value, true);
        final Knowledge failing = behind.learning(node.value, false);
        final Node next = lead(node.next(), holding);
        final Node otherwise = lead(node.otherwise(), failing);
        if (leads(node.otherwise(), next, holding)) {
            follow(node, false, behind);
        } else if (leads(node.next(), otherwise, failing)) {
            follow(node, true, behind);
        } else {
            yes[node.number] = enter(next, holding);
            no[node.number] = enter(otherwise, failing);
        }
    }

    /** Goes one way only. */
    private void follow(final Node node, final boolean holds, final Knowledge behind) {
        if (holds) {
            yes[node.number] = enter(node.next(), behind);
        } else {
            no[node.number] = enter(node.otherwise(), behind);
        }
    }

    /** Leads a way on, past what is known. */
    private Node lead(final Node to, final Knowledge known) {
        Node at = to;
        while (patience > 0) {
            final Node next = past(at, known);
            if (next == null) {
                break;
            }
            at = next;
            patience--;
        }
        return at;
    }

    /** Whether a way leads to another end, past what is known and not far off. */
    private static boolean leads(final Node from, final Node to, final Knowledge known) {
        Node at = from;
        for (int i = 0; i < SIGHT && at != null && at != to; i++) {
            at = past(at, known);
        }
        return at == to;
    }

    private Node enter(final Node to, final Knowledge known) {
        final Node at = lead(to, known);
        final Knowledge other = knowledge[at.number];
        if (at.kind == Node.Kind.VERDICT && at.value.isConstant()) {
            knowledge[at.number] = Knowledge.NONE;
        } else {
            knowledge[at.number] = other == null ? known : other.or(known);
        }
        return at;
    }

    private static @Nullable Node past(final Node node, final Knowledge known) {
        if (node.kind == Node.Kind.CHECK) {
            return known.isWhollySure(node.value) ? node.next() : null;
        }
        if (!node.isTest() || !known.isWhollySure(node.value)) {
            return null;
        }
        final Boolean holds = known.holds(node.value);
        return holds == null ? null : holds ? node.next() : node.otherwise();
    }

    /** From the ends on, so that what follows a step is there, and what is read behind it is known. */
    private Node rebuild(final Node first) {
        final @Nullable Node[] built = new Node[steps.length];
        final BitSet read = new BitSet();
        for (int i = 0; i <= first.number; i++) {
            final Node node = steps[i];
            final Knowledge known = knowledge[i];
            if (node != null && known != null) {
                final Node next = yes[i];
                final Node otherwise = no[i];
                built[i] = rebuilt(
                        node,
                        known,
                        next == null ? null : built[next.number],
                        otherwise == null ? null : built[otherwise.number],
                        read);
            }
        }
        return required(built[first.number]);
    }

    private Node rebuilt(
            final Node node,
            final Knowledge known,
            final @Nullable Node next,
            final @Nullable Node otherwise,
            final BitSet read) {
        if (node.kind == Node.Kind.ASSIGNMENT) {
            final Node after = required(next);
            if (!read.get(node.variable().k)) {
                return computing(node.value, known, after, read);
            }
            final Value value = simplest(node.value, known);
            return computing(node.value, known, graph.assignment(node.variable(), reading(value, read), after), read);
        }
        if (node.kind == Node.Kind.CHECK) {
            return computing(node.value, known, required(next), read);
        }
        if (node.kind == Node.Kind.VERDICT) {
            final Value value = simplest(node.value, known);
            return computing(node.value, known, graph.verdict(reading(value, read)), read);
        }
        if (next == null || otherwise == null) {
            return computing(node.value, known, required(next == null ? otherwise : next), read);
        }
        return test(node, known, next, otherwise, read);
    }

    private Node test(
            final Node node, final Knowledge known, final Node next, final Node otherwise, final BitSet read) {
        if (next == otherwise) {
            return computing(node.value, known, next, read);
        }
        final Value left = node.value.first();
        final Value right = node.value.second();
        final long bytes = Math.max(known.captured(), Math.min(next.demand, otherwise.demand));
        final Value simplerLeft = simplest(left, known);
        final Value simplerRight = simplest(right, known);
        final Node test;
        if (simplerLeft != left || simplerRight != right) {
            test = graph.test(node.value.code, simplerLeft, simplerRight, next, otherwise);
        } else {
            test = narrowing ? narrower(node.value, bytes, next, otherwise) : null;
        }
        if (test == null) {
            reading(node.value, read);
            return graph.test(node, next, otherwise);
        }
        Node last = test;
        while (last != next && last != otherwise) {
            reading(last.value, read);
            last = last.isTest() ? next : last.next();
        }
        return computing(node.value, known, test, read);
    }

    /** A masked load as a load of the masked bytes only, if it is sure of the others. */
    private @Nullable Node narrower(final Value comparison, final long bytes, final Node next, final Node otherwise) {
        final Value left = comparison.first();
        if (!left.is(BpfCode.AND) || !comparison.second().isConstant() || comparison.code == BpfCode.JSET) {
            return null;
        }
        final Value load = left.first();
        final int shift = Integer.numberOfTrailingZeros(left.operand());
        final int size = (left.operand() >>> shift) == 0xFF ? BpfCode.B : BpfCode.H;
        if (load.kind != Value.Kind.LOAD
                || load.needs > bytes
                || shift % Byte.SIZE != 0
                || (left.operand() >>> shift) != (size == BpfCode.B ? 0xFF : 0xFFFF)) {
            return null;
        }
        final int skipped = Value.bytes(load.code) - Value.bytes(size) - shift / Byte.SIZE;
        final Value part = load.left == null
                ? graph.values().load(size, load.k + skipped)
                : graph.values().load(size, load.left, load.k + skipped);
        final int wanted = comparison.second().k >>> shift;
        return graph.test(comparison.code, part, graph.values().constant(wanted), next, otherwise);
    }

    private Value simplest(final Value value, final Knowledge known) {
        final Fact fact = known.fact(value);
        return fact.isConstant() && !value.isConstant() ? graph.values().constant((int) fact.min()) : value;
    }

    /** A step after all checks of a value that are not sure. */
    private Node computing(final Value value, final Knowledge known, final Node next, final BitSet read) {
        if (known.isWhollySure(value)) {
            return next;
        }
        Node checked = known.isSure(value) ? next : graph.check(value, next);
        if (value.right != null) {
            checked = computing(value.right, known, checked, read);
        }
        if (value.left != null) {
            checked = computing(value.left, known, checked, read);
        }
        return reading(checked, next, read);
    }

    private static Node reading(final Node first, final Node last, final BitSet read) {
        for (Node node = first; node != last; node = node.next()) {
            reading(node.value, read);
        }
        return first;
    }

    private static Value reading(final Value value, final BitSet read) {
        if (value.kind == Value.Kind.VARIABLE) {
            read.set(value.k);
        }
        if (value.left != null) {
            reading(value.left, read);
        }
        if (value.right != null) {
            reading(value.right, read);
        }
        return value;
    }

    private static Node required(final @Nullable Node node) {
        if (node == null) {
            throw new IllegalStateException("a step without an end");
        }
        return node;
    }
}
