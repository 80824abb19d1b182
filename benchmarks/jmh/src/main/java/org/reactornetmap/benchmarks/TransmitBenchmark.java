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
 * What does a frame cost that is copied into a TX ring, by batch and by size?
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class TransmitBenchmark {
    private static final int BY_BATCH = 1_024;
    private static final int BY_SIZE = 256;
    private static final int BUF_SIZE = 2_048;

    @Benchmark
    @OperationsPerInvocation(BY_BATCH)
    public int byBatch(final Batches state) {
        return state.line.send(BY_BATCH);
    }

    @Benchmark
    @OperationsPerInvocation(BY_SIZE)
    public int bySize(final Sizes state) {
        return state.line.send(BY_SIZE);
    }

    /** 60-byte frames. */
    @State(Scope.Thread)
    public static class Batches {
        @Param({"bare", "flux"})
        public String loop;

        @Param({"1", "4", "16", "64", "256", "1024"})
        public int batch;

        private TransmitLine line;

        @Setup
        public void open() {
            line = new TransmitLine(loop.equals("flux"), batch, 60);
        }

        @TearDown(Level.Invocation)
        public void take() {
            line.take(BY_BATCH);
        }

        @TearDown
        public void close() {
            line.close();
        }
    }

    /** 256 packets a sync. */
    @State(Scope.Thread)
    public static class Sizes {
        @Param({"bare", "flux"})
        public String loop;

        @Param({"60", "590", "1514", "9000"})
        public int bytes;

        private TransmitLine line;

        @Setup
        public void open() {
            line = new TransmitLine(loop.equals("flux"), 256, bytes);
        }

        @TearDown(Level.Invocation)
        public void take() {
            line.take(BY_SIZE * ((bytes + BUF_SIZE - 1) / BUF_SIZE));
        }

        @TearDown
        public void close() {
            line.close();
        }
    }
}
