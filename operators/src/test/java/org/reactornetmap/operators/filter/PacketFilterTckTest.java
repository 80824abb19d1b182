package org.reactornetmap.operators.filter;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** The filter over a source of which it rejects every other packet. */
@Test
public class PacketFilterTckTest extends PublisherVerification<Packet> {

    public PacketFilterTckTest() {
        super(new TestEnvironment(1000, 100));
    }

    @Override
    public Publisher<Packet> createPublisher(long elements) {
        Flux<Long> numbers = elements == Long.MAX_VALUE
                ? Flux.<Long, Long>generate(() -> 0L, (next, sink) -> {
                    sink.next(next);
                    return next + 1;
                })
                : Flux.range(0, Math.toIntExact(2 * elements)).map(Integer::longValue);
        return numbers.map(n -> PacketPool.wrap(Frames.udp("10.0.0.1", (int) (n & 1), "10.0.0.2", 7)))
                .transform(PacketFilter.matching("udp src port 0"));
    }

    @Override
    public Publisher<Packet> createFailedPublisher() {
        return Flux.<Packet>error(new IllegalStateException("failed")).transform(PacketFilter.where(packet -> true));
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1 << 20;
    }
}
