package org.reactornetmap.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long after a sender's sync does a receiver that sleeps in poll have the packet? Beside it, a bare unpark.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
public class WakeUpBenchmark {
    @Benchmark
    public long wakeUp(final Pair state) {
        return state.sleeper.wakeAndWait();
    }

    /** A thread that sleeps, and one that wakes it. */
    @State(Scope.Thread)
    public static class Pair {
        @Param({"unpark", "pipe", "vale"})
        public String by;

        private Sleeper sleeper;

        @Setup
        public void start() {
            sleeper = by.equals("unpark") ? new ParkedSleeper() : new PolledSleeper(by.equals("vale"));
            sleeper.start();
        }

        @Setup(Level.Invocation)
        public void awaitSleep() {
            sleeper.awaitSleep();
        }

        @TearDown
        public void stop() throws InterruptedException {
            sleeper.end();
        }
    }
}
