package org.reactornetmap.operators.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.operators.TestPackets.number;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.reactornetmap.operators.FanOut;
import org.reactornetmap.operators.LaneStatistics;
import org.reactornetmap.operators.TestPackets;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

@Timeout(60)
class PartitionTest {
    private static final int COUNT = 1000;
    private static final int PREFETCH = 16;

    private final TestPackets packets = new TestPackets(1 << 11);

    @AfterEach
    void everyPacketIsBack() {
        packets.assertAllBack();
    }

    @Test
    void shouldSendEachPacketToTheFirstThatMatches() {
        final FanOut lanes = packets.numbered(0, 100)
                .as(PacketFilter.partition("src portrange 10-19", "src portrange 15-29", "src port 20"));
        final List<Taker> takers = subscribeAll(lanes);
        takers.forEach(each -> each.request(Long.MAX_VALUE));
        assertThat(takers.get(0).numbers).isEqualTo(range(10, 20));
        assertThat(takers.get(1).numbers).isEqualTo(range(20, 30));
        assertThat(takers.get(2).numbers).isEmpty();
        assertThat(takers.get(3).numbers).hasSize(80).doesNotContainAnyElementsOf(range(10, 30));
    }

    /** What came in went out, was filtered before, is held in a lane or was discarded by it; and a lane waits for the others. */
    @Test
    void shouldAccountForEveryPacketWhileALaneStops() {
        final PacketFilter filter = PacketFilter.matching("not src port 7");
        final long[] emitted = {0};
        final FanOut lanes = packets.numbered(0, COUNT)
                .doOnNext(packet -> emitted[0]++)
                .transform(filter)
                .as(PacketFilter.partition("udp[1] & 1 = 1", "src portrange 0-499")
                        .prefetch(PREFETCH));
        final List<Taker> takers = subscribeAll(lanes);
        takers.get(1).request(Long.MAX_VALUE);
        takers.get(2).request(Long.MAX_VALUE);
        assertThat(takers.get(0).numbers).isEmpty();
        assertThat(lanes.statistics().get(0).queued()).isLessThanOrEqualTo(PREFETCH);
        assertThat(emitted[0]).as("nobody knows where the next one belongs").isLessThan(COUNT);
        assertBalanced(emitted[0], filter, lanes);

        takers.get(0).request(100);
        assertThat(takers.get(0).numbers).hasSize(100);
        assertBalanced(emitted[0], filter, lanes);

        takers.get(0).cancel(); // and the rest of its packets is released
        assertThat(emitted[0]).isEqualTo(COUNT);
        assertBalanced(COUNT, filter, lanes);
        assertThat(filter.statistics().rejected()).isEqualTo(1);
        assertThat(lanes.statistics().get(0).discarded()).isEqualTo(COUNT / 2 - 1 - 100);
        assertThat(takers.get(1).numbers).hasSize(250);
        assertThat(takers.get(2).numbers).hasSize(250);
    }

    private static void assertBalanced(final long in, final PacketFilter filter, final FanOut lanes) {
        final long inLanes = lanes.statistics().stream()
                .mapToLong(each -> each.passed() + each.queued() + each.discarded())
                .sum();
        assertThat(in).isEqualTo(filter.statistics().rejected() + inLanes);
        assertThat(filter.statistics().matched()).isEqualTo(inLanes);
        assertThat(lanes.statistics()).extracting(LaneStatistics::queued).allMatch(held -> held <= PREFETCH);
    }

    @Test
    void shouldTakeAsManyExpressionsAsThereAreLanes() {
        final List<String> most = Collections.nCopies(255, "udp");
        assertThat(packets.numbered(0, 0)
                        .as(PacketFilter.partition(most.toArray(String[]::new)))
                        .lanes())
                .hasSize(256);
        assertThatThrownBy(PacketFilter::partition).hasMessage("expressions are 0: expected 1..255");
        assertThatThrownBy(() ->
                        PacketFilter.partition(Collections.nCopies(256, "udp").toArray(String[]::new)))
                .hasMessage("expressions are 256: expected 1..255");
    }

    private static List<Integer> range(final int from, final int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static List<Taker> subscribeAll(final FanOut lanes) {
        final List<Taker> takers = new ArrayList<>();
        for (final Flux<Packet> lane : lanes.lanes()) {
            final Taker taker = new Taker();
            lane.subscribe(taker);
            takers.add(taker);
        }
        return takers;
    }

    private static final class Taker extends BaseSubscriber<Packet> {
        private final List<Integer> numbers = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(final Subscription subscription) {
            // Each test asks when it likes.
        }

        @Override
        protected void hookOnNext(final Packet packet) {
            numbers.add(number(packet));
            packet.release();
        }
    }
}
