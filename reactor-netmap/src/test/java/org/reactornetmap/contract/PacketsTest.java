package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.Packets;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Who releases where no terminal of ours does. */
@Timeout(60)
class PacketsTest {
    private final PacketPool pool = PacketPool.heap(100, 128);

    @AfterEach
    void assertNothingIsOut() {
        assertThat(pool.available()).isEqualTo(100);
    }

    private Flux<Packet> packets(final int count) {
        return Flux.range(0, count).map(number -> {
            final Packet packet = pool.acquire(ContractB.FRAME_BYTES);
            packet.set32(0, number);
            return packet;
        });
    }

    private static List<Integer> range(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldReleaseWhatItLookedAt() {
        final List<Integer> seen = new ArrayList<>();
        StepVerifier.create(packets(300).transform(Packets.autoRelease(p -> seen.add((int) p.u32(0)))))
                .expectComplete()
                .verify(ContractB.TIMEOUT);
        assertThat(seen).isEqualTo(range(0, 300));
    }

    @Test
    void shouldReleaseWhenTheConsumerThrows() {
        StepVerifier.create(packets(10).transform(Packets.autoRelease(packet -> {
                    if (packet.u32(0) == 3) {
                        throw new IllegalStateException("no threes");
                    }
                })))
                .expectErrorMessage("no threes")
                .verify(ContractB.TIMEOUT);
    }

    @Test
    void shouldKeepAPacketThatTheConsumerRetained() {
        final List<Packet> kept = new ArrayList<>();
        StepVerifier.create(packets(3).transform(Packets.autoRelease(packet -> kept.add(packet.retain()))))
                .expectComplete()
                .verify(ContractB.TIMEOUT);
        assertThat(kept.stream().map(packet -> (int) packet.u32(0))).isEqualTo(range(0, 3));
        assertThat(pool.available()).isEqualTo(97);
        kept.forEach(Packet::release);
    }

    @Test
    void shouldCopyThenRelease() {
        StepVerifier.create(packets(300).transform(Packets.toBytes()))
                .thenConsumeWhile(bytes -> bytes.length == ContractB.FRAME_BYTES)
                .expectComplete()
                .verify(ContractB.TIMEOUT);
        StepVerifier.create(packets(300).transform(Packets.toBytes()).map(bytes -> bytes[3]), 2)
                .expectNext((byte) 0, (byte) 1)
                .thenCancel()
                .verify(ContractB.TIMEOUT);
    }

    /** What plain operators upstream drop, in each of the three. */
    @Test
    void shouldReleaseWhatIsDiscardedUpstream() {
        final Flux<Packet> even = packets(300).filter(packet -> packet.u32(0) % 2 == 0);
        final List<Integer> seen = new ArrayList<>();
        StepVerifier.create(even.transform(Packets.autoRelease(p -> seen.add((int) p.u32(0)))))
                .expectComplete()
                .verify(ContractB.TIMEOUT);
        assertThat(seen).hasSize(150);
        StepVerifier.create(even.transform(Packets.toBytes()))
                .expectNextCount(150)
                .expectComplete()
                .verify(ContractB.TIMEOUT);
        StepVerifier.create(even.transform(Packets.releaseOnDiscard()).doOnNext(Packet::release))
                .expectNextCount(150)
                .expectComplete()
                .verify(ContractB.TIMEOUT);
    }

    @Test
    void shouldLeaveToTheSubscriberWhatReachesIt() {
        final List<Packet> received =
                packets(5).transform(Packets.releaseOnDiscard()).collectList().block(ContractB.TIMEOUT);
        assertThat(pool.available()).isEqualTo(95);
        Objects.requireNonNull(received).forEach(Packet::release);
    }

    @Test
    void shouldIgnoreWhatIsDiscardedAndNotAPacket() {
        StepVerifier.create(packets(10)
                        .map(packet -> {
                            final int number = (int) packet.u32(0);
                            packet.release();
                            return number;
                        })
                        .filter(number -> number > 5)
                        .map(number -> pool.acquire(60))
                        .transform(Packets.toBytes()))
                .expectNextCount(4)
                .expectComplete()
                .verify(ContractB.TIMEOUT);
    }
}
