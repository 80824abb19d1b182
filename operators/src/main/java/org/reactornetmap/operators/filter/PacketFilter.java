package org.reactornetmap.operators.filter;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.reactornetmap.operators.FanOut;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;

/**
 * Passes on the packets that match and releases the others, and counts both:
 *
 * <pre>{@code
 * PacketFilter dns = PacketFilter.matching("udp port 53");
 * in.packets().transform(dns).as(out::send).block();
 * log.info("{} of DNS, {} others", dns.statistics().matched(), dns.statistics().rejected());
 * }</pre>
 *
 * <p>A rejected packet is released before anything else happens, so its slot is free again, and it costs the source no
 * demand; no discard hook is needed. The filter runs on the thread that emits, keeps order, and adds no queue. If the
 * predicate throws, the packet is released, the source is cancelled and the stream fails.
 *
 * <p>A filter may be applied to any number of streams; each may have its own thread. Any thread may read the numbers.
 */
public final class PacketFilter implements Function<Flux<Packet>, Flux<Packet>> {

    private static final int MAX_PARTS = 255;

    final Rule<Packet> rule;

    private PacketFilter(Predicate<? super Packet> predicate) {
        this.rule = new Rule<>(Objects.requireNonNull(predicate, "predicate"));
    }

    /**
     * A filter for {@code transform}, in the tcpdump language. What packets begin with is asked of each; for every link type
     * that is seen there is a program: for Ethernet it is made now, for any other by the first packet of it, which takes some
     * tens of microseconds for a typical filter. Until the program is compiled in another thread it is interpreted.
     *
     * <p>A read past the end of a packet is no match. Packets of several slots are read across them.
     *
     * @param expression such as {@code udp port 53 and not host 10.0.0.1}
     * @return a filter with its own counters
     * @throws FilterSyntaxException if the expression is no filter for Ethernet, which is what rings hold; says what is wrong
     *     and where. If it is none for another link type, the stream fails at the first packet of it
     */
    public static PacketFilter matching(String expression) {
        return matching(expression, FilterOptions.defaults());
    }

    /**
     * A filter for {@code transform}, in the tcpdump language, as {@link #matching(String)}.
     *
     * @param expression such as {@code tcp and port syslog}
     * @param options netmask, names, engine, and the link type for which the expression must be valid from the beginning
     * @return a filter with its own counters
     * @throws FilterSyntaxException if the expression is no filter for the options' link type; says what is wrong and where
     */
    public static PacketFilter matching(String expression, FilterOptions options) {
        PerLinkType<FrameFilter> filters = new PerLinkType<>(type -> FrameFilter.matching(expression, type, options));
        filters.of(options.target().linkType()); // what is wrong is said now
        return where(packet -> filters.of(packet.linkType()).matches(packet));
    }

    /**
     * A filter for {@code transform}, of a predicate.
     *
     * @param predicate called once for each packet, on the thread that emits it; must not block, keep or release it. See
     *     {@link org.reactornetmap.operators.PacketPredicates} for ready-made ones
     * @return a filter with its own counters
     */
    public static PacketFilter where(Predicate<? super Packet> predicate) {
        return new PacketFilter(predicate);
    }

    /**
     * A place for a filter that can be replaced while packets pass.
     *
     * @param first the filter in force until the first {@link SwitchableFilter#switchTo}
     * @return for {@code transform}
     */
    public static SwitchableFilter switchable(PacketFilter first) {
        return new SwitchableFilter(Objects.requireNonNull(first, "first"));
    }

    /**
     * A place for a filter that can be replaced while packets pass. Until the first {@link SwitchableFilter#switchTo} it
     * passes every packet.
     *
     * @return for {@code transform}
     */
    public static SwitchableFilter switchable() {
        return switchable(where(packet -> true));
    }

    /**
     * Sends each packet to the output of the first expression that it matches, and one that matches none to a last output:
     *
     * <pre>{@code
     * FanOut lanes = in.packets().as(PacketFilter.partition("udp port 53", "tcp"));
     * lanes.lane(0)  // DNS
     * lanes.lane(1)  // TCP
     * lanes.lane(2)  // the rest
     * }</pre>
     *
     * <p>The outputs are a {@link FanOut}'s lanes and keep its contract: nothing starts before each has its subscriber, and one
     * that asks for nothing stops the others once its queue is full. To do without one, subscribe to it and cancel: its
     * packets are released from then on. The expressions are a {@link FilterSet}: many cost little more than one.
     *
     * @param expressions 1..255 of them
     * @return a plan for {@link Flux#as}, with a lane more than there are expressions
     * @throws IllegalArgumentException if one is no filter for Ethernet, or there are none or too many
     */
    public static FanOut.Plan partition(String... expressions) {
        return partition(FilterSet.of(expressions));
    }

    /**
     * Sends each packet to the output of the first filter that it matches, as {@link #partition(String...)}.
     *
     * @param filters 1..255 of them
     * @return a plan for {@link Flux#as}, with a lane more than there are filters
     * @throws IllegalArgumentException if there are none or too many
     */
    public static FanOut.Plan partition(FilterSet filters) {
        int rest = filters.expressions().size();
        if (rest < 1 || rest > MAX_PARTS) {
            throw new IllegalArgumentException("expressions are " + rest + ": expected 1.." + MAX_PARTS);
        }
        return FanOut.by(rest + 1, packet -> {
            int first = filters.first(packet);
            return first < 0 ? rest : first;
        });
    }

    /**
     * Filters a stream.
     *
     * @param packets the stream
     * @return the packets that match, each the subscriber's to release
     */
    @Override
    public Flux<Packet> apply(Flux<Packet> packets) {
        return FluxMatching.of(packets, new CurrentRule<>(rule), Packet::release);
    }

    /**
     * What the filter did so far, in all streams. The numbers are exact once the streams are quiet.
     *
     * @return the counters
     */
    public FilterStatistics statistics() {
        return rule.account().statistics();
    }
}
