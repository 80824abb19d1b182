package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapDriver;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.test.Frames;

/** How often a loop calls netmap: on the kernel each call is a system call, and for small bursts nothing else counts. */
@Timeout(60)
class LoopCallsTest {
    private static final ByteBuffer FRAME = Frames.udp("10.0.0.1", 4000, "10.0.0.2", 53);

    private final EmbeddedNetmap netmap = EmbeddedNetmap.create();
    private final AtomicInteger syncs = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    private volatile DriverPort counted;
    private final NetmapDriver counting = counting(NetmapDriver.class, netmap.driver());
    private final NetmapPort far = netmap.open("netmap:x{1");
    private final NetmapPort near =
            NetmapPort.open("netmap:x}1", PortOptions.builder().driver(counting).build());

    @AfterEach
    void close() {
        near.close();
        netmap.close();
    }

    /** The driver, its ports or its pollers, with their syncs and polls counted. */
    private <T> T counting(final Class<T> type, final T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            final String name = method.getName();
            if (name.equals("equals")) {
                return args[0] == proxy;
            }
            if (name.equals("driver")) {
                return counting;
            }
            if (name.equals("poll")) {
                polls.incrementAndGet();
            } else if (name.endsWith("Sync")) {
                syncs.incrementAndGet();
            }
            try {
                final Object[] unwrapped = args == null
                        ? null
                        : Arrays.stream(args)
                                .map(argument -> argument instanceof DriverPort ? counted : argument)
                                .toArray();
                final Object result = method.invoke(real, unwrapped);
                if (result instanceof DriverPort port) {
                    counted = port;
                    return counting(DriverPort.class, port);
                }
                return result instanceof Poller poller ? counting(Poller.class, poller) : result;
            } catch (final InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    @Test
    void shouldTakeBurstsThatComeOneByOneWithLittleMoreThanOneCallEach() throws InterruptedException {
        final AtomicInteger received = new AtomicInteger();
        near.packets().subscribe(packet -> {
            packet.release();
            received.incrementAndGet();
        });
        final LoopProbe probe = new LoopProbe(near.loop());
        probe.settle();
        final int before = syncs.get() + polls.get();
        final int bursts = 64;

        for (int i = 1; i <= bursts; i++) {
            far.inject(FRAME.duplicate());
            while (received.get() < i) {
                Thread.onSpinWait();
            }
            probe.settle();
        }

        final int calls = syncs.get() + polls.get() - before;
        assertThat(calls).isBetween(bursts, bursts + bursts / 2);
    }
}
