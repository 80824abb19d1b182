package org.reactornetmap.operators.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.operators.PacketPredicates.tcpPort;
import static org.reactornetmap.operators.TestPackets.number;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.reactornetmap.operators.TestPackets;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.operators.filter.language.FilterTarget;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.util.RaceTestUtils;

@Timeout(60)
class PacketFilterTest {

    private final TestPackets packets = new TestPackets(1 << 10);

    @AfterEach
    void everyPacketIsBack() {
        packets.assertAllBack();
    }

    private static PacketFilter even() {
        return PacketFilter.where(packet -> number(packet) % 2 == 0);
    }

    private static int takeNumber(Packet packet) {
        int number = number(packet);
        packet.release();
        return number;
    }

    @Test
    void shouldDropTelnet() {
        PacketFilter filter = PacketFilter.where(Predicate.not(tcpPort(23)));
        Flux<Packet> source = Flux.just(
                packets.of(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23)),
                packets.of(Frames.udp("10.0.0.1", 53, "10.0.0.2", 53)));
        StepVerifier.create(source.transform(filter))
                .assertNext(packet -> {
                    assertThat(packet.u8(23)).isEqualTo(17);
                    packet.release();
                })
                .verifyComplete();
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(1, 1, 0));
    }

    @Test
    void shouldMatchAnExpression() {
        PacketFilter filter = PacketFilter.matching("udp src port 7 or udp src port 5");
        StepVerifier.create(packets.numbered(0, 10).transform(filter).map(PacketFilterTest::takeNumber))
                .expectNext(5, 7)
                .verifyComplete();
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(2, 8, 0));
    }

    @Test
    void shouldRefuseABadExpressionAtOnce() {
        assertThatThrownBy(() -> PacketFilter.matching("udp port 53 and"))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageContaining("end");
        assertThatThrownBy(() -> PacketFilter.matching("inbound"))
                .as("which Ethernet does not tell")
                .isInstanceOf(FilterSyntaxException.class);
    }

    @Test
    void shouldAskEachPacketForItsLinkType() {
        ByteBuffer ethernet = Frames.udp("10.0.0.1", 1, "10.0.0.2", 53);
        ByteBuffer raw = ethernet.duplicate().position(ethernet.position() + 14);
        PacketFilter filter = PacketFilter.matching("udp dst port 53 and ip[12] = 10");
        StepVerifier.create(Flux.just(
                                PacketPool.wrap(ethernet),
                                PacketPool.wrap(raw, LinkType.RAW, raw.remaining()),
                                PacketPool.wrap(raw, LinkType.ETHERNET, raw.remaining()),
                                PacketPool.wrap(ethernet, LinkType.RAW, ethernet.remaining()))
                        .transform(filter)
                        .map(packet -> {
                            LinkType type = packet.linkType();
                            packet.release();
                            return type;
                        }))
                .expectNext(LinkType.ETHERNET, LinkType.RAW)
                .verifyComplete();
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(2, 2, 0));
    }

    @Test
    void shouldBeForAnotherLinkTypeFirst() {
        ByteBuffer cooked = ByteBuffer.allocate(16).putShort(0, (short) 4).putShort(14, (short) 0x0800);
        PacketFilter filter = PacketFilter.matching("outbound", FilterOptions.of(FilterTarget.of(LinkType.LINUX_SLL)));
        StepVerifier.create(Flux.just(PacketPool.wrap(cooked, LinkType.LINUX_SLL, 16), packets.numbered(1))
                        .transform(filter)
                        .doOnNext(Packet::release))
                .expectNextCount(1)
                .verifyError(FilterSyntaxException.class); // at the Ethernet packet
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(1, 0, 1));
    }

    @Test
    void shouldRejectWhatItCannotReadToTheEnd() {
        ByteBuffer frame = Frames.udp("10.0.0.1", 1, "10.0.0.2", 53);
        PacketFilter filter = PacketFilter.matching("not udp port 67");
        Flux<Packet> cut = Flux.range(0, frame.remaining() + 1)
                .map(length -> PacketPool.wrap(frame.slice(frame.position(), length)));
        StepVerifier.create(cut.transform(filter).map(packet -> {
                    int length = packet.length();
                    packet.release();
                    return length;
                }))
                .expectNextSequence(
                        IntStream.rangeClosed(38, frame.remaining()).boxed().toList())
                .verifyComplete();
    }

    @Test
    void shouldKeepOrderAndReplenishWhatItRejects() {
        StepVerifier.create(packets.numbered(0, 1000).transform(even()).map(PacketFilterTest::takeNumber), 3)
                .expectNext(0, 2, 4)
                .thenRequest(1)
                .expectNext(6)
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(496)
                .verifyComplete();
    }

    @Test
    void shouldReleaseBeforeItRequests() {
        List<Integer> outAtRequest = new ArrayList<>();
        Flux<Packet> source = new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Packet> actual) {
                actual.onSubscribe(new Subscription() {
                    private int next = 1;

                    @Override
                    public void request(long n) {
                        outAtRequest.add(packets.out());
                        if (next < 6) {
                            next += 2;
                            // not a conditional source: it calls onNext
                            actual.onNext(packets.numbered(next));
                        }
                    }

                    @Override
                    public void cancel() {}
                });
            }
        };
        source.transform(even()).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }
        });
        assertThat(outAtRequest).containsExactly(0, 0, 0, 0);
    }

    @Test
    void shouldCostAConditionalSourceNoDemand() {
        AtomicLong requested = new AtomicLong();
        StepVerifier.create(packets.numbered(0, 100)
                        .doOnRequest(n -> requested.addAndGet(n)) // passes conditional subscribers on
                        .transform(even())
                        .map(PacketFilterTest::takeNumber)
                        .filter(n -> n % 4 == 0)
                        .take(5))
                .expectNext(0, 4, 8, 12, 16)
                .verifyComplete();
        assertThat(requested).hasValue(5);
    }

    @Test
    void shouldReleaseThePacketWhenThePredicateThrows() {
        PacketFilter filter = PacketFilter.where(packet -> {
            if (number(packet) == 3) {
                throw new IllegalStateException("three");
            }
            return true;
        });
        StepVerifier.create(packets.numbered(1, 10).transform(filter).map(PacketFilterTest::takeNumber))
                .expectNext(1, 2)
                .verifyErrorMessage("three");
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(2, 0, 1));
    }

    @Test
    void shouldReleaseWhatComesAfterTheEnd() {
        PacketFilter filter = even();
        TestPublisher<Packet> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(source.flux().transform(filter))
                .then(source::complete)
                .then(() -> source.next(packets.numbered(2)))
                .then(source::complete)
                .verifyComplete();
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(0, 0, 1));
    }

    @Test
    void shouldReportALateError() {
        TestPublisher<Packet> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(source.flux().transform(even()))
                .then(source::complete)
                .then(() -> source.error(new IllegalStateException("late")))
                .expectComplete()
                .verifyThenAssertThat()
                .hasDroppedErrorWithMessage("late");
    }

    @Test
    void shouldPassErrors() {
        StepVerifier.create(Flux.<Packet>error(new IllegalStateException("up")).transform(even()))
                .verifyErrorMessage("up");
    }

    @Test
    void shouldCountAllStreamsTogether() {
        PacketFilter filter = even();
        for (int i = 0; i < 100; i++) {
            packets.numbered(0, 10).transform(filter).subscribe(Packet::release);
        }
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(500, 500, 0));
    }

    @Test
    void shouldKeepTheNumbersOfSubscriptionsThatAreGone() {
        PacketFilter filter = even();
        packets.numbered(0, 10).transform(filter).subscribe(Packet::release);
        for (int round = 0; round < 20; round++) {
            System.gc();
            assertThat(filter.statistics()).isEqualTo(new FilterStatistics(5, 5, 0));
        }
    }

    @Test
    void shouldCancelASecondSubscription() {
        AtomicReference<CoreSubscriber<? super Packet>> inner = new AtomicReference<>();
        new Flux<Packet>() {
            @Override
            public void subscribe(CoreSubscriber<? super Packet> actual) {
                inner.set(actual);
                actual.onSubscribe(new CountingSubscription());
            }
        }.transform(even()).subscribe();
        CountingSubscription second = new CountingSubscription();
        inner.get().onSubscribe(second);
        assertThat(second.cancels).hasValue(1);
    }

    @Test
    void shouldBeScannable() {
        AtomicReference<Scannable> seen = new AtomicReference<>();
        Flux<Packet> filtered = Flux.<Packet>never().transform(even());
        filtered.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                seen.set(Scannable.from(subscription));
            }
        });
        assertThat(Scannable.from(filtered).scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.SYNC);
        assertThat(seen.get().scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.SYNC);
        assertThat(seen.get().scan(Scannable.Attr.TERMINATED)).isFalse();
        assertThat(seen.get().scan(Scannable.Attr.PARENT)).isNotNull();
        assertThat(seen.get().scan(Scannable.Attr.ACTUAL)).isNotNull();
    }

    @Test
    void shouldLoseNothingWhenCancelRacesOnNext() {
        for (int round = 0; round < 10_000; round++) {
            PacketFilter filter = even();
            TestPublisher<Packet> source =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            BaseSubscriber<Packet> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(Packet packet) {
                    packet.release();
                }
            };
            // A plain BaseSubscriber drops what comes after its cancel: the terminal must not.
            AtomicInteger delivered = new AtomicInteger();
            source.flux().transform(filter).subscribe(new ReleasingSubscriber(subscriber, delivered));
            List<Packet> burst = List.of(packets.numbered(1), packets.numbered(2), packets.numbered(3));
            RaceTestUtils.race(() -> burst.forEach(source::next), subscriber::cancel);
            FilterStatistics statistics = filter.statistics();
            assertThat(statistics.matched()).isEqualTo(delivered.get());
            assertThat(statistics.matched() + statistics.rejected()).isEqualTo(3);
            packets.assertAllBack();
        }
    }

    private static final class CountingSubscription implements Subscription {
        final AtomicInteger cancels = new AtomicInteger();

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
            cancels.incrementAndGet();
        }
    }

    /** Releases whatever reaches it, cancelled or not; the other one only holds the subscription. */
    private record ReleasingSubscriber(BaseSubscriber<Packet> holder, AtomicInteger delivered)
            implements CoreSubscriber<Packet> {
        @Override
        public void onSubscribe(Subscription subscription) {
            holder.onSubscribe(subscription);
        }

        @Override
        public void onNext(Packet packet) {
            delivered.incrementAndGet();
            packet.release();
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {}
    }
}
