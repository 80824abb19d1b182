package org.reactornetmap.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import org.reactornetmap.driver.kernel.VethPair;

/** Two ports of the kernel's netmap, of which each receives what the other sends. */
record Wire(String left, String right, Runnable below) implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** What it is made of. */
    enum Kind {
        /** Never loses a packet. */
        PIPE,
        /** A switch with two ports, which drops for a full receiver. */
        VALE,
        /** Two interfaces and one cable, through netmap's generic adapter, which drops for a full receiver. */
        VETH;

        Wire create() {
            final int number = COUNT.incrementAndGet();
            return switch (this) {
                case PIPE -> new Wire("netmap:wire" + number + "{1", "netmap:wire" + number + "}1", () -> {});
                case VALE -> new Wire("vale" + number + ":left", "vale" + number + ":right", () -> {});
                case VETH -> {
                    final VethPair pair = VethPair.create();
                    yield new Wire(
                            "netmap:" + pair.left().name(),
                            "netmap:" + pair.right().name(),
                            pair::close);
                }
            };
        }

        boolean isLossless() {
            return this == PIPE;
        }
    }

    @Override
    public void close() {
        below.run();
    }
}
