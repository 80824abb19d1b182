package org.reactornetmap.operators.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reactornetmap.operators.PacketPredicates.tcpPort;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactornetmap.EmbeddedNetmap;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.Packets;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.operators.FanOut;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.language.FilterNames;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.operators.filter.language.FilterTarget;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The code of docs/filtering.md, run. */
class FilteringTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final InetAddress ROUTER = address("10.0.0.2");
    private static final Inet4Address NETMASK = address("255.255.255.0");
    private static final ByteBuffer DNS = Frames.udp("10.0.0.9", 4000, "10.0.0.2", 53);
    private static final ByteBuffer WEB = Frames.tcp("10.0.0.9", 4000, "10.0.0.2", 80);
    private static final ByteBuffer ARP = Frames.arpRequest("10.0.0.9", "10.0.0.2");

    private final List<String> seen = new ArrayList<>();

    private static Inet4Address address(final String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldFilterByAnExpression() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort source = netmap.open("netmap:a{1");
            final NetmapPort in = netmap.open("netmap:a}1");
            final NetmapPort out = netmap.open("netmap:b{1");
            final NetmapPort sink = netmap.open("netmap:b}1");
            source.inject(WEB, DNS);
            PacketFilter dns = PacketFilter.matching("udp port 53 and not host 10.0.0.1");
            Mono<TxReport> report = in.packets().transform(dns).as(out::send);
            final var sending = report.toFuture();
            StepVerifier.create(sink.packets().transform(Packets.toBytes()).take(1))
                    .assertNext(bytes -> assertThat(ByteBuffer.wrap(bytes)).isEqualTo(DNS))
                    .expectComplete()
                    .verify(TIMEOUT);
            assertThat(dns.statistics()).isEqualTo(new FilterStatistics(1, 1, 0));
            sending.cancel(true);
        }
    }

    @Test
    void shouldRefuseABadExpression() {
        assertThatThrownBy(() -> PacketFilter.matching("udp prot 53"))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageContaining("character 5");
    }

    @Test
    void shouldFilterByAPredicate() {
        PacketFilter telnet = PacketFilter.where(tcpPort(23).or(packet -> packet.length() > 9000));
        StepVerifier.create(Flux.just(PacketPool.wrap(WEB)).transform(telnet)).verifyComplete();
    }

    @Test
    void shouldHaveOptions() {
        FilterNames names = new FilterNames() { // services and protocols are built in; hosts are not
                    @Override
                    public List<InetAddress> hosts(String name) {
                        return name.equals("router") ? List.of(ROUTER) : List.of();
                    }
                };
        FilterOptions options = FilterOptions.of(
                        FilterTarget.of(LinkType.ETHERNET).withNames(names).withNetmask(NETMASK)) // for "ip broadcast"
                .withEngine(FilterEngine.INTERPRETED) // the reference; default: COMPILED
                .withOptimizer(false);
        PacketFilter filter = PacketFilter.matching("host router and not ip broadcast", options);
        StepVerifier.create(Flux.just(PacketPool.wrap(DNS)).transform(filter))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void shouldFilterFrames() {
        final ByteBuffer frame = WEB;
        final Flux<ByteBuffer> frames = Flux.just(DNS, WEB, ARP);
        FrameFilter web = FrameFilter.matching("tcp port 80 or 443", LinkType.ETHERNET);
        boolean matches = web.matches(frame); // a ByteBuffer from position to limit, or a byte[]
        Flux<ByteBuffer> requests = frames.transform(web::filterBuffers);
        assertThat(matches).isTrue();
        StepVerifier.create(requests).expectNext(WEB).verifyComplete();
    }

    @Test
    void shouldSwitch() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort out = netmap.open("netmap:test{1");
            final NetmapPort in = netmap.open("netmap:test}1");
            SwitchableFilter filter = PacketFilter.switchable(PacketFilter.matching("udp"));
            Flux<Packet> passed = in.packets().transform(filter);
            out.inject(DNS);
            StepVerifier.create(passed.transform(Packets.toBytes()).take(1))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(TIMEOUT);
            PacketFilter before = filter.switchTo(PacketFilter.matching("udp and not port 53"));
            FilterStatistics inItsTime = before.statistics();
            assertThat(inItsTime).isEqualTo(new FilterStatistics(1, 0, 0));
        }
    }

    @Test
    void shouldPartition() {
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort out = netmap.open("netmap:test{1");
            final NetmapPort in = netmap.open("netmap:test}1");
            out.inject(ARP, WEB, DNS);
            final Flux<Packet> packets = in.packets().take(3);
            FanOut lanes = packets.as(PacketFilter.partition("udp port 53", "tcp"));
            Mono<Void> work = Mono.when(
                    lanes.lane(0).transform(Packets.autoRelease(this::dns)),
                    lanes.lane(1).transform(Packets.autoRelease(this::tcp)),
                    lanes.lane(2).transform(Packets.autoRelease(this::rest))); // what matched none
            StepVerifier.create(work).expectComplete().verify(TIMEOUT);
            assertThat(seen).containsExactly("rest", "tcp", "dns");
        }
    }

    private void dns(final Packet packet) {
        assertThat(packet.u16(36)).isEqualTo(53);
        seen.add("dns");
    }

    private void tcp(final Packet packet) {
        assertThat(packet.u8(23)).isEqualTo(6);
        seen.add("tcp");
    }

    private void rest(final Packet packet) {
        assertThat(packet.u16(12)).isEqualTo(0x806);
        seen.add("rest");
    }

    @Test
    void shouldAskARuleTable() {
        final Packet packet = PacketPool.wrap(DNS);
        FilterSet rules = FilterSet.of(
                "src net 10.1.0.0/16 and tcp dst port 443", // rule 0
                "udp port 53",
                "host 10.0.0.1");
        int first = rules.first(packet); // 0, 1, 2; -1 if it matches none
        BitSet all = new BitSet();
        rules.all(packet, all);
        assertThat(first).isEqualTo(1);
        assertThat(all).hasToString("{1}");
        packet.release();
    }

    @Test
    void shouldTakeProgramsMadeElsewhere() {
        BpfProgram program = BpfProgram.parseDecimal("4 \n 40 0 0 12 \n 21 0 1 2048 \n 6 0 0 262144 \n 6 0 0 0"); // ip
        FrameFilter ip = FrameFilter.of(program, FilterOptions.defaults());
        assertThat(ip.matches(DNS)).isTrue();
        assertThat(ip.matches(ARP)).isFalse();
    }
}
