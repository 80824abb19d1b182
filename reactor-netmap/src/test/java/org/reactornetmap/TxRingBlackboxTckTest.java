package org.reactornetmap;

import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactornetmap.packet.Packet;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A TX ring as a subscriber, with nothing around it. */
@Test
public class TxRingBlackboxTckTest extends SubscriberBlackboxVerification<Packet> {
    private TckSink sink;

    public TxRingBlackboxTckTest() {
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
    public Subscriber<Packet> createSubscriber() {
        return sink.port().tx(0).subscriber();
    }

    @Override
    public Packet createElement(final int element) {
        return TckSink.packet(element);
    }
}
