package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.flow.IdleStrategy;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;

/** What a loop does when it finds no work can be changed while it runs, and while it sleeps. */
@Timeout(60)
class LoopIdleTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ByteBuffer FRAME = Frames.arpRequest("10.0.0.1", "10.0.0.2");

    private final EmbeddedNetmap netmap = EmbeddedNetmap.create();
    private final NetmapPort sender = netmap.open("netmap:x{1");
    private final NetmapPort receiver = netmap.open("netmap:x}1");
    private final NetmapLoop loop = receiver.loop();
    private final AtomicInteger received = new AtomicInteger();

    @AfterEach
    void close() {
        netmap.close();
    }

    private void receive() {
        receiver.packets().subscribe(packet -> {
            packet.release();
            received.incrementAndGet();
        });
    }

    private void exchange(final int count) {
        final int before = received.get();
        final long start = System.nanoTime();
        for (int i = 1; i <= count; i++) {
            sender.inject(FRAME.duplicate());
            while (received.get() < before + i) {
                assertThat(System.nanoTime() - start).isLessThan(TIMEOUT.toNanos());
                Thread.onSpinWait();
            }
        }
    }

    /** Runs something on the loop: what was said to it before is done. */
    private void handshake() throws InterruptedException {
        final CountDownLatch ran = new CountDownLatch(1);
        loop.execute(ran::countDown);
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldNeverPollWhileItSpins() throws InterruptedException {
        receive();
        final LoopProbe probe = new LoopProbe(loop);
        probe.assertSleeps(0);

        loop.idle(IdleStrategy.BUSY_SPIN);
        handshake();
        final long sleeps = loop.sleeps();
        exchange(500);
        handshake();
        assertThat(loop.sleeps()).isEqualTo(sleeps);
        probe.assertSpins();
    }

    @Test
    void shouldSendAndKeepTimeWhileItSpins() throws InterruptedException {
        receive();
        sender.loop().idle(IdleStrategy.BUSY_SPIN);
        final CountDownLatch late = new CountDownLatch(1);
        sender.loop().scheduler().schedule(late::countDown, 20, TimeUnit.MILLISECONDS);
        final var report = sender.sendFrames(Flux.range(0, 5_000).map(i -> FRAME.duplicate()))
                .block(TIMEOUT); // more than the ring takes: the sender blocks, and sees the room without poll

        assertThat(report).isNotNull();
        assertThat(report.sent()).isEqualTo(5_000);
        assertThat(late.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldGoBackToSleep() throws InterruptedException {
        receive();
        loop.idle(IdleStrategy.BUSY_SPIN);
        final LoopProbe probe = new LoopProbe(loop);
        exchange(10);
        probe.assertSpins();

        loop.idle(IdleStrategy.POLL);
        probe.assertSleeps(0);
        exchange(10);
        probe.assertSleeps(0);
    }

    @Test
    void shouldSpinAWhileAndThenSleep() throws InterruptedException {
        receive();
        final LoopProbe probe = new LoopProbe(loop);
        probe.assertSleeps(0);
        loop.idle(IdleStrategy.SPIN_THEN_POLL);
        exchange(10);
        probe.assertSleeps(0);
        loop.idle(IdleStrategy.BUSY_SPIN);
        probe.assertSpins();
        loop.idle(IdleStrategy.SPIN_THEN_POLL);
        probe.assertSleeps(0);
    }

    @ParameterizedTest
    @EnumSource(IdleStrategy.class)
    void shouldLoseNothingWhileItChanges(final IdleStrategy last) {
        receive();
        final IdleStrategy[] all = IdleStrategy.values();
        for (int i = 0; i < 300; i++) {
            loop.idle(all[i % all.length]);
            sender.loop().idle(all[i / all.length % all.length]);
            exchange(3);
        }
        loop.idle(last);
        assertThat(loop.idle()).isEqualTo(last);
        exchange(10);
        assertThat(received).hasValue(910);
    }
}
