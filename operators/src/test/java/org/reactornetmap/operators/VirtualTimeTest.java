package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.operators.PacketPredicates.tcpPort;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.operators.filter.PacketFilter;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Filter, fan-out with workers, linger and drain over three pipes, in virtual time: the same seed, the same run. */
@Timeout(60)
class VirtualTimeTest {

    private static final int LANES = 3;
    private static final int FRAMES = 3_000;

    private final List<String> events = new ArrayList<>();

    @AfterEach
    void stop() {
        VirtualTimeScheduler.reset();
    }

    private static ByteBuffer frame(Random random) {
        int port = 1000 + random.nextInt(50);
        return random.nextInt(4) == 0
                ? Frames.tcp("10.0.0.1", port, "10.0.0.2", 23)
                : Frames.udp("10.0.0.1", port, "10.0.0.2", 53);
    }

    private static Flux<Packet> slow(Flux<Packet> lane) {
        return lane.concatMap(packet -> Mono.just(packet).delayElement(Duration.ofNanos(500_000)), 1);
    }

    private List<String> run(long seed) {
        events.clear();
        VirtualTimeScheduler.reset();
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        Random random = new Random(seed);
        EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time);
        try (netmap) {
            PortOptions small = PortOptions.builder().slots(32).build();
            NetmapPort generator = netmap.open("netmap:lan{1", small);
            NetmapPort in = netmap.open("netmap:lan}1", small);
            NetmapPort left = netmap.open("netmap:wan{1", small);
            NetmapPort right = netmap.open("netmap:dmz{1", small);
            PacketFilter filter = PacketFilter.where(tcpPort(23).negate());
            FanOut lanes = in.packets()
                    .transform(filter)
                    .as(FanOut.byFlow(LANES).runOn(time).prefetch(8));
            TxOptions lazy = TxOptions.builder()
                    .linger(Duration.ofMillis(3))
                    .drain(Duration.ofSeconds(2))
                    .build();
            for (int i = 0; i < LANES; i++) {
                Flux<Packet> lane = i == 0 ? slow(lanes.lane(i)) : lanes.lane(i);
                int number = i;
                (i < 2 ? left : right)
                        .send(lane, lazy)
                        .subscribe(report -> note(time, number + " " + report), e -> note(time, number + " " + e));
            }
            for (NetmapPort reader : List.of(netmap.open("netmap:wan}1"), netmap.open("netmap:dmz}1"))) {
                reader.packets()
                        .doOnNext(packet -> note(time, reader.name() + " got " + packet.u16(34)))
                        .subscribe(Packet::release);
            }
            generator
                    .send(Flux.range(0, FRAMES)
                            .delayElements(Duration.ofNanos(20_000))
                            .map(i -> PacketPool.wrap(frame(random))))
                    .subscribe(report -> note(time, "generated " + report.sent()));

            time.advanceTimeBy(Duration.ofSeconds(10));
            note(time, lanes.statistics() + " " + filter.statistics());
            for (NetmapPort port : List.of(in, generator, left, right)) {
                note(time, port.name() + " " + port.statistics());
                port.closeAsync().subscribe(report -> note(time, port.name() + " " + report));
                time.advanceTimeBy(Duration.ofSeconds(5));
            }
        }
        assertThat(netmap.driver().audit().isBalanced())
                .as("buffers after seed %s", seed)
                .isTrue();
        return List.copyOf(events);
    }

    private void note(VirtualTimeScheduler time, String event) {
        events.add(time.now(TimeUnit.NANOSECONDS) + " " + event);
    }

    @Test
    void shouldDoTheSameTwiceFromOneSeed() {
        long seed = System.nanoTime();
        List<String> first = run(seed);

        assertThat(run(seed)).as("seed %s, again", seed).isEqualTo(first);
        assertThat(run(seed + 1)).isNotEqualTo(first);
    }

    @Test
    void shouldLoseNothing() {
        List<String> all = run(1);
        Random random = new Random(1);
        long wanted = IntStream.range(0, FRAMES)
                .filter(i -> tcpPort(23).negate().test(PacketPool.wrap(frame(random))))
                .count();

        assertThat(all).filteredOn(event -> event.contains("}1 got ")).hasSize((int) wanted);
        assertThat(all)
                .filteredOn(event -> event.contains(TxReport.class.getSimpleName()))
                .hasSize(LANES);
        assertThat(all).anyMatch(event -> event.endsWith(" generated " + FRAMES));
    }
}
