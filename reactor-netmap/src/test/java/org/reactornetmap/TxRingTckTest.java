package org.reactornetmap;

import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactornetmap.packet.Packet;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A TX ring as a subscriber, by the white-box kit: what it is told is told to the kit too. */
@Test
public class TxRingTckTest extends SubscriberWhiteboxVerification<Packet> {
    private TckSink sink;

    public TxRingTckTest() {
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
    public Subscriber<Packet> createSubscriber(final WhiteboxSubscriberProbe<Packet> probe) {
        return TckSink.probed(sink.port().tx(0).subscriber(), probe);
    }

    @Override
    public Packet createElement(final int element) {
        return TckSink.packet(element);
    }
}
