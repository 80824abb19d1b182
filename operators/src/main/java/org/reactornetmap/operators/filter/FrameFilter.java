package org.reactornetmap.operators.filter;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.reactornetmap.operators.filter.bpf.BpfMatcher;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;

/**
 * A filter for frames of one link type, wherever they are:
 *
 * <pre>{@code
 * FrameFilter dns = FrameFilter.matching("udp port 53", LinkType.ETHERNET);
 * boolean matches = dns.matches(frame);           // a ByteBuffer, from position to limit, or a byte[]
 * Flux<ByteBuffer> answers = frames.transform(dns::filterBuffers);
 * System.out.print(dns.program());                // as tcpdump -d
 * }</pre>
 *
 * <p>A read past the end of a frame is no match, as everywhere in BPF. Any thread, any number of streams; a question makes no
 * garbage.
 */
public final class FrameFilter {

    private final BpfProgram program;
    private final BpfMatcher matcher;
    private final FilterAccount account = new FilterAccount();
    private final CurrentRule<ByteBuffer> buffers = new CurrentRule<>(new Rule<>(this::matches, account));
    private final CurrentRule<byte[]> arrays = new CurrentRule<>(new Rule<>(this::matches, account));

    private FrameFilter(BpfProgram program, BpfMatcher matcher) {
        this.program = program;
        this.matcher = matcher;
    }

    /**
     * A filter of the tcpdump language.
     *
     * @param expression such as {@code udp port 53 and not host 10.0.0.1}
     * @param linkType what frames begin with
     * @return ready to be asked
     * @throws FilterSyntaxException if the expression is no filter for the link type; says what is wrong and where
     */
    public static FrameFilter matching(String expression, LinkType linkType) {
        return matching(expression, linkType, FilterOptions.defaults());
    }

    /**
     * A filter of the tcpdump language.
     *
     * @param expression such as {@code udp port 53 and not host 10.0.0.1}
     * @param linkType what frames begin with, in place of the options'
     * @param options netmask, names, engine
     * @return ready to be asked
     * @throws FilterSyntaxException if the expression is no filter for the link type; says what is wrong and where
     */
    public static FrameFilter matching(String expression, LinkType linkType, FilterOptions options) {
        return of(
                options.withLinkType(Objects.requireNonNull(linkType, "linkType"))
                        .compile(expression),
                options);
    }

    /**
     * A filter of a program, perhaps one that was made elsewhere: see {@link BpfProgram#parseDecimal(String)}.
     *
     * @param program run as it is
     * @param options of which only the engine counts
     * @return ready to be asked
     */
    public static FrameFilter of(BpfProgram program, FilterOptions options) {
        return new FrameFilter(program, options.matcher(program));
    }

    /**
     * What it runs.
     *
     * @return the program, whose {@code toString()} is what {@code tcpdump -d} prints
     */
    public BpfProgram program() {
        return program;
    }

    /**
     * Whether a frame matches that is as long as on the wire.
     *
     * @param frame from position to limit, which stay
     * @return true for a match
     */
    public boolean matches(ByteBuffer frame) {
        return matches(frame, frame.remaining());
    }

    /**
     * Whether a frame matches.
     *
     * @param frame from position to limit, which stay
     * @param wireLength bytes that it had on the wire
     * @return true for a match
     */
    public boolean matches(ByteBuffer frame, int wireLength) {
        return matcher.run(frame, frame.position(), frame.remaining(), wireLength) != 0;
    }

    /**
     * Whether a frame matches that is as long as on the wire.
     *
     * @param frame all of it
     * @return true for a match
     */
    public boolean matches(byte[] frame) {
        return matches(frame, frame.length);
    }

    /**
     * Whether a frame matches.
     *
     * @param frame all of it
     * @param wireLength bytes that it had on the wire
     * @return true for a match
     */
    public boolean matches(byte[] frame, int wireLength) {
        return matcher.run(frame, 0, frame.length, wireLength) != 0;
    }

    /**
     * Whether a packet matches, of one slot or several. It is taken to begin as the filter's frames do.
     *
     * @param packet not released
     * @return true for a match
     */
    public boolean matches(Packet packet) {
        return matcher.run(packet) != 0;
    }

    /**
     * Filters a stream of buffers and counts, for {@code transform}.
     *
     * @param frames each as for {@link #matches(ByteBuffer)}
     * @return those that match
     */
    public Flux<ByteBuffer> filterBuffers(Flux<ByteBuffer> frames) {
        return FluxMatching.of(frames, buffers, rejected -> {});
    }

    /**
     * Filters a stream of arrays and counts, for {@code transform}.
     *
     * @param frames each as for {@link #matches(byte[])}
     * @return those that match
     */
    public Flux<byte[]> filterArrays(Flux<byte[]> frames) {
        return FluxMatching.of(frames, arrays, rejected -> {});
    }

    /**
     * What the filter did so far in all streams; questions are not counted. The numbers are exact once the streams are quiet.
     *
     * @return the counters
     */
    public FilterStatistics statistics() {
        return account.statistics();
    }
}
