package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.operators.PcapRecord;

class BpfCompilerTest {
    private static final int FRAMES_PER_PROGRAM = 20;
    private static final long PAIRS = Long.getLong("filter.pairs", 100_000);

    @Test
    void shouldGiveTheInterpretersVerdictsOnRandomPrograms() {
        final long seed = System.nanoTime();
        System.out.println("random programs from seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomPrograms programs = new RandomPrograms(random);
        final EveryForm form = new EveryForm(RandomPrograms.LARGEST_FRAME);
        for (long pair = 0; pair < PAIRS; pair += FRAMES_PER_PROGRAM) {
            final BpfProgram program = programs.program(random.nextInt(10) == 0 ? 200 : 25);
            final BpfInterpreter interpreter = BpfInterpreter.of(program);
            final BpfMatcher compiled = compiled(program);
            for (int i = 0; i < FRAMES_PER_PROGRAM; i++) {
                final byte[] frame = programs.frame();
                final int wireLength = frame.length + random.nextInt(3);
                form.set(frame, frame.length);
                form.assertVerdict(
                        "seed " + seed + ", pair " + (pair + i),
                        compiled,
                        wireLength,
                        interpreter.run(frame, 0, frame.length, wireLength));
            }
        }
    }

    @Test
    void shouldGiveTheInterpretersVerdictsOnRandomLoops() {
        final long seed = System.nanoTime();
        System.out.println("random loops from seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomPrograms programs = new RandomPrograms(random);
        final EveryForm form = new EveryForm(RandomPrograms.LARGEST_FRAME);
        for (int i = 0; i < 40; i++) {
            final BpfProgram program = programs.loops(60);
            final BpfInterpreter interpreter = BpfInterpreter.of(program);
            final BpfMatcher compiled = compiled(program);
            for (int j = 0; j < 3; j++) {
                final byte[] frame = programs.frame();
                form.set(frame, frame.length);
                form.assertVerdict(
                        "seed " + seed + ", program " + i,
                        compiled,
                        frame.length,
                        interpreter.run(frame, 0, frame.length, frame.length));
            }
        }
    }

    @Test
    void shouldGiveTheInterpretersVerdictsOnListsOfValues() {
        final long seed = System.nanoTime();
        System.out.println("lists of values from seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomPrograms programs = new RandomPrograms(random);
        final EveryForm form = new EveryForm(Integer.BYTES);
        for (int i = 0; i < 40; i++) {
            final BpfProgram program = programs.lists(1 + i % 10);
            final BpfInterpreter interpreter = BpfInterpreter.of(program);
            final BpfMatcher compiled = compiled(program);
            for (final BpfInstruction each : program.instructions()) {
                final byte[] frame = ByteBuffer.allocate(Integer.BYTES)
                        .putInt(each.k() + random.nextInt(2))
                        .array();
                form.set(frame, frame.length);
                form.assertVerdict(
                        "seed " + seed + ", program " + i + ", " + each,
                        compiled,
                        frame.length,
                        interpreter.run(frame, 0, frame.length, frame.length));
            }
        }
    }

    @Test
    void shouldSplitProgramsTooLongForOneMethod() {
        final long seed = System.nanoTime();
        System.out.println("long programs from seed " + seed);
        final RandomPrograms programs = new RandomPrograms(new SplittableRandom(seed));
        final EveryForm form = new EveryForm(RandomPrograms.LARGEST_FRAME);
        for (int i = 0; i < 20; i++) {
            final BpfProgram program = programs.longProgram(500 + 500 * i);
            final BpfInterpreter interpreter = BpfInterpreter.of(program);
            final BpfMatcher compiled = compiled(program);
            for (int j = 0; j < 200; j++) {
                final byte[] frame = programs.frame();
                form.set(frame, frame.length);
                form.assertVerdict(
                        "seed " + seed + ", program " + i,
                        compiled,
                        frame.length,
                        interpreter.run(frame, 0, frame.length, frame.length));
            }
        }
    }

    @Test
    void shouldGiveTheInterpretersVerdictsOnASampleOfRealPackets() throws IOException {
        compareOnCorpus(151);
    }

    @Test
    @Tag("slow")
    void shouldGiveTheInterpretersVerdictsOnAllRealPackets() throws IOException {
        compareOnCorpus(1);
    }

    private static void compareOnCorpus(final int every) throws IOException {
        ProgramCorpus.assumePresent();
        final Map<Integer, List<PcapRecord>> packets = ProgramCorpus.packets();
        final EveryForm form = new EveryForm(1 << 16);
        int first = 0;
        long compared = 0;
        for (final ProgramCorpus.Entry entry : ProgramCorpus.programs()) {
            final BpfInterpreter interpreter = BpfInterpreter.of(entry.program());
            final BpfMatcher compiled = compiled(entry.program());
            final List<PcapRecord> all = packets.getOrDefault(entry.linkType(), List.of());
            for (int i = first++ % every; i < all.size(); i += every) {
                final byte[] frame = all.get(i).data().array();
                final int wireLength = all.get(i).wireLength();
                form.set(frame, frame.length);
                form.assertVerdict(
                        entry + ", packet " + i,
                        compiled,
                        wireLength,
                        interpreter.run(frame, 0, frame.length, wireLength));
                compared++;
            }
        }
        System.out.println(compared + " verdicts on real packets compared, each in every form");
    }

    @Test
    void shouldGiveTheInterpretersVerdictsOnFramesCutAnywhere() throws IOException {
        ProgramCorpus.assumePresent();
        final Map<Integer, List<PcapRecord>> packets = ProgramCorpus.packets();
        int count = 0;
        for (final ProgramCorpus.Entry entry : ProgramCorpus.programs()) {
            final List<PcapRecord> all = packets.getOrDefault(entry.linkType(), List.of());
            if (all.isEmpty()) {
                continue;
            }
            final byte[] frame = all.get(7 * count++ % all.size()).data().array();
            final BpfInterpreter interpreter = BpfInterpreter.of(entry.program());
            final BpfMatcher compiled = compiled(entry.program());
            final ByteBuffer direct =
                    ByteBuffer.allocateDirect(frame.length).put(frame).flip();
            for (int bytes = 0; bytes <= Math.min(frame.length, 200); bytes++) {
                final int verdict = interpreter.run(frame, 0, bytes, frame.length);
                assertThat(compiled.run(frame, 0, bytes, frame.length))
                        .as("%s on %s bytes", entry, bytes)
                        .isEqualTo(verdict);
                assertThat(compiled.run(direct, 0, bytes, frame.length))
                        .as("%s on %s bytes", entry, bytes)
                        .isEqualTo(verdict);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 60, 1_514, 1 << 15, 1 << 16, 1 << 20})
    void shouldEndALoopByTheLengthOfTheFrame(final int captured) {
        final byte[] frame = new byte[captured];
        final int most = 256 + 2 * Math.min(captured, 1 << 15);
        for (final int rounds : new int[] {1, most, most + 1}) {
            final BpfProgram program = rounds(rounds);
            final int verdict = rounds <= most ? rounds + 1 : 0;

            assertThat(BpfInterpreter.of(program).run(frame, 0, captured, captured))
                    .isEqualTo(verdict);
            assertThat(compiled(program).run(frame, 0, captured, captured)).isEqualTo(verdict);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 21, 22, 23, 1_000})
    void shouldCountTheRoundsOfAllLoopsOfALongProgram(final int captured) {
        final BpfProgram program =
                rounds(IntStream.range(0, 300).map(each -> 2 * each + 1).toArray()); // one round each
        final int verdict = captured < 22 ? 0 : 600;

        assertThat(BpfInterpreter.of(program).run(new byte[captured], 0, captured, captured))
                .isEqualTo(verdict);
        assertThat(compiled(program).run(new byte[captured], 0, captured, captured))
                .isEqualTo(verdict);
    }

    /** One loop behind the other, each of which counts on until there are more than so many; returns how many. */
    private static BpfProgram rounds(final int... counts) {
        final List<BpfInstruction> instructions = new ArrayList<>();
        for (final int count : counts) {
            instructions.add(BpfInstruction.of(BpfCode.LD | BpfCode.MEM, 0));
            instructions.add(BpfInstruction.of(BpfCode.ALU | BpfCode.ADD, 1));
            instructions.add(BpfInstruction.of(BpfCode.ST, 0));
            instructions.add(new BpfInstruction(BpfCode.JMP | BpfCode.JGT, 1, 0, count));
            instructions.add(BpfInstruction.of(BpfCode.JMP | BpfCode.JA, -5));
        }
        instructions.add(BpfInstruction.of(BpfCode.RET | BpfCode.A, 0));
        return BpfProgram.of(instructions);
    }

    @Test
    void shouldRefuseARangeOutsideTheFrame() {
        final BpfMatcher compiled = compiled(BpfProgram.parseDecimal("1 6 0 0 1"));

        for (final int[] range : new int[][] {{0, 5}, {4, 1}, {-1, 1}, {1, -1}, {5, 0}, {1, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> compiled.run(new byte[4], range[0], range[1], 4))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> compiled.run(ByteBuffer.allocate(4), range[0], range[1], 4))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> compiled.run(ByteBuffer.allocateDirect(4), range[0], range[1], 4))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldInterpretWhatIsTooLong() {
        final List<BpfInstruction> instructions = new ArrayList<>();
        IntStream.range(0, BpfCompiler.MAX_INSTRUCTIONS)
                .forEach(any -> instructions.add(BpfInstruction.of(BpfCode.LD, 1)));
        instructions.add(BpfInstruction.of(BpfCode.RET | BpfCode.A, 0));

        assertThat(BpfCompiler.compile(BpfProgram.of(instructions))).isInstanceOf(BpfInterpreter.class);
    }

    @Test
    void shouldLetItsClassGoWithTheMatcher() {
        final WeakReference<Class<?>> type = new WeakReference<>(
                compiled(BpfProgram.parseDecimal("2 48 0 0 3 22 0 0 0")).getClass());
        final List<byte[]> pressure = new ArrayList<>();
        for (int i = 0; i < 50 && type.get() != null; i++) {
            System.gc();
            pressure.add(new byte[1 << 16]);
        }

        assertThat(type.get()).as("class after %s collections", pressure.size()).isNull();
    }

    @Test
    void shouldRunOnManyThreads() {
        final BpfMatcher compiled = compiled(BpfProgram.parseDecimal("4 48 0 0 0 2 0 0 3 96 0 0 3 22 0 0 0"));
        final List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                .mapToObj(each -> CompletableFuture.runAsync(() -> {
                    final byte[] frame = {(byte) each};
                    for (int i = 0; i < 100_000; i++) {
                        assertThat(compiled.run(frame, 0, 1, 1) == each).isTrue();
                    }
                }))
                .toList();

        threads.forEach(CompletableFuture::join);
    }

    private static BpfMatcher compiled(final BpfProgram program) {
        final BpfMatcher compiled = BpfCompiler.compile(program);
        assertThat(compiled).isNotInstanceOf(BpfInterpreter.class);
        return compiled;
    }
}
