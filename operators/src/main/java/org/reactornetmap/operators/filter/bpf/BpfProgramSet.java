package org.reactornetmap.operators.filter.bpf;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactornetmap.packet.Packet;

/**
 * Many programs, asked together which of them match a frame, at much less than the sum of their costs. What they test for
 * equality (protocols, addresses, networks, ports) is in one graph: a frame's field is read once, and its value leads, by one
 * look-up, to the programs that ask for it. Only those are run. A program whose tests can't be looked up, such as {@code
 * greater 1000}, is run for each frame that no earlier program matches. Fewer than 16 programs are run one by one.
 *
 * <p>The answer is that of running the programs one by one. Immutable but for what is made when first needed; any thread.
 * Asking makes no garbage.
 */
public final class BpfProgramSet {
    private static final int UNMATCHED = Integer.MAX_VALUE;

    /** So many programs cost as much one by one as the graph does (FilterSetBenchmark). */
    private static final int WORTH_A_GRAPH = 16;

    private final List<BpfProgram> programs;
    private final Function<BpfProgram, BpfMatcher> engine;
    private final @Nullable WayIndex root;

    /** By the number of the first program that says the same. */
    private final AtomicReferenceArray<BpfMatcher> matchers;

    private final int[] same;

    private BpfProgramSet(final List<BpfProgram> programs, final Function<BpfProgram, BpfMatcher> engine) {
        TieredMatcher.startCompiler();
        this.programs = List.copyOf(programs);
        this.engine = engine;
        matchers = new AtomicReferenceArray<>(this.programs.size());
        same = new int[this.programs.size()];
        final Map<BpfProgram, Integer> firsts = new HashMap<>();
        for (int i = 0; i < same.length; i++) {
            final Integer first = firsts.putIfAbsent(this.programs.get(i), i);
            same[i] = first == null ? i : first;
        }
        final Function<BpfProgram, Set<Way>> ways =
                same.length < WORTH_A_GRAPH ? program -> WayFinder.ANY : WayFinder::waysOf;
        root = WayIndex.of(this.programs.stream().map(ways).toList());
    }

    /**
     * A set of programs, each of which is run by a {@link TieredMatcher}.
     *
     * @param programs in order; the same one may be there more than once
     * @return ready to be asked
     */
    public static BpfProgramSet of(final List<BpfProgram> programs) {
        return of(programs, TieredMatcher::of);
    }

    /**
     * A set of programs.
     *
     * @param programs in order; the same one may be there more than once
     * @param engine makes what runs a program, when it is first run; called by the thread that asks, at times twice for one
     *     program
     * @return ready to be asked
     */
    public static BpfProgramSet of(final List<BpfProgram> programs, final Function<BpfProgram, BpfMatcher> engine) {
        return new BpfProgramSet(programs, Objects.requireNonNull(engine, "engine"));
    }

    /**
     * The programs.
     *
     * @return in order, immutable
     */
    public List<BpfProgram> programs() {
        return programs;
    }

    /**
     * The first program that matches a packet.
     *
     * @param packet not released
     * @return its index, -1 if none matches
     */
    public int first(final Packet packet) {
        return first(FrameReader.PACKET, packet, 0, packet.length(), packet.wireLength());
    }

    /**
     * The first program that matches a frame in a buffer.
     *
     * @param frame as for {@link BpfMatcher#run(ByteBuffer, int, int, int)}
     * @param start offset of the first byte
     * @param captured bytes that are there
     * @param wireLength bytes that the frame had on the wire
     * @return its index, -1 if none matches
     * @throws IndexOutOfBoundsException if the range is not inside the buffer's capacity
     */
    public int first(final ByteBuffer frame, final int start, final int captured, final int wireLength) {
        return first(FrameReader.BUFFER, FrameAccess.whole(frame, start, captured), start, captured, wireLength);
    }

    /**
     * The first program that matches a frame in an array.
     *
     * @param frame as for {@link BpfMatcher#run(byte[], int, int, int)}
     * @param start offset of the first byte
     * @param captured bytes that are there
     * @param wireLength bytes that the frame had on the wire
     * @return its index, -1 if none matches
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    public int first(final byte[] frame, final int start, final int captured, final int wireLength) {
        Objects.checkFromIndexSize(start, captured, frame.length);
        return first(FrameReader.ARRAY, frame, start, captured, wireLength);
    }

    /**
     * All programs that match a packet.
     *
     * @param packet not released
     * @param matches where their indexes are set; those of the others are cleared
     */
    public void all(final Packet packet, final BitSet matches) {
        all(FrameReader.PACKET, packet, 0, packet.length(), packet.wireLength(), matches);
    }

    /**
     * All programs that match a frame in a buffer.
     *
     * @param frame as for {@link BpfMatcher#run(ByteBuffer, int, int, int)}
     * @param start offset of the first byte
     * @param captured bytes that are there
     * @param wireLength bytes that the frame had on the wire
     * @param matches where their indexes are set; those of the others are cleared
     * @throws IndexOutOfBoundsException if the range is not inside the buffer's capacity
     */
    public void all(
            final ByteBuffer frame, final int start, final int captured, final int wireLength, final BitSet matches) {
        all(FrameReader.BUFFER, FrameAccess.whole(frame, start, captured), start, captured, wireLength, matches);
    }

    /**
     * All programs that match a frame in an array.
     *
     * @param frame as for {@link BpfMatcher#run(byte[], int, int, int)}
     * @param start offset of the first byte
     * @param captured bytes that are there
     * @param wireLength bytes that the frame had on the wire
     * @param matches where their indexes are set; those of the others are cleared
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    public void all(
            final byte[] frame, final int start, final int captured, final int wireLength, final BitSet matches) {
        Objects.checkFromIndexSize(start, captured, frame.length);
        all(FrameReader.ARRAY, frame, start, captured, wireLength, matches);
    }

    private <F> int first(
            final FrameReader<F> reader, final F frame, final int start, final int captured, final int wireLength) {
        int found = UNMATCHED;
        WayIndex node = root;
        while (node != null && node.lowest < found) {
            for (final int program : node.programs) {
                if (program >= found) {
                    break;
                }
                if (reader.run(matcher(program), frame, start, captured, wireLength) != 0) {
                    found = program;
                }
            }
            node = node.next(reader, frame, start, captured);
        }
        return found == UNMATCHED ? -1 : found;
    }

    private <F> void all(
            final FrameReader<F> reader,
            final F frame,
            final int start,
            final int captured,
            final int wireLength,
            final BitSet matches) {
        matches.clear();
        WayIndex node = root;
        while (node != null) {
            for (final int program : node.programs) {
                if (!matches.get(program) && reader.run(matcher(program), frame, start, captured, wireLength) != 0) {
                    matches.set(program);
                }
            }
            node = node.next(reader, frame, start, captured);
        }
    }

    private BpfMatcher matcher(final int program) {
        final int first = same[program];
        final BpfMatcher made = matchers.getAcquire(first);
        return made == null ? make(first) : made;
    }

    private BpfMatcher make(final int program) {
        final BpfMatcher made = engine.apply(programs.get(program));
        matchers.setRelease(program, made);
        return made;
    }
}
