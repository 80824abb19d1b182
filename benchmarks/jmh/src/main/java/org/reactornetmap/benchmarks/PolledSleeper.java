package org.reactornetmap.benchmarks;

import java.util.Arrays;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;

/** Sleeps in poll until a packet is in its ring. */
final class PolledSleeper extends Sleeper {
    private final EmbeddedDriver driver =
            EmbeddedDriver.create(EmbeddedConfig.builder().build());
    private final DriverPort sending;
    private final DriverPort receiving;
    private final Generator generator;
    private final Sink sink;
    private final Poller poller = driver.newPoller();

    PolledSleeper(final boolean vale) {
        sending = open(vale ? "vale0:a" : "netmap:x{1");
        receiving = open(vale ? "vale0:b" : "netmap:x}1");
        generator = new Generator(sending, broadcast(), -1);
        sink = new Sink(receiving);
        poller.add(receiving, Poller.IN);
    }

    /** So that a switch need not know where the receiver is. */
    private static byte[] broadcast() {
        final byte[] frame = new byte[60];
        Arrays.fill(frame, 0, 6, (byte) 0xFF);
        return frame;
    }

    private DriverPort open(final String spec) {
        return driver.open(OpenRequest.of(PortSpec.parse(spec)));
    }

    @Override
    boolean sleep() {
        poller.poll(-1);
        return sink.take() > 0;
    }

    @Override
    void wake() {
        generator.send(1);
    }

    @Override
    void end() throws InterruptedException {
        super.end();
        poller.close();
        sending.close();
        receiving.close();
    }
}
