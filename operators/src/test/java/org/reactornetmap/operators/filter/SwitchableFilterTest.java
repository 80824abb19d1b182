package org.reactornetmap.operators.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.operators.TestPackets.number;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.operators.TestPackets;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.util.RaceTestUtils;

@Timeout(60)
class SwitchableFilterTest {

    private static final PacketFilter NONE = PacketFilter.where(packet -> false);

    private final TestPackets packets = new TestPackets(1 << 10);

    @AfterEach
    void everyPacketIsBack() {
        packets.assertAllBack();
    }

    @Test
    void shouldPassEverythingUntilTheFirstSwitch() {
        final SwitchableFilter filter = PacketFilter.switchable();
        final List<Integer> passed = new ArrayList<>();
        packets.numbered(0, 3).transform(filter).subscribe(packet -> take(packet, passed));
        assertThat(passed).containsExactly(0, 1, 2);
    }

    @Test
    void shouldSwitchBetweenTwoPackets() {
        final PacketFilter even = PacketFilter.where(packet -> number(packet) % 2 == 0);
        final PacketFilter odd = PacketFilter.where(packet -> number(packet) % 2 == 1);
        final SwitchableFilter filter = PacketFilter.switchable(even);
        final TestPublisher<Packet> source = TestPublisher.create();
        final List<Integer> passed = new ArrayList<>();
        source.flux().transform(filter).subscribe(packet -> take(packet, passed));
        for (int i = 0; i < 10; i++) {
            if (i == 5) {
                assertThat(filter.switchTo(odd)).isSameAs(even);
            }
            source.next(packets.numbered(i));
        }
        assertThat(passed).containsExactly(0, 2, 4, 5, 7, 9);
        assertThat(filter.filter()).isSameAs(odd);
        assertThat(even.statistics()).isEqualTo(new FilterStatistics(3, 2, 0));
        assertThat(odd.statistics()).isEqualTo(new FilterStatistics(3, 2, 0));
    }

    @Test
    void shouldSwitchFromWithinAPacket() {
        final SwitchableFilter filter = PacketFilter.switchable();
        final List<Integer> passed = new ArrayList<>();
        packets.numbered(0, 10).transform(filter).subscribe(packet -> {
            take(packet, passed);
            filter.switchTo(NONE);
        });
        assertThat(passed).containsExactly(0);
    }

    @Test
    void shouldSwitchAllItsStreams() {
        final SwitchableFilter filter = PacketFilter.switchable();
        final List<Integer> passed = new ArrayList<>();
        final TestPublisher<Packet> one = TestPublisher.create();
        final TestPublisher<Packet> other = TestPublisher.create();
        Flux.merge(one.flux().transform(filter), other.flux().transform(filter))
                .subscribe(packet -> take(packet, passed));
        one.next(packets.numbered(1));
        other.next(packets.numbered(2));
        filter.switchTo(PacketFilter.where(packet -> false));
        one.next(packets.numbered(3));
        other.next(packets.numbered(4));
        assertThat(passed).containsExactly(1, 2);
        assertThat(filter.filter().statistics()).isEqualTo(new FilterStatistics(0, 2, 0));
    }

    @Test
    void shouldCountOnWhenAFilterComesBack() {
        final PacketFilter all = PacketFilter.where(packet -> true);
        final PacketFilter none = PacketFilter.where(packet -> false);
        final SwitchableFilter filter = PacketFilter.switchable(all);
        final TestPublisher<Packet> source = TestPublisher.create();
        source.flux().transform(filter).subscribe(Packet::release);
        for (int i = 0; i < 1000; i++) {
            filter.switchTo(i % 2 == 0 ? all : none);
            source.next(packets.numbered(i));
        }
        assertThat(all.statistics()).isEqualTo(new FilterStatistics(500, 0, 0));
        assertThat(none.statistics()).isEqualTo(new FilterStatistics(0, 500, 0));
    }

    /** Each packet is asked about once, whoever is asked, and every filter has counted what it was asked. */
    @Test
    void shouldJudgeEachPacketOnceWhileAnotherThreadSwitches() {
        final int count = 50_000;
        final AtomicIntegerArray judged = new AtomicIntegerArray(count);
        final List<PacketFilter> filters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            final int remainder = i;
            filters.add(PacketFilter.where(packet -> {
                judged.incrementAndGet(number(packet));
                return number(packet) % 5 == remainder;
            }));
        }
        final SwitchableFilter filter = PacketFilter.switchable(filters.get(0));
        final AtomicLong delivered = new AtomicLong();
        final AtomicBoolean over = new AtomicBoolean();
        RaceTestUtils.race(
                () -> {
                    packets.numbered(0, count).transform(filter).subscribe(packet -> {
                        delivered.incrementAndGet();
                        packet.release();
                    });
                    over.set(true);
                },
                () -> {
                    for (int i = 0; !over.get(); i++) {
                        filter.switchTo(filters.get(i % 5));
                    }
                });
        for (int i = 0; i < count; i++) {
            assertThat(judged.get(i)).as("judgements of packet %d", i).isEqualTo(1);
        }
        final FilterStatistics sum =
                filters.stream().map(PacketFilter::statistics).reduce(FilterStatistics.ZERO, FilterStatistics::plus);
        assertThat(sum.matched()).isEqualTo(delivered.get());
        assertThat(sum).isEqualTo(new FilterStatistics(delivered.get(), count - delivered.get(), 0));
        assertThat(filters)
                .allSatisfy(each -> assertThat(
                                each.statistics().matched() + each.statistics().rejected())
                        .isPositive());
    }

    private static void take(final Packet packet, final List<Integer> into) {
        into.add(number(packet));
        packet.release();
    }
}
