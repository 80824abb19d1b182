package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** The merge of rings with loops of their own loses no packet, however its subscription ends while loops emit. */
@Timeout(120)
class PerRingRaceTest {
    private static final int ROUNDS = 3_000;
    private static final int RINGS = 2;

    enum End {
        CANCEL,
        CANCEL_FROM_A_LOOP,
        BAD_REQUEST,
        BAD_REQUEST_FROM_A_LOOP
    }

    private static Packet packet(final int number) {
        return PacketPool.wrap(Frames.udp("10.0.0.1", number & 0xFFFF, "10.0.0.2", 53));
    }

    private static final class Ending extends BaseSubscriber<Packet> {
        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final End end;
        private final int after;
        private int received;
        private Subscription raw;

        Ending(final End end, final int after) {
            this.end = end;
            this.after = after;
        }

        @Override
        protected void hookOnSubscribe(final Subscription subscription) {
            raw = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        protected void hookOnNext(final Packet packet) {
            packet.release();
            if (++received == after) {
                started.countDown();
                if (end == End.CANCEL_FROM_A_LOOP) {
                    cancel();
                } else if (end == End.BAD_REQUEST_FROM_A_LOOP) {
                    raw.request(0);
                }
            }
        }

        @Override
        protected void hookOnError(final Throwable throwable) {
            assertThat(throwable).isInstanceOf(IllegalArgumentException.class);
        }

        @Override
        protected void hookFinally(final SignalType type) {
            ended.countDown();
        }
    }

    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource
    void shouldLoseNoPacket(final End end) throws InterruptedException {
        final long seed = System.nanoTime();
        System.out.println("PerRingRaceTest seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final EmbeddedNetmap netmap = EmbeddedNetmap.forTests(EmbeddedConfig.builder()
                .buffers(8192)
                .bufSize(128)
                .defaultSlots(256)
                .build());
        final NetmapPort far =
                netmap.open("netmap:x{1", PortOptions.builder().rings(RINGS).build());
        final NetmapPort port =
                netmap.open("netmap:x}1", PortOptions.builder().perRing(true).build());
        final Disposable feed = far.send(Flux.<Packet, Integer>generate(() -> 0, (i, sink) -> {
                    sink.next(packet(i));
                    return i + 1;
                }))
                .subscribe(report -> {}, error -> {});
        for (int round = 0; round < ROUNDS; round++) {
            final Ending subscriber = new Ending(end, 1 + random.nextInt(300));
            port.packets().subscribe(subscriber);
            assertThat(subscriber.started.await(10, TimeUnit.SECONDS))
                    .as("traffic in round %d, seed %d", round, seed)
                    .isTrue();
            for (int spins = random.nextInt(300); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            if (end == End.CANCEL) {
                subscriber.cancel();
            } else if (end == End.BAD_REQUEST) {
                subscriber.raw.request(-1);
            }
            assertThat(subscriber.ended.await(10, TimeUnit.SECONDS))
                    .as("end in round %d, seed %d", round, seed)
                    .isTrue();
        }
        feed.dispose();
        netmap.close(); // fails if a packet was not released
        long received = 0;
        long released = 0;
        for (final var ring : port.statistics().rx()) {
            received += ring.received();
            released += ring.released();
        }
        assertThat(released).isEqualTo(received).isPositive();
    }
}
