package org.reactornetmap.driver.embedded;

import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;

/** Both ends of a pipe, each used by one thread, which closes and opens its own end again from time to time. */
final class PipeEnds {
    private static final String SENDER = "netmap:x{1@1";
    private static final String RECEIVER = "netmap:x}1@1";

    int sent;
    int received;

    private final EmbeddedDriver driver;
    /** Never synced: with both ends closed the pipe would go, with what is in it. */
    private final TestPort holder;

    private TestPort sender;
    private TestPort receiver;

    PipeEnds(final EmbeddedDriver driver, final int slots) {
        this.driver = driver;
        this.holder = TestPort.open(driver, SENDER, 1, slots);
        this.sender = TestPort.open(driver, SENDER);
        this.receiver = TestPort.open(driver, RECEIVER);
    }

    void send(final BooleanSupplier goesOn, final SplittableRandom random) {
        while (goesOn.getAsBoolean()) {
            try (Poller poller = driver.newPoller()) {
                poller.add(sender.port, Poller.OUT);
                for (int i = random.nextInt(200); i > 0; i--) {
                    for (int n = random.nextInt(TestPort.space(sender.tx()) + 1); n > 0; n--) {
                        TestPort.put(sender.tx(), sent++);
                    }
                    poller.poll(100_000);
                }
            }
            sender.port.txSync();
            sender.close();
            sender = TestPort.open(driver, SENDER);
        }
    }

    void receive(final BooleanSupplier goesOn, final SplittableRandom random) {
        while (goesOn.getAsBoolean()) {
            try (Poller poller = driver.newPoller()) {
                poller.add(receiver.port, Poller.IN);
                for (int i = random.nextInt(200); i > 0; i--) {
                    poller.poll(100_000);
                    take(random.nextInt(receiver.rx().numSlots()));
                }
            }
            receiver.port.rxSync();
            receiver.close();
            receiver = TestPort.open(driver, RECEIVER);
        }
    }

    private void take(final int most) {
        final NetmapRing rx = receiver.rx();
        for (int n = most; n > 0 && rx.head() != rx.tail(); n--) {
            final int value = TestPort.valueAt(rx, rx.head());
            if (value != received) {
                throw new AssertionError(value + " instead of " + received + " in " + rx);
            }
            received++;
            TestPort.advance(rx, 1);
        }
    }

    /** Opens either end once more, in a second descriptor that it does not sync. */
    void openAndClose(final BooleanSupplier goesOn, final SplittableRandom random) {
        while (goesOn.getAsBoolean()) {
            TestPort.open(driver, random.nextBoolean() ? SENDER : RECEIVER, 0, 0, random.nextInt(8))
                    .close();
        }
    }

    /** Takes what is still on its way, when every thread has ended. */
    void drain() {
        sender.port.txSync();
        receiver.port.rxSync();
        take(Integer.MAX_VALUE);
    }

    void close() {
        sender.close();
        receiver.close();
        holder.close();
    }
}
