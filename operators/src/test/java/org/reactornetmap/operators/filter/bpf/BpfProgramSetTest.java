package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;

class BpfProgramSetTest {

    /** {@code ip and udp dst port N}: looks at the fragment offset, then behind the header. */
    private static BpfProgram udpTo(final int port) {
        return BpfProgram.parseDecimal("11  40 0 0 12  21 0 8 2048  48 0 0 23  21 0 6 17  40 0 0 20  69 4 0 8191"
                + "  177 0 0 14  72 0 0 16  21 0 1 " + port + "  6 0 0 262144  6 0 0 0");
    }

    /** {@code ip and src net N}, of 24 bits. */
    private static BpfProgram fromNet(final int net) {
        return BpfProgram.parseDecimal("7  40 0 0 12  21 0 4 2048  32 0 0 26  84 0 0 4294967040  21 0 1 "
                + Integer.toUnsignedString(net) + "  6 0 0 262144  6 0 0 0");
    }

    /** {@code greater N}. */
    private static BpfProgram longerThan(final int length) {
        return BpfProgram.parseDecimal("4  128 0 0 0  53 0 1 " + length + "  6 0 0 262144  6 0 0 0");
    }

    /** Programs that match no frame of these tests, as many as there is a graph for. */
    private static Stream<BpfProgram> others(final int count) {
        return IntStream.range(0, count).mapToObj(i -> udpTo(60_000 + i));
    }

    @ParameterizedTest(name = "beside {0} others")
    @ValueSource(ints = {0, 9, 10, 100})
    void shouldFindTheFirstAndAllOfThem(final int others) {
        final BpfProgramSet set = BpfProgramSet.of(Stream.concat(
                        Stream.of(
                                udpTo(53),
                                fromNet(0x0A000100),
                                udpTo(67),
                                longerThan(10),
                                fromNet(0x0A000200),
                                udpTo(67)),
                        others(others))
                .toList());
        assertThat(first(set, Frames.udp("10.0.2.1", 9, "10.0.0.1", 67))).isEqualTo(2);
        assertThat(all(set, Frames.udp("10.0.2.1", 9, "10.0.0.1", 67))).hasToString("{2, 3, 4, 5}");
        assertThat(first(set, Frames.udp("10.0.1.1", 9, "10.0.0.1", 53))).isZero();
        assertThat(first(set, Frames.arpRequest("10.0.1.1", "10.0.0.1"))).isEqualTo(3);
        assertThat(first(set, ByteBuffer.allocate(4))).isEqualTo(-1);
        assertThat(all(set, ByteBuffer.allocate(0))).isEqualTo(new BitSet());
    }

    @Test
    void shouldMatchNothingWithoutPrograms() {
        final BpfProgramSet none = BpfProgramSet.of(List.of());
        assertThat(first(none, Frames.udp("10.0.2.1", 9, "10.0.0.1", 67))).isEqualTo(-1);
        assertThat(all(none, Frames.udp("10.0.2.1", 9, "10.0.0.1", 67))).isEqualTo(new BitSet());
    }

    /** What the set is for: of a thousand programs a frame meets those that can match it. */
    @Test
    void shouldRunOnlyWhatMayMatch() {
        final AtomicInteger runs = new AtomicInteger();
        final List<BpfProgram> programs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            programs.add(udpTo(i));
            programs.add(fromNet(0x0A000000 + (i << 8)));
        }
        final BpfProgramSet set = BpfProgramSet.of(programs, program -> new Counted(BpfInterpreter.of(program), runs));
        assertThat(first(set, Frames.udp("10.0.7.1", 9, "10.0.0.1", 33))).isEqualTo(15);
        assertThat(runs.getAndSet(0)).isLessThanOrEqualTo(2);
        assertThat(first(set, Frames.udp("192.168.0.1", 9, "10.0.0.1", 9999))).isEqualTo(-1);
        assertThat(runs.getAndSet(0)).isZero();
        assertThat(all(set, Frames.udp("10.0.7.1", 9, "10.0.0.1", 33))).hasToString("{15, 66}");
        assertThat(runs).hasValue(2);
    }

    @Test
    void shouldMakeOneMatcherForEqualPrograms() {
        final AtomicInteger made = new AtomicInteger();
        final BpfProgramSet set = BpfProgramSet.of(List.of(udpTo(1), udpTo(2), udpTo(1)), program -> {
            made.incrementAndGet();
            return BpfInterpreter.of(program);
        });
        assertThat(all(set, Frames.udp("10.0.2.1", 9, "10.0.0.1", 1))).hasToString("{0, 2}");
        assertThat(made)
                .as("the first's, which is the third's as well, and the second's")
                .hasValue(2);
    }

    @Test
    void shouldCheckRanges() {
        final BpfProgramSet set = BpfProgramSet.of(List.of(udpTo(1)));
        assertThatThrownBy(() -> set.first(new byte[10], 5, 6, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set.first(ByteBuffer.allocate(10), -1, 6, 6))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Random programs and frames: the same answers as one by one, whatever the frame is in. */
    @Test
    void shouldAnswerAsOneByOne() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomPrograms programs = new RandomPrograms(random);
        for (int round = 0; round < 400; round++) {
            final List<BpfProgram> some = Stream.generate(() -> random.nextInt(20) == 0
                            ? programs.loops(1 + random.nextInt(20))
                            : programs.program(1 + random.nextInt(40)))
                    .limit(1 + random.nextInt(random.nextBoolean() ? 60 : 8))
                    .toList();
            final BpfProgramSet set = BpfProgramSet.of(some, BpfInterpreter::of);
            final List<BpfInterpreter> each =
                    some.stream().map(BpfInterpreter::of).toList();
            for (int i = 0; i < 20; i++) {
                final byte[] frame = programs.frame();
                final int wire = frame.length + random.nextInt(3);
                final BitSet expected = new BitSet();
                for (int n = 0; n < each.size(); n++) {
                    expected.set(n, each.get(n).run(frame, 0, frame.length, wire) != 0);
                }
                final String what = "seed " + seed + ", round " + round;
                assertSame(set, frame, wire, expected, what);
            }
        }
    }

    private static void assertSame(
            final BpfProgramSet set, final byte[] frame, final int wire, final BitSet expected, final String what) {
        final BitSet found = new BitSet();
        found.set(12345); // of another time
        set.all(frame, 0, frame.length, wire, found);
        assertThat(found).as(what).isEqualTo(expected);
        final int first = expected.nextSetBit(0);
        assertThat(set.first(frame, 0, frame.length, wire)).as(what).isEqualTo(first);
        final ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length + 5);
        buffer.put(3, frame).limit(2);
        assertThat(set.first(buffer, 3, frame.length, wire)).as(what).isEqualTo(first);
        set.all(buffer, 3, frame.length, wire, found);
        assertThat(found).as(what).isEqualTo(expected);
        if (wire == frame.length) {
            final Packet packet = PacketPool.wrap(ByteBuffer.wrap(frame));
            assertThat(set.first(packet)).as(what).isEqualTo(first);
            set.all(packet, found);
            assertThat(found).as(what).isEqualTo(expected);
            packet.release();
        }
    }

    /** A thousand ways through one program, and a program as long as can be. */
    @Test
    void shouldStandLongPrograms() {
        final RandomPrograms programs = new RandomPrograms(new SplittableRandom(7));
        final List<BpfProgram> some = Stream.concat(
                        Stream.of(programs.longProgram(20_000), programs.longProgram(2_000), udpTo(5)), others(20))
                .toList();
        final BpfProgramSet set = BpfProgramSet.of(some, BpfInterpreter::of);
        final ByteBuffer frame = Frames.udp("10.0.2.1", 9, "10.0.0.1", 5);
        int expected = 0;
        while (BpfInterpreter.of(some.get(expected)).run(frame, 0, frame.limit(), frame.limit()) == 0) {
            expected++;
        }
        assertThat(first(set, frame)).isEqualTo(expected);
    }

    private static int first(final BpfProgramSet set, final ByteBuffer frame) {
        return set.first(frame, frame.position(), frame.remaining(), frame.remaining());
    }

    private static BitSet all(final BpfProgramSet set, final ByteBuffer frame) {
        final BitSet matches = new BitSet();
        set.all(frame, frame.position(), frame.remaining(), frame.remaining(), matches);
        return matches;
    }

    private record Counted(BpfMatcher matcher, AtomicInteger runs) implements BpfMatcher {
        @Override
        public int run(final ByteBuffer frame, final int start, final int captured, final int wireLength) {
            runs.incrementAndGet();
            return matcher.run(frame, start, captured, wireLength);
        }

        @Override
        public int run(final byte[] frame, final int start, final int captured, final int wireLength) {
            runs.incrementAndGet();
            return matcher.run(frame, start, captured, wireLength);
        }

        @Override
        public int run(final Packet packet) {
            runs.incrementAndGet();
            return matcher.run(packet);
        }
    }
}
