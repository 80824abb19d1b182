package org.reactornetmap.operators;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** One lane of two; the other takes its packets as they come. */
@Test
public class FanOutLaneTckTest extends PublisherVerification<Packet> {

    public FanOutLaneTckTest() {
        super(new TestEnvironment(1000, 100));
    }

    @Override
    public Publisher<Packet> createPublisher(long elements) {
        Flux<Integer> numbers = Flux.range(0, (int) Math.min(Integer.MAX_VALUE, 2 * elements));
        FanOut lanes = numbers.map(n -> PacketPool.wrap(Frames.udp("10.0.0.1", n & 1, "10.0.0.2", 7)))
                .as(FanOut.by(2, TestPackets::number).prefetch(16));
        lanes.lane(1).subscribe(Packet::release);
        return lanes.lane(0);
    }

    @Override
    public Publisher<Packet> createFailedPublisher() {
        FanOut lanes = Flux.<Packet>error(new IllegalStateException("failed")).as(FanOut.byFlow(2));
        lanes.lane(1).subscribe(packet -> {}, error -> {});
        return lanes.lane(0);
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1 << 20;
    }
}
