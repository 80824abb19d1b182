package org.reactornetmap.operators.filter;

import java.util.Objects;
import java.util.function.Function;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;

/**
 * A filter that can be replaced while packets pass:
 *
 * <pre>{@code
 * SwitchableFilter filter = PacketFilter.switchable(PacketFilter.matching("udp port 53"));
 * in.packets().transform(filter).as(out::send).subscribe();
 * PacketFilter before = filter.switchTo(PacketFilter.matching("udp port 53 and not host 10.0.0.1"));
 * }</pre>
 *
 * <p>A switch falls between two packets of each stream: every packet is judged by one filter, by the old one or by the new
 * one, and a packet that arrives after {@link #switchTo} has returned by the new one. Nothing waits, and nothing is
 * subscribed anew. Each filter counts what it judged itself, so its {@link PacketFilter#statistics()} are those of its
 * time in force, and over all that were in force they add up to the packets received.
 *
 * <p>Any thread may switch. May be applied to any number of streams.
 */
public final class SwitchableFilter implements Function<Flux<Packet>, Flux<Packet>> {

    private final CurrentRule<Packet> rule;

    // Guarded by this, which also orders the switches.
    private PacketFilter filter;

    SwitchableFilter(PacketFilter first) {
        filter = first;
        rule = new CurrentRule<>(first.rule);
    }

    /**
     * Puts another filter in force. One that was in force before may come back, and counts on.
     *
     * @param next judges the packets from now on
     * @return the filter that was in force; its numbers are final once each stream has seen its next packet or its end
     */
    public synchronized PacketFilter switchTo(PacketFilter next) {
        PacketFilter before = filter;
        filter = Objects.requireNonNull(next, "next");
        rule.set(next.rule);
        return before;
    }

    /**
     * The filter in force.
     *
     * @return what the last {@link #switchTo} was given
     */
    public synchronized PacketFilter filter() {
        return filter;
    }

    /**
     * Filters a stream.
     *
     * @param packets the stream
     * @return the packets that match, each the subscriber's to release
     */
    @Override
    public Flux<Packet> apply(Flux<Packet> packets) {
        return FluxMatching.of(packets, rule, Packet::release);
    }
}
