package org.reactornetmap.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;
import org.reactornetmap.operators.filter.bpf.BpfCompiler;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfOptimizer;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.bpf.BpfProgramSet;
import org.reactornetmap.operators.filter.language.FilterCompiler;
import org.reactornetmap.operators.filter.language.FilterTarget;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.test.Frames;

/**
 * What does it cost to find the first of many rules that a frame matches: all asked together, or one after the other? Half of
 * the frames match some rule, half match none.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3)
@Warmup(iterations = 5, time = 3) // a thousand classes are compiled, each after its own thousands of calls
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class FilterSetBenchmark {
    private static final int FRAMES = 1_024;

    @Param({"10", "100", "1000"})
    public int rules;

    private byte[][] frames = {};
    private BpfMatcher[] matchers = {};
    private BpfProgramSet set = BpfProgramSet.of(List.of());

    /** Addresses, networks of several sizes, ports and ranges of them, over TCP and UDP: what firewalls have. */
    @Setup
    public void fill() {
        final SplittableRandom random = new SplittableRandom(42);
        final List<BpfProgram> programs = new ArrayList<>();
        final List<ByteBuffer> matching = new ArrayList<>();
        for (int i = 0; i < rules; i++) {
            programs.add(BpfOptimizer.optimize(
                    FilterCompiler.compile(rule(i, matching), FilterTarget.of(LinkType.ETHERNET))));
        }
        set = BpfProgramSet.of(programs, BpfCompiler::compile);
        matchers = programs.stream().map(BpfCompiler::compile).toArray(BpfMatcher[]::new);
        frames = new byte[FRAMES][];
        for (int i = 0; i < FRAMES; i++) {
            final ByteBuffer frame = random.nextBoolean()
                    ? matching.get(random.nextInt(matching.size()))
                    : Frames.tcp(
                            address(172, random.nextInt(1 << 24)), 50_000, address(192, random.nextInt(99)), 60_000);
            frames[i] = new byte[frame.remaining()];
            frame.duplicate().get(frames[i]);
            if (set.first(frames[i], 0, frames[i].length, frames[i].length) != oneByOne(frames[i])) {
                throw new IllegalStateException("frame " + i + ": not the same answer");
            }
        }
    }

    private static String address(final int net, final int rest) {
        return net + "." + (rest >> 16 & 0xFF) + "." + (rest >> 8 & 0xFF) + "." + (rest & 0xFF);
    }

    private static String rule(final int i, final List<ByteBuffer> matching) {
        final String host = address(10, 7919 * i);
        final String net = address(10, i << 8);
        final int port = 1000 + i;
        switch (i % 5) {
            case 0 -> {
                matching.add(Frames.tcp("172.16.0.1", 9, host, port));
                return "tcp dst port " + port + " and dst host " + host;
            }
            case 1 -> {
                matching.add(Frames.udp("172.16.0.1", 9, "172.16.0.2", port));
                return "udp dst port " + port;
            }
            case 2 -> {
                matching.add(Frames.tcp(address(10, (i << 8) + 7), 9, "172.16.0.2", 9));
                return "tcp and src net " + net + "/24";
            }
            case 3 -> {
                matching.add(Frames.udp("172.16.0.1", 9, host, 9));
                return "host " + host;
            }
            default -> {
                matching.add(Frames.tcp(address(11, i << 16), 9, net, port));
                return "src net " + address(11, i << 16) + "/16 and dst net " + net + "/24 and tcp dst portrange "
                        + port + "-" + (port + 10);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int together() {
        int sum = 0;
        for (final byte[] frame : frames) {
            sum += set.first(frame, 0, frame.length, frame.length);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int oneByOne() {
        int sum = 0;
        for (final byte[] frame : frames) {
            sum += oneByOne(frame);
        }
        return sum;
    }

    private int oneByOne(final byte[] frame) {
        for (int i = 0; i < matchers.length; i++) {
            if (matchers[i].run(frame, 0, frame.length, frame.length) != 0) {
                return i;
            }
        }
        return -1;
    }
}
