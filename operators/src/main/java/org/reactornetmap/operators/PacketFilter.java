package org.reactornetmap.operators;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
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

    private final Predicate<? super Packet> predicate;
    private final ReferenceQueue<Object> ended = new ReferenceQueue<>();

    // Both guarded by this.
    private final Set<FilterCounters> counters = new HashSet<>();
    private FilterStatistics past = FilterStatistics.ZERO;

    private PacketFilter(Predicate<? super Packet> predicate) {
        this.predicate = Objects.requireNonNull(predicate, "predicate");
    }

    /**
     * A filter for {@code transform}.
     *
     * @param predicate called once for each packet, on the thread that emits it; must not block, keep or release it. See
     *     {@link PacketPredicates} for ready-made ones
     * @return a filter with its own counters
     */
    public static PacketFilter where(Predicate<? super Packet> predicate) {
        return new PacketFilter(predicate);
    }

    /**
     * Filters a stream.
     *
     * @param packets the stream
     * @return the packets that match, each the subscriber's to release
     */
    @Override
    public Flux<Packet> apply(Flux<Packet> packets) {
        return FluxPacketFilter.of(packets, predicate, this);
    }

    /**
     * What the filter did so far, in all streams. The numbers are exact once the streams are quiet.
     *
     * @return the counters
     */
    public synchronized FilterStatistics statistics() {
        foldEnded();
        FilterStatistics sum = past;
        for (FilterCounters each : counters) {
            sum = sum.plus(each.statistics());
        }
        return sum;
    }

    synchronized FilterCounters countersOf(Object subscription) {
        foldEnded();
        FilterCounters created = new FilterCounters(subscription, ended);
        counters.add(created);
        return created;
    }

    /** A filter may outlive any number of subscriptions: the numbers of those that are gone become one. */
    private void foldEnded() {
        for (Reference<?> gone = ended.poll(); gone != null; gone = ended.poll()) {
            FilterCounters last = (FilterCounters) gone;
            counters.remove(last);
            past = past.plus(last.statistics());
        }
    }
}
