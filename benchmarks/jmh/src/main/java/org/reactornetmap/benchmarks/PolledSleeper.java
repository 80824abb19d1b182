package org.reactornetmap.benchmarks;

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
        generator = new Generator(sending, new byte[60], -1);
        sink = new Sink(receiving);
        poller.add(receiving, Poller.IN);
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
