package org.reactornetmap.operators.filter.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.operators.PcapRecord;

class BpfOptimizerTest {
    private static final int FRAMES_PER_PROGRAM = 20;
    private static final int CUT = 100;

    @Test
    void shouldBeNoLongerThanLibpcapOnNearlyAllOfItsPrograms() throws IOException {
        ProgramCorpus.assumePresent();
        final TreeMap<Integer, Integer> differences = new TreeMap<>();
        int before = 0;
        int libpcaps = 0;
        int ours = 0;
        BpfProgram libpcap = null;
        for (final ProgramCorpus.Entry entry : ProgramCorpus.programs()) {
            if (entry.name().endsWith(" optimised")) {
                libpcap = entry.program();
            } else if (libpcap != null) {
                final BpfProgram optimised = BpfOptimizer.optimize(entry.program());
                differences.merge(optimised.length() - libpcap.length(), 1, Integer::sum);
                before += entry.program().length();
                libpcaps += libpcap.length();
                ours += optimised.length();
                libpcap = null;
            }
        }
        final int all = sum(differences.values());
        final int longer = sum(differences.tailMap(1).values());
        System.out.printf(
                "%d programs of %d instructions: %d by libpcap's optimiser, %d by ours; shorter %d, equal %d, longer %d:"
                        + " by how many instructions, how often %s%n",
                all,
                before,
                libpcaps,
                ours,
                all - longer - differences.getOrDefault(0, 0),
                differences.getOrDefault(0, 0),
                longer,
                differences);

        assertThat(longer).isLessThanOrEqualTo(all * 6 / 100);
        assertThat(ours).isLessThan(libpcaps);
    }

    private static int sum(final Iterable<Integer> counts) {
        int sum = 0;
        for (final int count : counts) {
            sum += count;
        }
        return sum;
    }

    @Test
    void shouldKeepVerdictsOnASampleOfRealPackets() throws IOException {
        compareOnCorpus(193);
    }

    @Test
    @Tag("slow")
    void shouldKeepVerdictsOnAllRealPackets() throws IOException {
        compareOnCorpus(1);
    }

    /** Whole, cut off anywhere, and with bytes changed. */
    private static void compareOnCorpus(final int every) throws IOException {
        ProgramCorpus.assumePresent();
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<Integer, List<PcapRecord>> packets = ProgramCorpus.packets();
        int first = 0;
        long compared = 0;
        for (final ProgramCorpus.Entry entry : ProgramCorpus.programs()) {
            final BpfProgram optimised = BpfOptimizer.optimize(entry.program());
            final BpfInterpreter wanted = BpfInterpreter.of(entry.program());
            final BpfInterpreter actual = BpfInterpreter.of(optimised);
            final List<PcapRecord> all = packets.getOrDefault(entry.linkType(), List.of());
            for (int i = first++ % every; i < all.size(); i += every) {
                final byte[] frame = all.get(i).data().array();
                final int wireLength = all.get(i).wireLength();
                final String where = "seed " + seed + ", " + entry + ", packet " + i;
                assertSame(where, wanted, actual, frame, frame.length, wireLength);
                assertSame(where + " cut", wanted, actual, frame, cut(frame, random), wireLength);
                final byte[] changed = changed(frame, random);
                assertSame(where + " changed", wanted, actual, changed, frame.length, wireLength);
                assertSame(where + " changed and cut", wanted, actual, changed, cut(frame, random), wireLength);
                compared += 4;
            }
        }
        System.out.println(compared + " verdicts of optimised programs compared, from seed " + seed);
    }

    @Test
    void shouldKeepVerdictsOfLibpcapsProgramsWithChanges() throws IOException {
        ProgramCorpus.assumePresent();
        final long seed = System.nanoTime();
        System.out.println("changed programs to optimise from seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomPrograms programs = new RandomPrograms(random);
        final Map<Integer, List<PcapRecord>> packets = ProgramCorpus.packets();
        for (final ProgramCorpus.Entry entry : ProgramCorpus.programs()) {
            final BpfProgram program = programs.changed(entry.program());
            final List<PcapRecord> all = packets.getOrDefault(entry.linkType(), List.of());
            if (program.isLooping() || all.isEmpty()) {
                continue;
            }
            final BpfInterpreter wanted = BpfInterpreter.of(program);
            final BpfInterpreter actual = BpfInterpreter.of(BpfOptimizer.optimize(program));
            for (int i = 0; i < 10 * FRAMES_PER_PROGRAM; i++) {
                final PcapRecord packet = all.get(random.nextInt(all.size()));
                final byte[] frame = changed(packet.data().array(), random);
                final int captured = random.nextBoolean() ? frame.length : cut(frame, random);
                assertSame("seed " + seed + ", " + entry, wanted, actual, frame, captured, packet.wireLength());
            }
        }
    }

    private static int cut(final byte[] frame, final SplittableRandom random) {
        return random.nextInt(Math.min(frame.length, CUT) + 1);
    }

    private static byte[] changed(final byte[] frame, final SplittableRandom random) {
        final byte[] changed = frame.clone();
        for (int i = random.nextInt(3); i >= 0 && frame.length > 0; i--) {
            final byte value = random.nextBoolean() ? (byte) random.nextInt() : frame[random.nextInt(frame.length)];
            changed[random.nextInt(Math.min(frame.length, CUT))] = value;
        }
        return changed;
    }

    @Test
    void shouldKeepVerdictsOfRandomPrograms() {
        final long seed = System.nanoTime();
        System.out.println("random programs to optimise from seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomPrograms programs = new RandomPrograms(random);
        long before = 0;
        long after = 0;
        for (int i = 0; i < 10_000; i++) {
            final BpfProgram program =
                    switch (i % 8) {
                        case 0 -> programs.longProgram(30);
                        case 1 -> programs.program(150);
                        case 2 -> programs.loops(30);
                        case 3 -> programs.arithmetic(1 + random.nextInt(30));
                        default -> programs.program(25);
                    };
            final BpfProgram optimised = BpfOptimizer.optimize(program);
            final String where = "seed " + seed + ", program " + i;
            assertThat(optimised.length()).as(where).isLessThanOrEqualTo(program.length());
            assertThat(BpfOptimizer.optimize(optimised)).as(where).isSameAs(optimised);
            before += program.length();
            after += optimised.length();
            if (program.isLooping()) {
                continue; // as it was: see the next test
            }
            final BpfInterpreter wanted = BpfInterpreter.of(program);
            final BpfInterpreter actual = BpfInterpreter.of(optimised);
            for (int j = 0; j < FRAMES_PER_PROGRAM; j++) {
                final byte[] frame = programs.frame();
                assertSame(where, wanted, actual, frame, frame.length, frame.length + random.nextInt(3));
            }
        }
        System.out.println("their " + before + " instructions became " + after);
    }

    private static void assertSame(
            final String where,
            final BpfInterpreter wanted,
            final BpfInterpreter actual,
            final byte[] frame,
            final int captured,
            final int wireLength) {
        final int verdict = wanted.run(frame, 0, captured, wireLength);
        if (actual.run(frame, 0, captured, wireLength) != verdict) {
            assertThat(actual.run(frame, 0, captured, wireLength))
                    .as("%s: %s of %s bytes", where, captured, HexFormat.of().formatHex(frame))
                    .isEqualTo(verdict);
        }
    }

    @Test
    void shouldLeaveProgramsThatLoopAlone() {
        final BpfProgram program = BpfProgram.of(List.of(
                BpfInstruction.of(BpfCode.LD | BpfCode.B | BpfCode.ABS, 0),
                new BpfInstruction(BpfCode.JMP | BpfCode.JEQ, 1, 0, 1),
                BpfInstruction.of(BpfCode.JMP | BpfCode.JA, -3),
                BpfInstruction.of(BpfCode.RET, 1)));

        assertThat(BpfOptimizer.optimize(program)).isSameAs(program);
    }

    @Test
    void shouldLeaveProgramsThatUseExtensionsOfLinuxAlone() {
        final int random = -0x1000 + 56;
        final BpfProgram program = BpfProgram.of(
                List.of(word(random), BpfInstruction.of(BpfCode.ST, 0), word(random), equal(0, 0, 1), ret(0), ret(1)));

        assertThat(BpfOptimizer.optimize(program)).isSameAs(program);
    }

    @Test
    void shouldLeaveOutWhatIsKnown() {
        assertOptimised(
                """
                (000) ldh      [12]
                (001) jeq      #0x800           jt 2	jf 5
                (002) ldb      [23]
                (003) jeq      #0x6             jt 4	jf 5
                (004) ret      #1
                (005) ret      #0
                """,
                half(12),
                equal(0x800, 0, 7),
                half(12), // loaded already
                equal(0x806, 4, 0), // is 0x800
                octet(23),
                equal(6, 1, 0),
                and(0x100), // a byte has no such bit
                new BpfInstruction(BpfCode.JMP | BpfCode.JGE, 0, 1, 1),
                ret(1),
                ret(0));
    }

    @Test
    void shouldKeepALoadThatOnlyRejectsFramesThatAreCutOff() {
        assertOptimised(
                """
                (000) ldb      [0]
                (001) jeq      #0x1             jt 2	jf 4
                (002) ld       [40]
                (003) ret      #1
                (004) ret      #0
                """,
                octet(0),
                equal(1, 0, 5),
                word(30), // if [40] is there, this is
                and(0),
                word(40),
                and(0),
                equal(0, 1, 0),
                ret(0),
                ret(1));
    }

    @Test
    void shouldLeaveOutALoadThatALaterOneCovers() {
        assertOptimised("""
                (000) ldb      [20]
                (001) jeq      #0x1             jt 2	jf 3
                (002) ret      #1
                (003) ret      #0
                """, word(8), octet(20), equal(1, 0, 1), ret(1), ret(0));
    }

    @Test
    void shouldCompareAValueWithAllItsConstantsInOneGo() {
        assertOptimised(
                """
                (000) ldh      [2]
                (001) jeq      #0x50            jt 6	jf 2
                (002) jeq      #0x1bb           jt 6	jf 3
                (003) ldh      [0]
                (004) jeq      #0x50            jt 6	jf 5
                (005) jeq      #0x1bb           jt 6	jf 7
                (006) ret      #1
                (007) ret      #0
                """,
                half(2),
                equal(80, 6, 0),
                half(0),
                equal(80, 4, 0),
                half(2),
                equal(443, 2, 0),
                half(0),
                equal(443, 0, 1),
                ret(1),
                ret(0));
    }

    @Test
    void shouldNotChangePlacesWhereAFrameMayBeCutOff() {
        assertOptimised(
                """
                (000) ldh      [0]
                (001) jeq      #0x50            jt 7	jf 2
                (002) ldh      [2]
                (003) jeq      #0x50            jt 7	jf 4
                (004) jeq      #0x1bb           jt 7	jf 5
                (005) ldh      [0]
                (006) jeq      #0x1bb           jt 7	jf 8
                (007) ret      #1
                (008) ret      #0
                """,
                half(0),
                equal(80, 6, 0),
                half(2),
                equal(80, 4, 0),
                half(0),
                equal(443, 2, 0),
                half(2),
                equal(443, 0, 1),
                ret(1),
                ret(0));
    }

    @Test
    void shouldLoadTheComparedBytesOnly() {
        assertOptimised(
                """
                (000) ldb      [30]
                (001) jeq      #0xa             jt 2	jf 5
                (002) ldh      [32]
                (003) jeq      #0x1             jt 5	jf 4
                (004) ret      #1
                (005) ret      #0
                """,
                word(30),
                and(0xFF000000),
                equal(10 << 24, 0, 3),
                word(30),
                and(0xFFFF),
                equal(1, 0, 1),
                ret(0),
                ret(1));
    }

    @Test
    void shouldShareTheEndsOfWays() {
        assertOptimised(
                """
                (000) ldb      [0]
                (001) jeq      #0x1             jt 2	jf 4
                (002) ldb      [2]
                (003) jeq      #0x5             jt 8	jf 6
                (004) ldb      [1]
                (005) jeq      #0x4             jt 8	jf 6
                (006) jeq      #0x7             jt 8	jf 7
                (007) jeq      #0x9             jt 8	jf 9
                (008) ret      #1
                (009) ret      #0
                """,
                octet(0),
                equal(1, 0, 5),
                octet(2),
                equal(5, 7, 0),
                equal(7, 6, 0),
                equal(9, 5, 0),
                ret(0),
                octet(1),
                equal(4, 2, 0),
                equal(7, 1, 0),
                equal(9, 0, 1),
                ret(1),
                ret(0));
    }

    @Test
    void shouldKeepADivisorWhileItComputesWhatToDivide() {
        assertOptimised(
                """
                (000) ldh      [8]
                (001) tax
                (002) mod      #9
                (003) mul      x
                (004) mod      x
                (005) ret
                """,
                half(8),
                BpfInstruction.of(BpfCode.ST, 0),
                BpfInstruction.of(BpfCode.MISC | BpfCode.TAX, 0),
                BpfInstruction.of(BpfCode.ALU | BpfCode.MOD, 9),
                BpfInstruction.of(BpfCode.ALU | BpfCode.MUL | BpfCode.X, 0),
                BpfInstruction.of(BpfCode.ALU | BpfCode.MOD | BpfCode.X, 0),
                BpfInstruction.of(BpfCode.RET | BpfCode.A, 0));
    }

    private static void assertOptimised(final String expected, final BpfInstruction... instructions) {
        final BpfProgram optimised = BpfOptimizer.optimize(BpfProgram.of(List.of(instructions)));

        assertThat(optimised.toString().replaceAll(" +\n", "\n")).isEqualTo(expected);
    }

    private static BpfInstruction word(final int offset) {
        return BpfInstruction.of(BpfCode.LD | BpfCode.W | BpfCode.ABS, offset);
    }

    private static BpfInstruction half(final int offset) {
        return BpfInstruction.of(BpfCode.LD | BpfCode.H | BpfCode.ABS, offset);
    }

    private static BpfInstruction octet(final int offset) {
        return BpfInstruction.of(BpfCode.LD | BpfCode.B | BpfCode.ABS, offset);
    }

    private static BpfInstruction and(final int mask) {
        return BpfInstruction.of(BpfCode.ALU | BpfCode.AND, mask);
    }

    private static BpfInstruction equal(final int k, final int ifTrue, final int ifFalse) {
        return new BpfInstruction(BpfCode.JMP | BpfCode.JEQ, ifTrue, ifFalse, k);
    }

    private static BpfInstruction ret(final int verdict) {
        return BpfInstruction.of(BpfCode.RET, verdict);
    }

    @Test
    void shouldReachEndsThatAreFarOff() {
        final List<BpfInstruction> instructions = new ArrayList<>();
        instructions.add(octet(0));
        for (int i = 0; i < 256; i += 2) {
            instructions.add(equal(i, 0, 3));
            instructions.add(octet(1 + i % 7));
            instructions.add(equal(i % 5, 0, 5));
            instructions.add(ret(1));
            instructions.add(equal(i + 1, 0, 3));
            instructions.add(octet(1 + i % 3));
            instructions.add(equal(i % 6, 0, 1));
            instructions.add(ret(2));
            instructions.add(octet(0));
        }
        instructions.add(ret(0));
        final BpfProgram program = BpfProgram.of(instructions);

        final BpfProgram optimised = BpfOptimizer.optimize(program);

        assertThat(optimised.length()).isBetween(300, program.length() / 2);
        final BpfInterpreter wanted = BpfInterpreter.of(program);
        final BpfInterpreter actual = BpfInterpreter.of(optimised);
        final byte[] frame = new byte[8];
        for (int i = 0; i < 1 << 16; i++) {
            frame[0] = (byte) i;
            Arrays.fill(frame, 1, frame.length, (byte) (i >> 8));
            assertSame("frame " + i, wanted, actual, frame, frame.length, frame.length);
        }
    }

    /** Programs that no compiler of filters makes. */
    enum Hostile {
        DISTINCT_LOADS,
        ONE_LOAD,
        DOUBLING,
        MEETING,
        TANGLED;

        private List<BpfInstruction> part(final int i) {
            final BpfInstruction first = i == 0 ? word(0) : BpfInstruction.of(BpfCode.MISC | BpfCode.TAX, 0);
            return switch (this) {
                case DISTINCT_LOADS ->
                    List.of(octet(i % 1499), new BpfInstruction(BpfCode.JMP | BpfCode.JGT, 1, 0, i & 0xFF), ret(i));
                case ONE_LOAD -> List.of(first, equal(i * 7919, 0, 1), ret(i % 3));
                case DOUBLING -> List.of(first, BpfInstruction.of(BpfCode.ALU | BpfCode.MUL | BpfCode.X, 0));
                case MEETING ->
                    List.of(
                            first,
                            new BpfInstruction(BpfCode.JMP | BpfCode.JSET, 0, 1, 1 << i),
                            BpfInstruction.of(BpfCode.ALU | BpfCode.ADD, i * 77 + 1));
                case TANGLED ->
                    List.of(
                            octet(i * 31 % 64),
                            new BpfInstruction(
                                    BpfCode.JMP | ((1 + i % 4) << 4), i * 37 % 200, i * 61 % 200, (i * 7) & 0xFF));
            };
        }

        BpfProgram program(final int least) {
            final List<BpfInstruction> instructions = new ArrayList<>();
            for (int i = 0; instructions.size() < least; i++) {
                instructions.addAll(part(i));
            }
            for (int i = 0; i <= 200; i++) {
                instructions.add(i % 4 == 0 ? BpfInstruction.of(BpfCode.RET | BpfCode.A, 0) : ret(i % 3));
            }
            return BpfProgram.of(instructions);
        }
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @EnumSource
    @Timeout(60)
    void shouldBearHostilePrograms(final Hostile hostile) {
        for (final int length : new int[] {300, 3_000, 10_000, BpfOptimizer.MAX_INSTRUCTIONS}) {
            final BpfProgram program = hostile.program(length);
            final BpfProgram optimised = BpfOptimizer.optimize(program);
            final BpfInterpreter wanted = BpfInterpreter.of(program);
            final BpfInterpreter actual = BpfInterpreter.of(optimised);
            final RandomPrograms random = new RandomPrograms(new SplittableRandom(length));
            for (int i = 0; i < FRAMES_PER_PROGRAM; i++) {
                final byte[] frame = random.frame();
                assertSame(hostile + " " + length, wanted, actual, frame, frame.length, frame.length);
            }
        }
    }
}
