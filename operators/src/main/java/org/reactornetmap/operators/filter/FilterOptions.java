package org.reactornetmap.operators.filter;

import java.util.Objects;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfOptimizer;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.language.FilterCompiler;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.operators.filter.language.FilterTarget;
import org.reactornetmap.packet.LinkType;

/**
 * How an expression becomes a filter. Immutable; any thread.
 *
 * @param target what it is compiled for: link type, netmask, names, snapshot length
 * @param engine what runs the program
 * @param optimized whether the program is made shorter first
 */
public record FilterOptions(FilterTarget target, FilterEngine engine, boolean optimized) {

    private static final FilterOptions DEFAULTS = of(FilterTarget.of(LinkType.ETHERNET));

    /**
     * Checks the parts.
     *
     * @param target what it is compiled for
     * @param engine what runs the program
     * @param optimized whether the program is made shorter first
     */
    public FilterOptions {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(engine, "engine");
    }

    /**
     * The defaults: for Ethernet, built-in names, no netmask; optimised and compiled.
     *
     * @return the options
     */
    public static FilterOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The defaults, for a target.
     *
     * @param target what filters are compiled for. Where the link type is told by the packet or by the call, that of the target
     *     is only the one that an expression must be valid for from the beginning
     * @return the options
     */
    public static FilterOptions of(FilterTarget target) {
        return new FilterOptions(target, FilterEngine.COMPILED, true);
    }

    /**
     * The same with another engine.
     *
     * @param other what runs the program
     * @return options
     */
    public FilterOptions withEngine(FilterEngine other) {
        return new FilterOptions(target, other, optimized);
    }

    /**
     * The same with the optimiser on or off.
     *
     * @param on whether the program is made shorter first
     * @return options
     */
    public FilterOptions withOptimizer(boolean on) {
        return new FilterOptions(target, engine, on);
    }

    FilterOptions withLinkType(LinkType type) {
        return type == target.linkType()
                ? this
                : new FilterOptions(
                        new FilterTarget(
                                type, target.snapLength(), target.netmask(), target.nullOrder(), target.names()),
                        engine,
                        optimized);
    }

    /**
     * The program of an expression.
     *
     * @throws FilterSyntaxException if it is no filter for the target
     */
    BpfProgram compile(String expression) {
        BpfProgram program = FilterCompiler.compile(Objects.requireNonNull(expression, "expression"), target);
        return optimized ? BpfOptimizer.optimize(program) : program;
    }

    BpfMatcher matcher(BpfProgram program) {
        return engine.matcher(program);
    }
}
