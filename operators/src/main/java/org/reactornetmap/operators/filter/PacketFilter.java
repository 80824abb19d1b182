package org.reactornetmap.operators.filter;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;

/**
 * Passes on the packets that match and releases the others, and counts both:
 *
 * <pre>{@code
 * PacketFilter dns = PacketFilter.where(udpPort(53));
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

    final Rule<Packet> rule;

    private PacketFilter(Predicate<? super Packet> predicate) {
        this.rule = new Rule<>(Objects.requireNonNull(predicate, "predicate"));
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
