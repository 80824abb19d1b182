package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.kernel.KernelRecord;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The library and netmap's own programs at two ends of a wire. On a pipe they agree to the packet; a switch and the generic
 * adapter may drop, but neither the first ringful, nor may they change a frame.
 */
@Tag("kernel")
@Timeout(300)
@SuppressWarnings("try") // a stream ends when its port closes
class KernelProgramsTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final PortOptions KERNEL =
            PortOptions.builder().driver("kernel").build();
    private static final TxOptions CONFIRMED =
            TxOptions.builder().drain(Duration.ofMinutes(1)).build();
    private static final String SOURCE = "02:00:00:00:00:0a";
    private static final String TARGET = "02:00:00:00:00:0b";
    private static final int LENGTH = 60;

    /** An EtherType that no program sends: what was sent before has come when such a frame comes. */
    private static final int LAST = 0x88B6;

    /** Of what arrives at an empty ring, so much is not dropped. */
    private static final int FIRST = 200;

    private static final Set<String> ROWS = new TreeSet<>();

    @BeforeEach
    void programs() {
        NetmapProgram.assumeGiven();
    }

    /** {@code docs/netmap-fidelity.md} shows what the last whole run left here. */
    @AfterAll
    static void keepCounts() throws IOException {
        if (!ROWS.isEmpty()) {
            final List<String> lines =
                    new ArrayList<>(List.of(KernelRecord.ofThisMachine().where()));
            lines.addAll(ROWS);
            Files.write(Path.of("target", "kernel-programs.txt"), lines);
        }
    }

    private static int count(final Wire.Kind kind) {
        return kind.isLossless() ? 100_000 : 20_000;
    }

    private static NetmapProgram pktGenSends(final String port, final int count) {
        return NetmapProgram.start(
                "pkt-gen",
                "-f",
                "tx",
                "-i",
                port,
                "-n",
                "" + count,
                "-l",
                "" + LENGTH,
                "-w",
                "0",
                "-T",
                "100",
                "-S",
                SOURCE,
                "-D",
                TARGET,
                "-s",
                "10.0.0.1:1111",
                "-d",
                "10.0.0.2:2222");
    }

    /** Returns when it is ready to receive. */
    private static NetmapProgram pktGenReceives(final String port, final String... more) {
        final List<String> arguments = new ArrayList<>(List.of("-i", port, "-f", "rx", "-w", "0", "-T", "100"));
        arguments.addAll(List.of(more));
        final NetmapProgram program = NetmapProgram.start("pkt-gen", arguments.toArray(String[]::new));
        return ready(program, "reading from");
    }

    /** Returns when it is ready to forward. */
    private static NetmapProgram bridge(final String one, final String other) {
        return ready(NetmapProgram.start("bridge", "-w", "0", "-i", one, "-i", other), "Ready to go");
    }

    private static NetmapProgram ready(final NetmapProgram program, final String line) {
        try {
            program.awaitLine(line);
            return program;
        } catch (final Throwable e) {
            program.close();
            throw e;
        }
    }

    /** What pkt-gen says at its end, such as "Sent 100 packets 6000 bytes". */
    private static long counted(final List<String> output, final String verb) {
        final Pattern summary = Pattern.compile(verb + " (\\d+) packets (\\d+) bytes");
        for (final String line : output) {
            final Matcher matcher = summary.matcher(line);
            if (matcher.find()) {
                final long packets = Long.parseLong(matcher.group(1));
                assertThat(Long.parseLong(matcher.group(2))).as(line).isEqualTo(packets * LENGTH);
                return packets;
            }
        }
        throw new AssertionError("pkt-gen did not say what it has " + verb + ": " + output);
    }

    /** Waits until pkt-gen has received nothing for a while, and ends it. */
    private static long receivedByPktGen(final NetmapProgram program) {
        final String nothing = "\\( *0(\\.000)? *pkts";
        program.awaitLine("\\( *[0-9.]*[1-9][0-9.]* *[KMG]?pkts");
        program.awaitLine(nothing);
        program.awaitLine(nothing);
        program.interrupt();
        return counted(program.awaitEnd(), "Received");
    }

    private static ByteBuffer frame() {
        return Frames.ethernet()
                .src(SOURCE)
                .dst(TARGET)
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1111, 2222)
                .payload(18)
                .build();
    }

    private static Flux<ByteBuffer> frames(final int count) {
        final ByteBuffer frame = frame();
        return Flux.range(0, count).map(i -> frame.duplicate());
    }

    private static TxReport send(final NetmapPort port, final int count) {
        return port.linkUp()
                .then(port.send(frames(count).map(PacketPool::wrap), CONFIRMED))
                .block(TIMEOUT);
    }

    /** Counts frames as both sides make them, and looks at each. */
    private static final class Receiver {
        private final AtomicLong received = new AtomicLong();
        private final AtomicReference<String> wrong = new AtomicReference<>();
        private final CompletableFuture<Void> last = new CompletableFuture<>();

        Receiver(final NetmapPort port) {
            port.packets().subscribe(this::look, last::completeExceptionally);
        }

        private void look(final Packet packet) {
            try {
                if (packet.u16(12) == LAST) {
                    last.complete(null);
                    return;
                }
                received.incrementAndGet();
                if (packet.length() != LENGTH
                        || packet.i64(0) != 0x02_00_00_00_00_0B_02_00L
                        || packet.i64(6) != 0x02_00_00_00_00_0A_08_00L
                        || packet.i64(26) != 0x0A_00_00_01_0A_00_00_02L
                        || packet.u16(34) != 1111
                        || packet.u16(36) != 2222) {
                    wrong.compareAndSet(null, HexFormat.of().formatHex(packet.toBytes()));
                }
            } finally {
                packet.release();
            }
        }

        /** Sends what comes last, until it comes: it may be dropped, too. */
        long receivedBeforeTheLastOf(final NetmapPort sender) throws Exception {
            final ByteBuffer end = Frames.ethernet()
                    .src(SOURCE)
                    .dst(TARGET)
                    .etherType(LAST)
                    .payload(46)
                    .build();
            final long start = System.nanoTime();
            while (!last.isDone()) {
                sender.inject(end.duplicate());
                Mono.firstWithSignal(Mono.fromFuture(last, true), Mono.delay(Duration.ofMillis(100)))
                        .block(TIMEOUT);
                assertThat(System.nanoTime() - start).isLessThan(TIMEOUT.toNanos());
            }
            last.get(1, TimeUnit.SECONDS);
            assertThat(wrong)
                    .as("a frame that arrived otherwise than it was sent")
                    .hasValue(null);
            return received.get();
        }
    }

    private static void account(final Wire.Kind kind, final String way, final long sent, final long received) {
        final String row = String.format(
                Locale.ROOT,
                "%s | %s | %,d | %,d | %,d",
                way,
                kind.name().toLowerCase(Locale.ROOT),
                sent,
                received,
                sent - received);
        System.out.println(row);
        ROWS.add(row);
        assertThat(sent).isEqualTo(count(kind));
        if (kind.isLossless()) {
            assertThat(received).isEqualTo(sent);
        } else {
            assertThat(received).isBetween((long) FIRST, sent);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReceiveWhatPktGenSends(final Wire.Kind kind) throws Exception {
        try (Wire wire = kind.create();
                NetmapPort port = NetmapPort.open(wire.right(), KERNEL)) {
            final Receiver receiver = new Receiver(port);
            final long sent;
            try (NetmapProgram pktGen = pktGenSends(wire.left(), count(kind))) {
                sent = counted(pktGen.awaitEnd(), "Sent");
            }
            try (NetmapPort same = NetmapPort.open(wire.left(), KERNEL)) {
                account(kind, "pkt-gen to ours", sent, receiver.receivedBeforeTheLastOf(same));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendWhatPktGenReceives(final Wire.Kind kind) throws Exception {
        try (Wire wire = kind.create();
                NetmapProgram pktGen = pktGenReceives(wire.right());
                NetmapPort port = NetmapPort.open(wire.left(), KERNEL)) {
            final TxReport report = send(port, count(kind));
            assertThat(report.pending()).isZero();
            account(kind, "ours to pkt-gen", report.sent(), receivedByPktGen(pktGen));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendTheVeryBytesThatPktGenSees(final Wire.Kind kind) throws Exception {
        final int few = 10;
        try (Wire wire = kind.create();
                NetmapProgram pktGen = pktGenReceives(wire.right(), "-X", "-n", Integer.toString(few));
                NetmapPort port = NetmapPort.open(wire.left(), KERNEL)) {
            // pkt-gen ends without the sync that would give the slots back
            assertThat(port.linkUp()
                            .then(port.sendFrames(frames(few)))
                            .block(TIMEOUT)
                            .sent())
                    .isEqualTo(few);
            final List<String> output = pktGen.awaitEnd();
            assertThat(counted(output, "Received")).isEqualTo(few);
            assertThat(dumped(output)).hasSize(few).containsOnly(frame());
        }
    }

    /** A frame is a line that begins with "ring", and lines of an offset, 16 bytes and their characters. */
    private static List<ByteBuffer> dumped(final List<String> output) {
        final List<ByteBuffer> frames = new ArrayList<>();
        ByteBuffer frame = ByteBuffer.allocate(0);
        for (final String line : output) {
            if (line.startsWith("ring ")) {
                frame = ByteBuffer.allocate(LENGTH);
                frames.add(frame);
            } else if (frame.hasRemaining()) {
                final int start = line.indexOf(':') + 2;
                for (int i = 0; i < 16 && frame.hasRemaining(); i++) {
                    frame.put((byte) HexFormat.fromHexDigits(line, start + 3 * i, start + 3 * i + 2));
                }
                if (!frame.hasRemaining()) {
                    frame.flip();
                    frame = ByteBuffer.allocate(0);
                }
            }
        }
        return frames;
    }

    @ParameterizedTest
    @EnumSource
    void shouldGetBackThroughBridgeWhatItSends(final Wire.Kind kind) throws Exception {
        try (Wire first = kind.create();
                Wire second = kind.create();
                NetmapPort in = NetmapPort.open(first.left(), KERNEL);
                NetmapPort out = NetmapPort.open(second.right(), KERNEL);
                NetmapProgram bridge = bridge(first.right(), second.left())) {
            final Receiver receiver = new Receiver(out);
            final long sent = send(in, count(kind)).sent();
            account(kind, "ours through bridge to ours", sent, receiver.receivedBeforeTheLastOf(in));
            bridge.interrupt();
            bridge.awaitEnd();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldForwardFromPktGenToPktGen(final Wire.Kind kind) throws Exception {
        try (Wire first = kind.create();
                Wire second = kind.create();
                NetmapLoop loop = NetmapLoop.create("forwarder");
                NetmapPort in = NetmapPort.open(first.right(), on(loop));
                NetmapPort out = NetmapPort.open(second.left(), on(loop));
                NetmapProgram target = pktGenReceives(second.right())) {
            final CompletableFuture<TxReport> forwarded =
                    in.packets().as(packets -> out.send(packets, CONFIRMED)).toFuture();
            final long sent;
            try (NetmapProgram source = pktGenSends(first.left(), count(kind))) {
                sent = counted(source.awaitEnd(), "Sent");
            }
            final long received = receivedByPktGen(target);
            account(kind, "pkt-gen through ours to pkt-gen", sent, received);
            in.close();
            final TxReport report = forwarded.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            assertThat(report.sent()).isBetween(received, sent);
            assertThat(report.sent()).isEqualTo(in.statistics().received());
            assertThat(report.rejected() + report.dropped()).isZero();
        }
    }

    private static PortOptions on(final NetmapLoop loop) {
        return KERNEL.toBuilder().loop(loop).build();
    }
}
