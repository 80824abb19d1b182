package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * A loop that sleeps, or is just falling asleep, wakes at once by whatever concerns it. Each round waits for the answer
 * of the last, so the next signal meets the loop on its way to sleep, after a random delay of up to some microseconds. A
 * wake-up that is lost leaves its round unanswered.
 */
@Timeout(120)
class LoopWakeUpTest {
    private static final int ROUNDS = 10_000;
    private static final int SLOTS = 16;
    private static final int FULL = SLOTS - 1;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final EmbeddedNetmap netmap = EmbeddedNetmap.create(EmbeddedConfig.builder()
            .buffers(1024)
            .bufSize(128)
            .defaultSlots(SLOTS)
            .build());
    private final NetmapPort far = netmap.open("netmap:x{1");
    private final NetmapPort port = netmap.open(
            "netmap:x}1", PortOptions.builder().loop(NetmapLoop.create("near")).build());

    @BeforeEach
    void printSeed() {
        System.out.println("LoopWakeUpTest seed " + seed);
    }

    @AfterEach
    void close() {
        netmap.close();
        port.loop().close();
    }

    private static Packet packet() {
        return PacketPool.wrap(Frames.udp("10.0.0.1", 1024, "10.0.0.2", 53));
    }

    /** From nothing to about the time a loop needs to fall asleep. */
    private void delay() {
        for (int spins = random.nextInt(400); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    private void await(final Semaphore answers, final int round) throws InterruptedException {
        assertThat(answers.tryAcquire(5, TimeUnit.SECONDS))
                .as("answer of round %d, seed %d", round, seed)
                .isTrue();
    }

    /** Leaves demand to the test. */
    private static class Manual extends BaseSubscriber<Packet> {
        @Override
        protected void hookOnSubscribe(final Subscription subscription) {
            // no demand
        }
    }

    @Test
    void shouldWakeByTask() throws InterruptedException {
        final Semaphore answers = new Semaphore(0);
        final NetmapLoop loop = port.loop();
        for (int round = 0; round < ROUNDS; round++) {
            loop.execute(answers::release);
            await(answers, round);
            delay();
        }
    }

    @Test
    void shouldWakeByTaskWithoutAPort() throws InterruptedException {
        final Semaphore answers = new Semaphore(0);
        try (NetmapLoop loop = NetmapLoop.create("empty")) {
            for (int round = 0; round < ROUNDS; round++) {
                loop.execute(answers::release);
                await(answers, round);
                delay();
            }
        }
    }

    @Test
    void shouldWakeByRequest() throws InterruptedException {
        final Semaphore answers = new Semaphore(0);
        final Disposable feed =
                far.send(Flux.generate(sink -> sink.next(packet()))).subscribe();
        final Manual subscriber = new Manual() {
            @Override
            protected void hookOnNext(final Packet packet) {
                packet.release();
                answers.release();
            }
        };
        port.packets().subscribe(subscriber);
        for (int round = 0; round < ROUNDS; round++) {
            subscriber.request(1);
            await(answers, round);
            delay();
        }
        assertThat(answers.availablePermits()).isZero();
        subscriber.cancel();
        feed.dispose();
    }

    /** The ring is stopped by packets held in place: the release of the oldest makes room for one more. */
    @Test
    void shouldWakeByRelease() throws InterruptedException {
        final LinkedBlockingQueue<Packet> held = new LinkedBlockingQueue<>();
        final Disposable feed =
                far.send(Flux.generate(sink -> sink.next(packet()))).subscribe();
        final Disposable subscriber = port.packets(
                        RxOptions.builder().hold(RxOptions.Hold.IN_PLACE).build())
                .subscribe(held::add);
        final Packet[] window = new Packet[FULL];
        for (int round = 0; round < ROUNDS; round++) {
            final Packet packet = held.poll(5, TimeUnit.SECONDS);
            assertThat(packet).as("answer of round %d, seed %d", round, seed).isNotNull();
            final Packet oldest = window[round % FULL];
            window[round % FULL] = packet;
            if (round >= FULL - 1) {
                delay();
                final Packet next = window[(round + 1) % FULL];
                window[(round + 1) % FULL] = null;
                next.release();
            }
            assertThat(oldest).isNull();
        }
        subscriber.dispose();
        feed.dispose();
    }

    @Test
    void shouldWakeByTraffic() throws InterruptedException {
        final Semaphore answers = new Semaphore(0);
        final Disposable subscriber = port.packets().subscribe(packet -> {
            packet.release();
            answers.release();
        });
        final ByteBuffer frame = Frames.udp("10.0.0.1", 1024, "10.0.0.2", 53);
        for (int round = 0; round < ROUNDS; round++) {
            far.inject(frame.duplicate());
            await(answers, round);
            delay();
        }
        subscriber.dispose();
    }

    /** The sender's loop sleeps with a full ring; the reader takes one packet. */
    @Test
    void shouldWakeByRoom() throws InterruptedException {
        final Semaphore sent = new Semaphore(0);
        final Disposable feed = far.send(Flux.generate(sink -> {
                    sink.next(packet());
                    sent.release();
                }))
                .subscribe();
        final Manual subscriber = new Manual() {
            @Override
            protected void hookOnNext(final Packet packet) {
                packet.release();
            }
        };
        port.packets().subscribe(subscriber);
        for (int round = 0; round < ROUNDS; round++) {
            await(sent, round); // eventually only by what the requests below made room for
            if (round >= FULL) {
                subscriber.request(1);
            }
            delay();
        }
        subscriber.cancel();
        feed.dispose();
    }

    /** A cancel has no answer, but the loop must see to it: it falls asleep once more. */
    @Test
    void shouldWakeByCancel() {
        final NetmapLoop loop = port.loop();
        for (int round = 0; round < ROUNDS; round++) {
            final long before = loop.sleeps();
            final Manual subscriber = new Manual();
            port.packets().subscribe(subscriber);
            awaitAsleep(loop, before, round);
            delay();
            final long asleep = loop.sleeps();
            subscriber.cancel();
            awaitAsleep(loop, asleep, round);
        }
    }

    private void awaitAsleep(final NetmapLoop loop, final long sleeps, final int round) {
        final long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (loop.sleeps() <= sleeps) {
            assertThat(System.nanoTime() - deadline)
                    .as("round %d, seed %d", round, seed)
                    .isNegative();
            Thread.onSpinWait();
            VarHandle.fullFence(); // sleeps() is a plain read
        }
    }

    @Test
    void shouldWakeByClose() {
        final long started = System.nanoTime();
        for (int round = 0; round < ROUNDS / 20; round++) {
            final NetmapPort other = netmap.open("netmap:y{1");
            final Disposable subscriber = other.packets().subscribe(Packet::release);
            delay();
            other.close();
            assertThat(subscriber.isDisposed())
                    .as("round %d, seed %d", round, seed)
                    .isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void shouldEndItsThreadByClose() throws InterruptedException {
        for (int round = 0; round < ROUNDS / 20; round++) {
            final NetmapLoop loop = NetmapLoop.create("ends");
            final Thread[] thread = new Thread[1];
            final Semaphore answers = new Semaphore(0);
            loop.execute(() -> {
                thread[0] = Thread.currentThread();
                answers.release();
            });
            await(answers, round);
            delay();
            loop.close();
            thread[0].join(5_000);
            assertThat(thread[0].isAlive()).as("round %d, seed %d", round, seed).isFalse();
        }
    }
}
