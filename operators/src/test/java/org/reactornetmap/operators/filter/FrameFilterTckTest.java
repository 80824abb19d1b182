package org.reactornetmap.operators.filter;

import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.test.Frames;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/** A filter of buffers, which rejects every other one. */
@Test
public class FrameFilterTckTest extends PublisherVerification<ByteBuffer> {

    private final FrameFilter filter = FrameFilter.matching("udp src port 0", LinkType.ETHERNET);

    public FrameFilterTckTest() {
        super(new TestEnvironment(1000, 100));
    }

    @Override
    public Publisher<ByteBuffer> createPublisher(long elements) {
        Flux<Long> numbers = elements == Long.MAX_VALUE
                ? Flux.<Long, Long>generate(() -> 0L, (next, sink) -> {
                    sink.next(next);
                    return next + 1;
                })
                : Flux.range(0, Math.toIntExact(2 * elements)).map(Integer::longValue);
        return numbers.map(n -> Frames.udp("10.0.0.1", (int) (n & 1), "10.0.0.2", 7))
                .transform(filter::filterBuffers);
    }

    @Override
    public Publisher<ByteBuffer> createFailedPublisher() {
        return Flux.<ByteBuffer>error(new IllegalStateException("failed")).transform(filter::filterBuffers);
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1 << 20;
    }
}
