package org.reactornetmap.operators.filter;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.bpf.BpfProgramSet;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;

/**
 * A rule table: many filters on one stream, and which of them a packet matches, at much less than the sum of their costs.
 *
 * <pre>{@code
 * FilterSet rules = FilterSet.of("src net 10.1.0.0/16 and tcp dst port 443", "udp port 53", "host 10.0.0.1");
 * int rule = rules.first(packet);                 // 0, 1, 2, or -1
 * }</pre>
 *
 * <p>What filters test for equality (protocols, addresses, networks, ports) is looked up for all of them at once; only the
 * filters whose tests of this kind a packet passes are run on it. See {@link BpfProgramSet}. The answer is that of asking
 * the filters one by one, in order.
 *
 * <p>Immutable, any thread; asking makes no garbage. The link type is the packet's: the set is compiled for each one that is
 * seen, by the thread that sees it first.
 */
public final class FilterSet {

    private final List<String> expressions;
    private final PerLinkType<BpfProgramSet> sets;

    private FilterSet(List<String> expressions, FilterOptions options) {
        this.expressions = List.copyOf(expressions);
        this.sets = new PerLinkType<>(type -> compile(options.withLinkType(type)));
        sets.of(options.target().linkType()); // what is wrong is said now
    }

    /**
     * A set of filters for Ethernet and, if they are valid there, for other link types.
     *
     * @param expressions in order
     * @return ready to be asked
     * @throws IllegalArgumentException if one is no filter for Ethernet; says which, what is wrong and where
     */
    public static FilterSet of(String... expressions) {
        return of(List.of(expressions), FilterOptions.defaults());
    }

    /**
     * A set of filters.
     *
     * @param expressions in order
     * @param options for all of them
     * @return ready to be asked
     * @throws IllegalArgumentException if one is no filter for the options' link type; says which, what is wrong and where
     */
    public static FilterSet of(List<String> expressions, FilterOptions options) {
        return new FilterSet(expressions, options);
    }

    private BpfProgramSet compile(FilterOptions options) {
        List<BpfProgram> programs = new ArrayList<>(expressions.size());
        for (String each : expressions) {
            try {
                programs.add(options.compile(each));
            } catch (FilterSyntaxException e) {
                throw new IllegalArgumentException(
                        "filter " + programs.size() + " of 0.." + (expressions.size() - 1) + ", '" + each + "': "
                                + e.getMessage(),
                        e);
            }
        }
        return BpfProgramSet.of(programs, options::matcher);
    }

    /**
     * The filters.
     *
     * @return in order, immutable
     */
    public List<String> expressions() {
        return expressions;
    }

    /**
     * The first filter that a packet matches.
     *
     * @param packet not released
     * @return its index, -1 if it matches none
     * @throws IllegalArgumentException if a filter is none for the packet's link type
     */
    public int first(Packet packet) {
        return sets.of(packet.linkType()).first(packet);
    }

    /**
     * The first filter that a frame matches which is as long as on the wire.
     *
     * @param frame from position to limit, which stay
     * @param linkType what it begins with
     * @return its index, -1 if it matches none
     * @throws IllegalArgumentException if a filter is none for the link type
     */
    public int first(ByteBuffer frame, LinkType linkType) {
        return first(frame, frame.remaining(), linkType);
    }

    /**
     * The first filter that a frame matches.
     *
     * @param frame from position to limit, which stay
     * @param wireLength bytes that it had on the wire
     * @param linkType what it begins with
     * @return its index, -1 if it matches none
     * @throws IllegalArgumentException if a filter is none for the link type
     */
    public int first(ByteBuffer frame, int wireLength, LinkType linkType) {
        return sets.of(linkType).first(frame, frame.position(), frame.remaining(), wireLength);
    }

    /**
     * The first filter that a frame matches.
     *
     * @param frame all of it
     * @param wireLength bytes that it had on the wire
     * @param linkType what it begins with
     * @return its index, -1 if it matches none
     * @throws IllegalArgumentException if a filter is none for the link type
     */
    public int first(byte[] frame, int wireLength, LinkType linkType) {
        return sets.of(linkType).first(frame, 0, frame.length, wireLength);
    }

    /**
     * All filters that a packet matches.
     *
     * @param packet not released
     * @param matches where their indexes are set; those of the others are cleared
     * @throws IllegalArgumentException if a filter is none for the packet's link type
     */
    public void all(Packet packet, BitSet matches) {
        sets.of(packet.linkType()).all(packet, matches);
    }

    /**
     * All filters that a frame matches which is as long as on the wire.
     *
     * @param frame from position to limit, which stay
     * @param linkType what it begins with
     * @param matches where their indexes are set; those of the others are cleared
     * @throws IllegalArgumentException if a filter is none for the link type
     */
    public void all(ByteBuffer frame, LinkType linkType, BitSet matches) {
        all(frame, frame.remaining(), linkType, matches);
    }

    /**
     * All filters that a frame matches.
     *
     * @param frame from position to limit, which stay
     * @param wireLength bytes that it had on the wire
     * @param linkType what it begins with
     * @param matches where their indexes are set; those of the others are cleared
     * @throws IllegalArgumentException if a filter is none for the link type
     */
    public void all(ByteBuffer frame, int wireLength, LinkType linkType, BitSet matches) {
        sets.of(linkType).all(frame, frame.position(), frame.remaining(), wireLength, matches);
    }

    /**
     * All filters that a frame matches.
     *
     * @param frame all of it
     * @param wireLength bytes that it had on the wire
     * @param linkType what it begins with
     * @param matches where their indexes are set; those of the others are cleared
     * @throws IllegalArgumentException if a filter is none for the link type
     */
    public void all(byte[] frame, int wireLength, LinkType linkType, BitSet matches) {
        sets.of(linkType).all(frame, 0, frame.length, wireLength, matches);
    }
}
