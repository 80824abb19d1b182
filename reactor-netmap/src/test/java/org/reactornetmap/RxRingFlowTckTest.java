package org.reactornetmap;

import java.util.concurrent.Flow;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactornetmap.packet.Packet;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** One ring as a publisher of {@link Flow}. Skipped by the TCK itself: as in {@link PacketsTck}. */
@Test
public class RxRingFlowTckTest extends FlowPublisherVerification<Packet> {
    private final TckSource.Sources sources = new TckSource.Sources();

    public RxRingFlowTckTest() {
        super(new TestEnvironment(1000, 100));
    }

    @Override
    public Flow.Publisher<Packet> createFlowPublisher(final long elements) {
        final TckSource source = sources.open(1, false);
        source.feed(elements);
        final Flow.Publisher<Packet> ring = source.port().rx(0).flowPublisher();
        return FlowAdapters.toFlowPublisher(source.endingAfter(elements, FlowAdapters.toPublisher(ring)));
    }

    @Override
    public Flow.Publisher<Packet> createFailedFlowPublisher() {
        final TckSource source = sources.open(1, false);
        source.port().close();
        return source.port().rx(0).flowPublisher();
    }

    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }

    @AfterMethod(alwaysRun = true)
    public void closeSources() {
        sources.closeAll();
    }
}
