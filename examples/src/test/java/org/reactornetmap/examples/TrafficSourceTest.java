package org.reactornetmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.BaseSubscriber;

@Timeout(60)
class TrafficSourceTest {

    private final NetmapLoop loop = NetmapLoop.manual();
    private final List<Integer> lengths = new ArrayList<>();
    private boolean complete;

    private final BaseSubscriber<Packet> subscriber = new BaseSubscriber<>() {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(Packet packet) {
            lengths.add(packet.length());
            packet.release();
        }

        @Override
        protected void hookOnComplete() {
            complete = true;
        }
    };

    private TrafficSource source(boolean once, long rate, int... frameLengths) {
        List<ByteBuffer> frames = new ArrayList<>();
        for (int length : frameLengths) {
            frames.add(ByteBuffer.allocate(length));
        }
        TrafficSource source = new TrafficSource(loop, frames, once, rate);
        source.subscribe(subscriber);
        return source;
    }

    private void work() {
        while (loop.doWork() > 0) {}
    }

    @Test
    void shouldEmitWhatIsAskedForOverAndOver() {
        TrafficSource source = source(false, 0, 1, 2, 3);
        subscriber.request(5);
        work();
        assertThat(lengths).containsExactly(1, 2, 3, 1, 2);
        subscriber.request(2);
        work();
        assertThat(lengths).containsExactly(1, 2, 3, 1, 2, 3, 1);
        assertThat(source.generated()).isEqualTo(7);
    }

    @Test
    void shouldLetTheLoopWorkInBetween() {
        source(false, 0, 1);
        subscriber.request(100_000);
        loop.doWork();
        assertThat(lengths.size()).isBetween(1, 99_999);
        while (lengths.size() < 100_000) {
            loop.doWork();
        }
    }

    @Test
    void shouldCompleteAfterTheLastFrame() {
        source(true, 0, 1, 2, 3);
        subscriber.request(3);
        work();
        assertThat(lengths).containsExactly(1, 2, 3);
        assertThat(complete).isTrue();
    }

    @Test
    void shouldCompleteWhenStoppedWithoutDemand() {
        TrafficSource source = source(false, 0, 1);
        subscriber.request(1);
        work();
        source.stop();
        work();
        assertThat(lengths).hasSize(1);
        assertThat(complete).isTrue();
        source.stop();
        work();
    }

    @Test
    void shouldKeepToTheRate() {
        long start = System.nanoTime();
        source(false, 10_000, 1);
        subscriber.request(Long.MAX_VALUE);
        while (lengths.size() < 500) {
            loop.doWork();
        }
        assertThat(System.nanoTime() - start).isGreaterThan(49_000_000L);
    }

    @Test
    void shouldStopEmittingOnCancel() {
        source(false, 0, 1);
        subscriber.request(3);
        work();
        subscriber.cancel();
        subscriber.request(3);
        work();
        assertThat(lengths).hasSize(3);
        assertThat(complete).isFalse();
    }
}
