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
 * How does a packet's cost grow with rings and slots, at equal packets a sync?
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ScalingBenchmark.BURST)
@Fork(value = 3)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class ScalingBenchmark {
    static final int BURST = 192;

    @Param({"bare", "flux"})
    public String loop;

    /** Swap leaves the payload alone; read looks at the headers of each frame. */
    @Param({"swap", "read"})
    public String access;

    /** Rings x slots of each. */
    @Param({"1x256", "1x1024", "1x4096", "4x1024", "16x1024"})
    public String shape;

    private Line line;

    @Setup
    public void open() {
        final int x = shape.indexOf('x');
        final int rings = Integer.parseInt(shape, 0, x, 10);
        final int slots = Integer.parseInt(shape, x + 1, shape.length(), 10);
        line = new Line(loop.equals("flux"), access.equals("read"), -1, rings, slots, BURST / rings);
    }

    @Setup(Level.Invocation)
    public void generate() {
        line.generate();
    }

    @Benchmark
    public int forward() {
        return line.forward();
    }

    @TearDown(Level.Invocation)
    public void take() {
        line.take();
    }

    @TearDown
    public void close() {
        line.checkBalance(false); // every frame passes
        line.close();
    }
}
