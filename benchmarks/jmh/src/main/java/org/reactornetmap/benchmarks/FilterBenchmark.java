package org.reactornetmap.benchmarks;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.reactornetmap.operators.filter.bpf.BpfCompiler;
import org.reactornetmap.operators.filter.bpf.BpfInterpreter;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfProgram;

/**
 * What does a filter cost a packet: libpcap's interpreter, called in a loop of C or by pcap4j, gcc's code and ours, on the same
 * program, which libpcap made?
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(FilterBenchmark.PACKETS)
@Fork(value = 3)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class FilterBenchmark {
    static final int PACKETS = 14_408;
    private static final String CAPTURE = "mixed-large.pcap";

    @Benchmark
    public long libpcap(final InC state) {
        return state.loop.run(state.interpreter, state.program);
    }

    @Benchmark
    public long gcc(final InC state) {
        return state.loop.run(state.compiled, state.program);
    }

    @Benchmark
    public long interpreted(final InJava state) {
        return state.buffers(state.interpreter);
    }

    @Benchmark
    public long compiled(final InJava state) {
        return state.buffers(state.compiled);
    }

    @Benchmark
    public long compiledArray(final InJava state) {
        return state.arrays(state.compiled);
    }

    /** With pointing a view at the frame, as a ring does. */
    @Benchmark
    public long compiledPacket(final InJava state) {
        return state.packets(state.compiled);
    }

    @Benchmark
    public long pcap4j(final InPcap4j state) {
        return state.run();
    }

    /** The eight filters. */
    public enum Filter {
        PORT("udp port 53"),
        HOST("tcp dst port 80 and host 10.0.0.1"),
        BYTES("ip6 and ip6[6] = 6 and ip6[53] & 2 != 0"),
        NET("net 10.0.0.0/8 and not port 22"),
        HOSTS(List.of(
                        "35.207.102.28",
                        "164.108.226.131",
                        "140.206.64.181",
                        "178.243.28.67",
                        "190.77.209.63",
                        "25.60.73.151",
                        "45.90.209.74",
                        "54.163.255.119",
                        "217.131.60.185",
                        "48.37.147.5",
                        "97.204.172.204",
                        "99.212.189.47",
                        "47.19.190.204",
                        "198.227.117.159",
                        "219.115.159.54",
                        "177.160.111.127",
                        "99.151.224.41",
                        "113.215.131.35",
                        "20.16.29.213",
                        "10.0.0.1")
                .stream()
                .map(each -> "host " + each)
                .collect(Collectors.joining(" or "))),
        VLAN("vlan and ip"),
        LENGTH("ip[2:2] > 576"),
        PROTOCOLS("icmp or arp");

        private final String expression;

        Filter(final String expression) {
            this.expression = expression;
        }

        String expression() {
            return expression;
        }
    }

    /** In C, over the same memory. */
    @State(Scope.Thread)
    public static class InC {
        @Param
        public Filter filter;

        private NativeLoop loop;
        private Pointer interpreter;
        private Pointer compiled;
        private Memory program;

        @Setup
        public void compile() throws IOException {
            final Libpcap libpcap = new Libpcap();
            final BpfProgram made = libpcap.compile(filter.expression);
            loop = new NativeLoop(CapturedFrames.read(CAPTURE));
            program = Libpcap.inMemory(made);
            interpreter = libpcap.filterFunction();
            compiled = GccFilter.compile(made);
            checkEqual(loop.run(interpreter, program), loop.run(compiled, program));
        }
    }

    /** In Java. */
    @State(Scope.Thread)
    public static class InJava {
        @Param
        public Filter filter;

        private CapturedFrames frames;
        private FrameView packet;
        private BpfMatcher interpreter;
        private BpfMatcher compiled;

        @Setup
        public void compile() throws IOException {
            final Libpcap libpcap = new Libpcap();
            final BpfProgram made = libpcap.compile(filter.expression);
            frames = CapturedFrames.read(CAPTURE);
            if (frames.count() != PACKETS) {
                throw new IllegalStateException(CAPTURE + " has " + frames.count() + " packets, not " + PACKETS);
            }
            packet = new FrameView(frames.direct);
            interpreter = BpfInterpreter.of(made);
            compiled = BpfCompiler.compile(made);
            // A loop of its own: that of a measurement meets one engine only.
            long matches = 0;
            for (int i = 0; i < PACKETS; i++) {
                matches += bit(compiled.run(frames.array, frames.starts[i], frames.captured[i], frames.wire[i]));
            }
            System.out.println(matches + " packets match");
            checkEqual(new NativeLoop(frames).run(libpcap.filterFunction(), Libpcap.inMemory(made)), matches);
        }

        private long buffers(final BpfMatcher matcher) {
            final ByteBuffer memory = frames.direct;
            final int[] starts = frames.starts;
            final int[] captured = frames.captured;
            final int[] wire = frames.wire;
            long matches = 0;
            for (int i = 0; i < starts.length; i++) {
                matches += bit(matcher.run(memory, starts[i], captured[i], wire[i]));
            }
            return matches;
        }

        private long arrays(final BpfMatcher matcher) {
            final byte[] memory = frames.array;
            final int[] starts = frames.starts;
            final int[] captured = frames.captured;
            final int[] wire = frames.wire;
            long matches = 0;
            for (int i = 0; i < starts.length; i++) {
                matches += bit(matcher.run(memory, starts[i], captured[i], wire[i]));
            }
            return matches;
        }

        private long packets(final BpfMatcher matcher) {
            final FrameView view = packet;
            final int[] starts = frames.starts;
            final int[] captured = frames.captured;
            long matches = 0;
            for (int i = 0; i < starts.length; i++) {
                matches += bit(matcher.run(view.at(starts[i], captured[i])));
            }
            return matches;
        }

        /** 1 for a match, without a branch, as C counts. */
        private static int bit(final int verdict) {
            return (verdict | -verdict) >>> 31;
        }
    }

    /** In C, called by pcap4j for each packet. */
    @State(Scope.Thread)
    public static class InPcap4j {
        @Param
        public Filter filter;

        private final byte[][] frames = new byte[PACKETS][];
        private int[] wire;
        private org.pcap4j.core.BpfProgram program;

        @Setup
        public void compile() throws IOException, PcapNativeException, NotOpenException {
            System.setProperty("org.pcap4j.core.pcapLibName", Libpcap.NAME);
            final CapturedFrames captured = CapturedFrames.read(CAPTURE);
            wire = captured.wire;
            for (int i = 0; i < PACKETS; i++) {
                frames[i] = Arrays.copyOfRange(
                        captured.array, captured.starts[i], captured.starts[i] + captured.captured[i]);
            }
            try (PcapHandle dead = Pcaps.openDead(DataLinkType.EN10MB, Libpcap.SNAPLEN)) {
                program =
                        dead.compileFilter(filter.expression, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN);
            }
            final Libpcap libpcap = new Libpcap();
            checkEqual(
                    new NativeLoop(captured)
                            .run(libpcap.filterFunction(), Libpcap.inMemory(libpcap.compile(filter.expression))),
                    run());
        }

        private long run() {
            long matches = 0;
            for (int i = 0; i < PACKETS; i++) {
                if (program.applyFilter(frames[i], wire[i], frames[i].length)) {
                    matches++;
                }
            }
            return matches;
        }
    }

    private static void checkEqual(final long expected, final long matches) {
        if (matches != expected) {
            throw new IllegalStateException(matches + " packets match, not " + expected);
        }
    }
}
