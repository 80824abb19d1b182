package org.reactornetmap.operators.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.operators.filter.bpf.BpfProgram;
import org.reactornetmap.operators.filter.language.FilterNames;
import org.reactornetmap.operators.filter.language.FilterSyntaxException;
import org.reactornetmap.operators.filter.language.FilterTarget;
import org.reactornetmap.packet.LinkType;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class FrameFilterTest {
    private static final ByteBuffer DNS = Frames.udp("10.0.0.1", 4000, "10.0.0.2", 53);
    private static final ByteBuffer WEB = Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 80);

    @ParameterizedTest(name = "{displayName}: {0}")
    @EnumSource
    void shouldMatchWhereverTheFrameIs(final FilterEngine engine) {
        final FrameFilter filter = FrameFilter.matching(
                "udp port 53", LinkType.ETHERNET, FilterOptions.defaults().withEngine(engine));
        assertThat(filter.matches(DNS)).isTrue();
        assertThat(filter.matches(WEB)).isFalse();
        assertThat(filter.matches(bytes(DNS))).isTrue();
        assertThat(filter.matches(bytes(WEB))).isFalse();
        final Packet packet = PacketPool.wrap(DNS);
        assertThat(filter.matches(packet)).isTrue();
        packet.release();
    }

    @Test
    void shouldLookAtTheBytesBetweenPositionAndLimit() {
        final FrameFilter filter = FrameFilter.matching("udp port 53", LinkType.ETHERNET);
        final ByteBuffer around = ByteBuffer.allocate(200).position(7).put(DNS.duplicate());
        around.flip().position(7);
        assertThat(filter.matches(around)).isTrue();
        assertThat(around.position()).isEqualTo(7);
        assertThat(filter.matches(around.duplicate().limit(7 + 36))).isFalse();
    }

    @Test
    void shouldKnowTheLengthOnTheWire() {
        final FrameFilter filter = FrameFilter.matching("len = 1500", LinkType.ETHERNET);
        assertThat(filter.matches(DNS)).isFalse();
        assertThat(filter.matches(DNS, 1500)).isTrue();
        assertThat(filter.matches(bytes(DNS), 1500)).isTrue();
    }

    @Test
    void shouldFilterStreamsAndCount() {
        final FrameFilter filter = FrameFilter.matching("tcp", LinkType.ETHERNET);
        StepVerifier.create(Flux.just(DNS, WEB, DNS, WEB).transform(filter::filterBuffers), 1)
                .expectNext(WEB)
                .thenRequest(1)
                .expectNext(WEB)
                .verifyComplete();
        StepVerifier.create(Flux.just(bytes(DNS), bytes(DNS)).transform(filter::filterArrays))
                .verifyComplete();
        assertThat(filter.statistics()).isEqualTo(new FilterStatistics(2, 4, 0));
    }

    @Test
    void shouldRunProgramsMadeElsewhere() {
        final FrameFilter ip = FrameFilter.of(
                BpfProgram.parseDecimal("4  40 0 0 12  21 0 1 2048  6 0 0 262144  6 0 0 0"), FilterOptions.defaults());
        assertThat(ip.matches(DNS)).isTrue();
        assertThat(ip.matches(Frames.arpRequest("10.0.0.1", "10.0.0.2"))).isFalse();
    }

    @Test
    void shouldSayWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> FrameFilter.matching("udp prot 53", LinkType.ETHERNET))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageContaining("prot")
                .extracting(e -> ((FilterSyntaxException) e).position())
                .isEqualTo(4);
    }

    @Test
    void shouldHeedItsOptions() {
        final FilterNames names = new FilterNames() {
            @Override
            public List<InetAddress> hosts(final String name) {
                return name.equals("gw") ? List.of(address("10.0.0.2")) : List.of();
            }
        };
        final Inet4Address mask = address("255.255.255.0");
        final FilterOptions options = FilterOptions.of(
                        FilterTarget.of(LinkType.ETHERNET).withNames(names).withNetmask(mask))
                .withOptimizer(false);
        assertThat(FrameFilter.matching("host gw", LinkType.ETHERNET, options).matches(DNS))
                .isTrue();
        assertThat(FrameFilter.matching("ip broadcast", LinkType.ETHERNET, options)
                        .matches(Frames.udp("10.0.0.1", 1, "10.0.0.255", 2)))
                .isTrue();
        final int plain = FrameFilter.matching("host gw and tcp", LinkType.ETHERNET, options)
                .program()
                .length();
        assertThat(FrameFilter.matching("host gw and tcp", LinkType.ETHERNET, options.withOptimizer(true))
                        .program()
                        .length())
                .isLessThan(plain);
    }

    private static Inet4Address address(final String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(final ByteBuffer frame) {
        final byte[] bytes = new byte[frame.remaining()];
        frame.duplicate().get(bytes);
        return bytes;
    }
}
