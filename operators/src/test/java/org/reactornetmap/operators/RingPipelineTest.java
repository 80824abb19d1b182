package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.operators.PacketPredicates.tcpPort;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.operators.filter.FilterEngine;
import org.reactornetmap.operators.filter.FilterOptions;
import org.reactornetmap.operators.filter.FilterStatistics;
import org.reactornetmap.operators.filter.PacketFilter;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The operators between rings of the embedded netmap, whose close fails on any packet that is not released. */
@Timeout(60)
class RingPipelineTest {

    private static final int FLOWS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For each flow three packets, one of them telnet. */
    private static ByteBuffer[] traffic() {
        List<ByteBuffer> frames = new ArrayList<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            frames.add(Frames.udp("10.0.0.1", 1000 + flow, "10.0.0.2", 53));
            frames.add(Frames.tcp("10.0.0.1", 1000 + flow, "10.0.0.2", 23));
            frames.add(Frames.udp("10.0.0.2", 53, "10.0.0.1", 1000 + flow));
        }
        return frames.toArray(new ByteBuffer[0]);
    }

    private static PortOptions rings(NetmapLoop loop) {
        return PortOptions.builder().loop(loop).rings(2).slots(1024).build();
    }

    @ParameterizedTest(name = "{displayName}, workers: {0}")
    @ValueSource(booleans = {false, true})
    void shouldAccountForEveryPacket(boolean workers) {
        NetmapLoop loop = NetmapLoop.create("forwarder");
        Scheduler scheduler = Schedulers.newParallel("lane", 2);
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            NetmapLoop others = NetmapLoop.create("others");
            NetmapPort generator = netmap.open("netmap:x{1", rings(others));
            NetmapPort in = netmap.open("netmap:x}1", rings(loop));
            NetmapPort out = netmap.open("netmap:x{2", rings(loop));
            NetmapPort sink = netmap.open("netmap:x}2", rings(others));
            PacketFilter filter = PacketFilter.where(tcpPort(23).negate());
            FanOut.Plan plan = FanOut.byFlow(3).prefetch(16);
            FanOut lanes = in.packets().transform(filter).as(workers ? plan.runOn(scheduler) : plan);
            Mono<TxReport> sent = Flux.range(0, 3)
                    .flatMap(i -> out.tx(i % 2).send(lanes.lane(i)))
                    .reduce(TxReport.EMPTY, TxReport::plus);

            StepVerifier.create(Mono.zip(
                            sent,
                            sink.packets()
                                    .transform(Packets.toBytes())
                                    .take(2 * FLOWS)
                                    .doOnComplete(() -> in.closeAsync().subscribe())
                                    .count(),
                            generator.sendFrames(Flux.fromArray(traffic()))))
                    .assertNext(all -> {
                        assertThat(all.getT1().sent()).isEqualTo(2 * FLOWS);
                        assertThat(all.getT1().dropped()).isZero();
                        assertThat(all.getT2()).isEqualTo(2 * FLOWS);
                        assertThat(all.getT3().sent()).isEqualTo(3 * FLOWS);
                    })
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(filter.statistics()).isEqualTo(new FilterStatistics(2 * FLOWS, FLOWS, 0));
            assertThat(lanes.statistics().stream()
                            .mapToLong(LaneStatistics::passed)
                            .sum())
                    .isEqualTo(2 * FLOWS);
            others.close();
        } finally {
            scheduler.dispose();
            loop.close();
        }
    }

    @ParameterizedTest(name = "{displayName}, workers: {0}")
    @ValueSource(booleans = {false, true})
    void shouldHoldNothingAfterACancel(boolean workers) {
        Scheduler scheduler = Schedulers.newParallel("lane", 2);
        FanOut.Plan plan = FanOut.byFlow(2).prefetch(32);
        try {
            for (int round = 0; round < 20; round++) {
                cancelUnderWay(workers ? plan.runOn(scheduler) : plan);
            }
        } finally {
            scheduler.dispose();
        }
    }

    private static void cancelUnderWay(FanOut.Plan plan) {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            NetmapPort generator = netmap.open("netmap:x{1");
            NetmapPort in = netmap.open("netmap:x}1");
            FanOut lanes = in.packets().as(plan);
            // The second lane never asks: its queue fills, and the first stops with it.
            Disposable first =
                    lanes.lane(0).transform(Packets.autoRelease(packet -> {})).subscribe();
            BaseSubscriber<Packet> second = lanes.lane(1).subscribeWith(new Waiting());
            generator.inject(traffic());
            first.dispose();
            second.dispose();
            StepVerifier.create(in.packets().transform(Packets.toBytes()).take(1))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);
            // A worker may be at its last packet; the close below insists.
            while (in.statistics().held() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    static Stream<PacketFilter> filtersAcrossSlots() {
        return Stream.of(
                PacketFilter.where(PacketPredicates.udpPort(53)),
                PacketFilter.matching("vlan and vlan and udp src port 53 and ip6[40:4] = 0x00350fa0"),
                PacketFilter.matching(
                        "vlan and vlan and udp dst port 4000 and ip6[40:4] = 0x00350fa0",
                        FilterOptions.defaults().withEngine(FilterEngine.INTERPRETED)));
    }

    /** Slots of 64 bytes: of these frames one port stands in the first slot, the other in the second. */
    @ParameterizedTest
    @MethodSource("filtersAcrossSlots")
    void shouldReadHeadersAcrossSlots(PacketFilter filter) {
        EmbeddedConfig small = EmbeddedConfig.builder().bufSize(64).build();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests(small)) {
            NetmapPort a = netmap.open("netmap:x{1");
            NetmapPort b = netmap.open("netmap:x}1");
            ByteBuffer wanted = Frames.ethernet()
                    .vlan(1)
                    .vlan(2)
                    .ipv6("2001:db8::1", "2001:db8::2")
                    .udp(53, 4000)
                    .length(200)
                    .build();
            a.inject(Frames.udp("2001:db8::1", 54, "2001:db8::2", 4000), wanted);
            StepVerifier.create(b.packets()
                            .transform(filter)
                            .transform(Packets.toBytes())
                            .take(1))
                    .assertNext(bytes -> assertThat(ByteBuffer.wrap(bytes)).isEqualTo(wanted))
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    private static final class Waiting extends BaseSubscriber<Packet> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {}
    }
}
