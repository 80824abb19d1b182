package org.reactornetmap.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one core need to forward a packet from pipe to pipe?
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ForwardBenchmark.BURST)
@Fork(value = 3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardBenchmark {
    static final int BURST = 256;
    private static final int SLOTS = 1_024;

    @Benchmark
    public int swap(final SwapLine state) {
        return state.line.forward();
    }

    @Benchmark
    public int filter(final FilterLine state) {
        return state.line.forward();
    }

    /** Every packet passes. */
    @State(Scope.Thread)
    public static class SwapLine {
        @Param({"bare", "flux"})
        public String loop;

        private Line line;

        @Setup
        public void open() {
            line = new Line(loop.equals("flux"), false, -1, 1, SLOTS, BURST);
        }

        @Setup(Level.Invocation)
        public void generate() {
            line.generate();
        }

        @TearDown(Level.Invocation)
        public void take() {
            line.take();
        }

        @TearDown
        public void close() {
            line.checkBalance(false);
            line.close();
        }
    }

    /** Each packet's header is looked at. */
    @State(Scope.Thread)
    public static class FilterLine {
        @Param({"bare", "flux"})
        public String loop;

        @Param({"0", "50"})
        public int rejectPercent;

        private Line line;

        @Setup
        public void open() {
            line = new Line(loop.equals("flux"), true, rejectPercent, 1, SLOTS, BURST);
        }

        @Setup(Level.Invocation)
        public void generate() {
            line.generate();
        }

        @TearDown(Level.Invocation)
        public void take() {
            line.take();
        }

        @TearDown
        public void close() {
            line.checkBalance(true);
            line.close();
        }
    }
}
