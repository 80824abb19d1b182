package org.reactornetmap;

import java.util.concurrent.Flow;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;
import org.reactornetmap.packet.Packet;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A TX ring as a subscriber of {@link Flow}, by the white-box kit. */
@Test
public class TxRingFlowTckTest extends FlowSubscriberWhiteboxVerification<Packet> {
    private TckSink sink;

    public TxRingFlowTckTest() {
        super(new TestEnvironment(1000, 100));
    }

    @BeforeMethod
    public void openSink() {
        sink = new TckSink();
    }

    @AfterMethod(alwaysRun = true)
    public void closeSink() {
        sink.close();
    }

    @Override
    protected Flow.Subscriber<Packet> createFlowSubscriber(final WhiteboxSubscriberProbe<Packet> probe) {
        return FlowAdapters.toFlowSubscriber(
                TckSink.probed(FlowAdapters.toSubscriber(sink.port().tx(0).flowSubscriber()), probe));
    }

    @Override
    public Packet createElement(final int element) {
        return TckSink.packet(element);
    }
}
