package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.InterfaceOptions;
import org.reactornetmap.NetmapAdmin;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.PortOptions;
import org.reactornetmap.SwitchPort;
import org.reactornetmap.Tap;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedFaults;
import org.reactornetmap.driver.embedded.EmbeddedInterface;
import org.reactornetmap.driver.embedded.Fault;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxOptions;
import org.reactornetmap.flow.TxClaim;
import org.reactornetmap.flow.TxOptions;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.operators.filter.PacketFilter;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The guide's code, run. {@link DocumentationTest} holds the page to it. */
class GuideTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void shouldOpenWithOptions() {
        PortOptions options = PortOptions.builder()
                .rings(4) // of a pipe that this open creates
                .slots(1024)
                .extraBuffers(4096) // for packets that are held; default: one for each RX slot
                .build();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort port = netmap.open("netmap:x{1", options);
            assertThat(port.rxRings()).isEqualTo(4);
            assertThat(port.rx(3).numSlots()).isEqualTo(1024);
        }
    }

    static boolean isDns(Packet packet) {
        return packet.length() >= 42
                && packet.u16(12) == 0x0800 // IPv4
                && packet.u8(23) == 17 // UDP
                && packet.u16(36) == 53;
    }

    @Test
    void shouldReadPackets() {
        assertThat(isDns(PacketPool.wrap(Frames.udp("10.0.0.1", 4000, "10.0.0.2", 53))))
                .isTrue();
        assertThat(isDns(PacketPool.wrap(Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 53))))
                .isFalse();
        assertThat(isDns(PacketPool.wrap(Frames.arpRequest("10.0.0.1", "10.0.0.2"))))
                .isFalse();
    }

    @Test
    void shouldChooseAMemory() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            NetmapPort in = netmap.open("netmap:lan}1@1"); // in the global memory
            NetmapPort out = netmap.open("netmap:wan{1@share=netmap:lan}1"); // in that of another port
            final NetmapPort source = netmap.open("netmap:lan{1");
            final Mono<TxReport> sent = in.packets().take(1).as(out::send);
            source.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
            StepVerifier.create(sent)
                    .assertNext(report -> assertThat(report.swapped()).isOne())
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldSizeMemories() {
        EmbeddedConfig config = EmbeddedConfig.builder()
                .buffers(65_536) // buf_num, of the global memory
                .privBufNum(8_192) // priv_buf_num: at least; it grows to fit its port
                .build();
        assertThat(config.buffers()).isEqualTo(65_536);
        assertThat(config.privBufNum()).isEqualTo(8_192);
    }

    @Test
    void shouldSendInManyWays() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort source = netmap.open("netmap:lan{1");
            final NetmapPort in = netmap.open("netmap:lan}1");
            final NetmapPort out = netmap.open("netmap:wan{1");
            final NetmapPort sink = netmap.open("netmap:wan}1");
            Mono<TxReport> report = in.packets()
                    .as(packets -> out.send(
                            packets,
                            TxOptions.builder()
                                    .batch(64) // packets per NIOCTXSYNC
                                    .linger(Duration.ofMillis(
                                            1)) // or when this time is up; default: when the burst ends
                                    .oversize(TxOptions.Oversize.FAIL)
                                    .build()));
            final var forwarding = report.subscribe();
            source.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
            Mono<TxReport> sent = out.sendFrames(Flux.just(Frames.udp("10.0.0.1", 4000, "10.0.0.2", 53)));
            StepVerifier.create(sent)
                    .assertNext(r -> assertThat(r.sent()).isOne())
                    .expectComplete()
                    .verify(TIMEOUT);
            out.loop().execute(() -> {
                TxClaim claim = out.tx(0).claim(60); // null if the ring is full
                if (claim != null) {
                    claim.buffer().put(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
                    claim.commit();
                }
            });
            StepVerifier.create(sink.packets().transform(Packets.toBytes()).take(3))
                    .expectNextCount(3)
                    .expectComplete()
                    .verify(TIMEOUT);
            forwarding.dispose();
        }
    }

    @Test
    void shouldTap() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort port = netmap.open("netmap:lan{1");
            final NetmapPort peer = netmap.open("netmap:lan}1");
            NetmapPort tap = port.tap(); // copies, both directions
            Flux<String> log = tap.packets().map(packet -> {
                String line = packet.direction() + " " + packet.length() + " bytes";
                packet.release();
                return line;
            });
            NetmapPort received =
                    port.tap(Tap.COPY_RX, PortOptions.builder().rxSlots(4_096).build());
            NetmapPort released = port.tap(Tap.ZERO_COPY);
            port.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
            peer.inject(Frames.udp("10.0.0.1", 4000, "10.0.0.2", 53));
            StepVerifier.create(log.take(2))
                    .expectNextMatches(line -> line.startsWith("OUTBOUND "))
                    .expectNextMatches(line -> line.startsWith("INBOUND "))
                    .expectComplete()
                    .verify(TIMEOUT);
            port.packets().take(1).doOnNext(Packet::release).blockLast(TIMEOUT);
            for (final NetmapPort other : List.of(received, released)) {
                StepVerifier.create(other.packets().take(1).doOnNext(Packet::release))
                        .expectNextCount(1)
                        .expectComplete()
                        .verify(TIMEOUT);
            }
        }
    }

    @Test
    void shouldHoldPackets() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort out = netmap.open("netmap:lan{1");
            final NetmapPort in = netmap.open("netmap:lan}1");
            Flux<Packet> held = in.packets(
                    RxOptions.builder().hold(RxOptions.Hold.SWAP_ALWAYS).build());
            out.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
            StepVerifier.create(held.take(1))
                    .assertNext(Packet::release)
                    .expectComplete()
                    .verify(TIMEOUT);
            StepVerifier.create(in.closeAsync())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(in.rx(0).statistics().swapped()).isOne();
        }
    }

    @Test
    void shouldDriveTheLoopByHand() {
        NetmapLoop loop = NetmapLoop.manual();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            NetmapPort a = netmap.open(
                    "netmap:test{1", PortOptions.builder().loop(loop).build());
            NetmapPort b = netmap.open(
                    "netmap:test}1", PortOptions.builder().loop(loop).build());
            a.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
            List<byte[]> received = new ArrayList<>();
            b.packets().transform(Packets.toBytes()).subscribe(received::add);
            while (loop.doWork() > 0) {}
            assertThat(received).hasSize(1);
        }
    }

    @Test
    void shouldAdministerSwitches() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            NetmapAdmin admin = netmap.admin();
            admin.newInterface("v1", InterfaceOptions.defaults().withSlots(256)); // stays until it is deleted
            admin.attach("vale0:v1"); // now a port of the switch vale0, open or not
            try (NetmapPort attached = netmap.open("netmap:v1");
                    NetmapPort other = netmap.open("vale0:b")) { // made by this open, gone with the last close
                attached.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
                byte[] frame = other.packets().transform(Packets.toBytes()).blockFirst();
                assertThat(frame).isNotEmpty();
                assertThat(admin.ports()).extracting(SwitchPort::name).containsExactly("vale0:v1", "vale0:b");
            }
            admin.detach("vale0:v1");
            admin.deleteInterface("v1");
        }
    }

    @Test
    void shouldSimulateInterfaces() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            EmbeddedInterface eth0 = netmap.addInterface("eth0");
            try (NetmapPort nic = netmap.open("netmap:eth0");
                    NetmapPort host = netmap.open("netmap:eth0^")) {
                eth0.receive(Frames.arpRequest("10.0.0.1", "10.0.0.2")); // arrives from the wire
                nic.packets().take(1).as(host::send).block(TIMEOUT); // and goes up to the host stack
                assertThat(eth0.hostStack().received()).hasSize(1);
                eth0.hostStack().send(Frames.arpReply("10.0.0.2", "10.0.0.1")); // what the stack sends
                host.packets().take(1).as(nic::send).block(TIMEOUT); // goes down to the wire
                assertThat(eth0.transmitted()).hasSize(1);
            }
            eth0.remove();
        }
    }

    @Test
    void shouldStandBetweenNicAndHost() {
        final NetmapLoop loop = NetmapLoop.create("firewall");
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            NetmapPort nic =
                    netmap.open("netmap:eth0", PortOptions.builder().loop(loop).build());
            NetmapPort host = nic.host();
            Disposable up = nic.packets()
                    .transform(PacketFilter.matching("not tcp port 23"))
                    .as(host::send)
                    .subscribe();
            Disposable down = host.packets().as(nic::send).subscribe();
            eth0.link(false);
            Mono<TxReport> sent = nic.linkUp()
                    .timeout(Duration.ofSeconds(10)) // or wait for ever
                    .then(nic.sendFrames(Flux.just(Frames.arpRequest("10.0.0.1", "10.0.0.2"))));
            StepVerifier.create(sent)
                    .expectSubscription()
                    .then(() -> eth0.link(true))
                    .assertNext(report -> assertThat(report.sent()).isOne())
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(eth0.transmitted()).hasSize(1);
            eth0.receive(Frames.tcp("10.0.0.2", 4000, "10.0.0.1", 23));
            eth0.receive(Frames.arpReply("10.0.0.2", "10.0.0.1"));
            while (eth0.statistics().raised() == 0) {
                Thread.onSpinWait();
            }
            assertThat(eth0.hostStack().received()).containsExactly(Frames.arpReply("10.0.0.2", "10.0.0.1"));
            up.dispose();
            down.dispose();
        } finally {
            loop.close();
        }
    }

    @Test
    void shouldLookOnWhileAnInterfaceWorks() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final EmbeddedInterface eth0 = netmap.addInterface("eth0");
            NetmapPort port = netmap.open(
                    "netmap:eth0*", PortOptions.builder().forward(true).build());
            Flux<String> log = port.packets().map(packet -> {
                String line = packet.direction() + " " + packet.length() + " bytes";
                packet.release(); // now it goes on
                return line;
            });
            StepVerifier.create(log)
                    .expectSubscription()
                    .then(() -> eth0.receive(Frames.arpRequest("10.0.0.1", "10.0.0.2")))
                    .expectNextMatches(line -> line.startsWith("INBOUND "))
                    .then(() -> eth0.hostStack().send(Frames.arpReply("10.0.0.2", "10.0.0.1")))
                    .expectNextMatches(line -> line.startsWith("OUTBOUND "))
                    .thenCancel()
                    .verify(TIMEOUT);
            port.close();
            assertThat(eth0.hostStack().received()).hasSize(1);
            assertThat(eth0.transmitted()).hasSize(1);
        }
    }

    @Test
    void shouldRunInVirtualTime() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try (EmbeddedNetmap netmap = EmbeddedNetmap.virtualTime(time)) {
            NetmapPort a = netmap.open("netmap:test{1");
            NetmapPort b = netmap.open("netmap:test}1");
            TxOptions lazy = TxOptions.builder().linger(Duration.ofMinutes(1)).build();
            a.send(
                            Flux.just(PacketPool.wrap(Frames.arpRequest("10.0.0.1", "10.0.0.2")))
                                    .concatWith(Flux.never()),
                            lazy)
                    .onErrorComplete()
                    .subscribe();
            StepVerifier.withVirtualTime(
                            () -> b.packets().transform(Packets.toBytes()).take(1), () -> time, 1)
                    .expectSubscription()
                    .expectNoEvent(Duration.ofSeconds(59))
                    .thenAwait(Duration.ofSeconds(1))
                    .expectNextCount(1)
                    .verifyComplete();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void shouldMoveTheLoopsClock() {
        AtomicLong clock = new AtomicLong();
        NetmapLoop loop = NetmapLoop.manual(clock::get); // and doWork() by hand
        AtomicBoolean late = new AtomicBoolean();
        loop.scheduler().schedule(() -> late.set(true), 1, TimeUnit.HOURS);
        while (loop.doWork() > 0) {}
        assertThat(late).isFalse();
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));
        while (loop.doWork() > 0) {}
        assertThat(late).isTrue();
    }

    @Test
    void shouldArmFaults() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            NetmapPort a = netmap.open("netmap:test{1");
            NetmapPort b = netmap.open("netmap:test}1");
            EmbeddedFaults faults = netmap.faults().seed(7);
            Fault full = faults.on("test{1").ringFull().during(Duration.ofMillis(5));
            Fault late = faults.on("test}1")
                    .delayWakeUps(Duration.ofMillis(1))
                    .withProbability(0.5)
                    .always();
            Fault flaky =
                    faults.on("test}1").rx(0).failSync(Errno.EIO).after(100).once();
            Flux<ByteBuffer> frames =
                    Flux.range(1, 100_000).map(i -> Frames.icmpEcho("10.0.0.1", "10.0.0.2", i % 1000));
            a.sendFrames(frames).subscribe(report -> {}, e -> {});
            StepVerifier.create(b.packets().transform(Packets.toBytes()).then())
                    .expectErrorSatisfies(
                            e -> assertThat(((NetmapErrnoException) e).errno()).isEqualTo(Errno.EIO))
                    .verify(TIMEOUT);
            assertThat(flaky.struck()).isOne();
            late.clear();
            assertThat(faults.armed()).doesNotContain(late, flaky);
            assertThat(full.struck()).isPositive();
        }
    }
}
