package org.reactornetmap.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * What does a packet cost on its way through the embedded netmap itself, sender's and receiver's syncs together, on one
 * core?
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ExchangeBenchmark.PACKETS)
@Fork(value = 3)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ExchangeBenchmark {
    static final int PACKETS = 2_048;

    @Benchmark
    public int exchange(final Ports state) {
        return state.exchange.exchange(PACKETS, state.batch);
    }

    /** The baseline: the bytes alone, from one array to another. */
    @Benchmark
    public byte[] copy(final Arrays state) {
        for (int i = 0; i < PACKETS; i++) {
            final int at = (i & Arrays.MASK) * Arrays.STRIDE;
            System.arraycopy(state.from, at, state.to, at, state.bytes);
        }
        return state.to;
    }

    /** By pipe or by switch. */
    @State(Scope.Thread)
    public static class Ports {
        @Param({"pipe", "vale"})
        public String via;

        @Param({"2", "8"})
        public int ports;

        @Param({"60", "1514"})
        public int bytes;

        @Param({"1", "16", "256"})
        public int batch;

        private Exchange exchange;

        @Setup
        public void open() {
            exchange = new Exchange(via.equals("vale"), ports, bytes);
        }

        @TearDown
        public void close() {
            exchange.checkBalance();
            exchange.close();
        }
    }

    /** As many buffers as two rings have. */
    @State(Scope.Thread)
    public static class Arrays {
        static final int STRIDE = 2_048;
        static final int MASK = 1_023;

        @Param({"60", "1514"})
        public int bytes;

        private final byte[] from = new byte[STRIDE * (MASK + 1)];
        private final byte[] to = new byte[STRIDE * (MASK + 1)];
    }
}
