package org.reactornetmap.operators.filter.bpf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings comparisons of the same value together: in a chain of tests that all have one exit, where none of those that change
 * places can fail, or the exit rejects whoever fails.
 */
final class GraphSorter {
    private final FilterGraph graph;
    private final @Nullable Node[] steps;

    /** By number of a step: how many ways lead to it. */
    private final int[] ways;

    /** By number of a step: so many bytes the frame has there. */
    private final long[] captured;

    /** By number of a step: what was compared last on all ways. */
    private final @Nullable Value[] held;

    private GraphSorter(final FilterGraph graph, final Node root) {
        this.graph = graph;
        steps = graph.reachable(root);
        ways = new int[steps.length];
        captured = new long[steps.length];
        held = new Value[steps.length];
    }

    static Node sort(final FilterGraph graph, final Node root) {
        return new GraphSorter(graph, root).sort(root);
    }

    private Node sort(final Node root) {
        Arrays.fill(captured, Long.MAX_VALUE);
        captured[root.number] = 0;
        for (int i = root.number; i >= 0; i--) {
            final Node node = steps[i];
            if (node != null) {
                lead(node, node.yes);
                lead(node, node.no);
            }
        }
        final @Nullable Chain[] chains = new Chain[steps.length];
        final boolean[] inside = new boolean[steps.length];
        for (int i = root.number; i >= 0; i--) {
            final Node node = steps[i];
            if (node != null && node.isTest() && !inside[i]) {
                chains[i] = chain(node, inside);
            }
        }
        final @Nullable Node[] built = new Node[steps.length];
        for (int i = 0; i <= root.number; i++) {
            final Node node = steps[i];
            if (node != null && !inside[i]) {
                final Chain chain = chains[i];
                built[i] = chain == null ? rebuilt(node, built) : rebuilt(chain, built);
            }
        }
        return required(built[root.number]);
    }

    private void lead(final Node from, final @Nullable Node to) {
        if (to != null) {
            final Value compared = from.isTest() ? key(from) : null;
            held[to.number] = ways[to.number] == 0 || held[to.number] == compared ? compared : null;
            ways[to.number]++;
            captured[to.number] = Math.min(captured[to.number], Math.max(captured[from.number], from.value.reach));
        }
    }

    private @Nullable Chain chain(final Node head, final boolean[] inside) {
        final Chain viaYes = chain(head, head.next());
        final Chain viaNo = chain(head, head.otherwise());
        final Chain chain = viaYes.tests.size() > viaNo.tests.size() ? viaYes : viaNo;
        if (chain.tests.size() < 2) {
            return null;
        }
        for (final Node test : chain.tests.subList(1, chain.tests.size())) {
            inside[test.number] = true;
        }
        return chain;
    }

    private Chain chain(final Node head, final Node exit) {
        final List<Node> tests = new ArrayList<>();
        Node at = head;
        while (true) {
            tests.add(at);
            final Node next = at.next() == exit ? at.otherwise() : at.next();
            if (!next.isTest() || ways[next.number] != 1 || (next.next() != exit && next.otherwise() != exit)) {
                return new Chain(tests, exit, next);
            }
            at = next;
        }
    }

    private Node rebuilt(final Node node, final @Nullable Node[] built) {
        return switch (node.kind) {
            case VERDICT -> node;
            case TEST -> graph.test(node, built(node.next(), built), built(node.otherwise(), built));
            case CHECK -> graph.checkAll(node.value, built(node.next(), built));
            case ASSIGNMENT -> graph.assignment(node.variable(), node.value, built(node.next(), built));
        };
    }

    private Node rebuilt(final Chain chain, final @Nullable Node[] built) {
        final Node head = chain.tests.get(0);
        final Node exit = built(chain.exit, built);
        final List<Node> sorted = sorted(chain, held[head.number], Math.max(captured[head.number], exit.demand));
        Node node = built(chain.end, built);
        for (int i = sorted.size() - 1; i >= 0; i--) {
            final Node test = sorted.get(i);
            node = test.next() == chain.exit ? graph.test(test, exit, node) : graph.test(test, node, exit);
        }
        return node;
    }

    /** Tests of what A holds on the way in come first, tests of what the end compares come last. */
    private static List<Node> sorted(final Chain chain, final @Nullable Value held, final long bytes) {
        final List<Node> sorted = new ArrayList<>(chain.tests.size());
        final Set<Value> computed = new HashSet<>();
        final Value wanted = chain.end.isTest() ? key(chain.end) : null;
        Value current = held;
        long sure = bytes;
        int at = 0;
        while (at < chain.tests.size()) {
            final Map<Value, List<Node>> groups = new LinkedHashMap<>();
            while (at < chain.tests.size() && isSure(chain.tests.get(at).value, sure, computed)) {
                final Node next = chain.tests.get(at++);
                groups.computeIfAbsent(key(next), any -> new ArrayList<>()).add(next);
            }
            final List<Node> first = current == null ? null : groups.remove(current);
            if (first != null) {
                sorted.addAll(first);
            }
            final List<Node> last = wanted == null || at < chain.tests.size() ? null : groups.remove(wanted);
            groups.values().forEach(sorted::addAll);
            if (last != null) {
                sorted.addAll(last);
            }
            if (at < chain.tests.size()) {
                final Node next = chain.tests.get(at++);
                sorted.add(next);
                current = key(next);
                sure = Math.max(sure, next.value.reach);
                addPartial(next.value, computed);
            }
        }
        return sorted;
    }

    private static Value key(final Node test) {
        return test.value.second().isConstant() ? test.value.first() : test.value;
    }

    private static boolean isSure(final Value value, final long bytes, final Set<Value> computed) {
        return bytes == Long.MAX_VALUE
                || ((!value.isPartial() || value.needs <= bytes || computed.contains(value))
                        && (value.left == null || isSure(value.left, bytes, computed))
                        && (value.right == null || isSure(value.right, bytes, computed)));
    }

    private static void addPartial(final Value value, final Set<Value> computed) {
        if (value.elusive) {
            computed.add(value);
            if (value.left != null) {
                addPartial(value.left, computed);
            }
            if (value.right != null) {
                addPartial(value.right, computed);
            }
        }
    }

    private static Node built(final Node node, final @Nullable Node[] built) {
        return required(built[node.number]);
    }

    private static Node required(final @Nullable Node node) {
        if (node == null) {
            throw new IllegalStateException("a step without an end");
        }
        return node;
    }

    /** Tests one after the other, each leading to the exit or to the next one, the last one to the end. */
    private record Chain(List<Node> tests, Node exit, Node end) {}
}
