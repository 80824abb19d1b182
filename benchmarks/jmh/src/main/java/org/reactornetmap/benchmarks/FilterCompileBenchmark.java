package org.reactornetmap.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.reactornetmap.operators.filter.bpf.BpfCompiler;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfOptimizer;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.language.FilterCompiler;
import org.reactornetmap.operators.filter.language.FilterTarget;
import org.reactornetmap.packet.LinkType;

/** How long does it take from an expression to its program, and from there to a class? */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class FilterCompileBenchmark {
    @Param
    public FilterBenchmark.Filter filter;

    private final FilterTarget target = FilterTarget.of(LinkType.ETHERNET);

    @Benchmark
    public BpfProgram program() {
        return BpfOptimizer.optimize(FilterCompiler.compile(filter.expression(), target));
    }

    @Benchmark
    public BpfMatcher programAndClass() {
        return BpfCompiler.compile(program());
    }
}
