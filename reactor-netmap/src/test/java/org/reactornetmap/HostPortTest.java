package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.embedded.EmbeddedInterface;
import org.reactornetmap.driver.embedded.InterfaceConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The host rings as a port beside the NIC's. */
@Timeout(60)
@SuppressWarnings("try") // some ports are only held open
class HostPortTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
    private final EmbeddedInterface eth0 = netmap.addInterface(
            "eth0", InterfaceConfig.builder().rings(2).slots(256).build());

    @AfterEach
    void close() {
        netmap.close();
    }

    private static ByteBuffer frame(final int number) {
        return Frames.udp("10.0.0.1", number, "10.0.0.2", 53);
    }

    @ParameterizedTest
    @ValueSource(strings = {"netmap:eth0", "netmap:eth0-1", "netmap:eth0/R", "netmap:eth0/x"})
    void shouldTalkToTheHost(final String spec) {
        final NetmapPort nic = netmap.open(spec);
        final NetmapPort host = nic.host();

        assertThat(host.spec().text()).isEqualTo("netmap:eth0^");
        assertThat(host.rxRings()).isEqualTo(1);
        assertThat(host.inject(frame(1)).sent()).isEqualTo(1);
        assertThat(eth0.hostStack().received()).containsExactly(frame(1));
    }

    @Test
    void shouldBeAFirewallTogetherWithTheNic() {
        final NetmapLoop loop = NetmapLoop.create("firewall");
        final NetmapPort nic =
                netmap.open("netmap:eth0", PortOptions.builder().loop(loop).build());
        final NetmapPort host = nic.host();
        assertThat(host.loop()).isSameAs(loop);
        final var up = nic.packets().take(100).as(host::send).toFuture();
        final var down = host.packets().take(50).as(nic::send).toFuture();
        for (int i = 0; i < 100; i++) {
            assertThat(eth0.receive(i & 1, frame(i))).isTrue();
            if (i < 50) {
                assertThat(eth0.hostStack().send(frame(i))).isTrue();
            }
        }

        assertThat(up.join().swapped()).isEqualTo(100);
        assertThat(down.join().swapped()).isEqualTo(50);
        assertThat(eth0.hostStack().received()).hasSize(100);
        assertThat(eth0.transmitted()).hasSize(50);
        netmap.close();
        loop.close();
    }

    @Test
    void shouldHaveALoopOfItsOwnUnlessTheNicWasGivenOne() {
        final NetmapPort nic = netmap.open("netmap:eth0");
        try (NetmapPort host = nic.host()) {
            assertThat(host.loop()).isNotSameAs(nic.loop());
        }
        try (NetmapLoop loop = NetmapLoop.create("given");
                NetmapPort host = nic.host(PortOptions.builder().loop(loop).build())) {
            assertThat(host.loop()).isSameAs(loop);
        }
    }

    @Test
    void shouldServeNicRingsInParallelBesideTheHost() {
        final NetmapPort nic =
                netmap.open("netmap:eth0", PortOptions.builder().perRing(true).build());
        final NetmapPort host = nic.host();
        final var up = nic.packets().take(20).as(host::send).toFuture();
        for (int i = 0; i < 20; i++) {
            assertThat(eth0.receive(i & 1, frame(i))).isTrue();
        }
        assertThat(up.join().sent()).isEqualTo(20);
    }

    @Test
    void shouldOutliveTheNicsPort() {
        final NetmapPort nic = netmap.open("netmap:eth0");
        final NetmapPort host = nic.host();
        nic.close();
        final Flux<Integer> lengths = host.packets().map(packet -> {
            final int length = packet.length();
            packet.release();
            return length;
        });
        assertThat(host.inject(frame(1)).sent()).isEqualTo(1);
        StepVerifier.create(lengths)
                .expectSubscription()
                .then(host::close)
                .expectComplete()
                .verify(TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "netmap:x{1 | x{1 has no host rings: only a network interface",
                "vale0:a | vale0:a has no host rings",
                "null:n@1@conf:rings=1,slots=16 | n has no host rings",
                "netmap:eth0^ | netmap:eth0^ has the host rings itself: use it as it is, or open netmap:eth0",
                "netmap:eth0^0 | netmap:eth0^0 has the host rings itself",
                "netmap:eth0* | netmap:eth0* has the host rings itself: they are the last of its rings"
            })
    void shouldSayWhereThereAreNone(final String spec, final String reason) {
        final NetmapPort port = netmap.open(spec);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(port::host)
                .withMessageContaining(reason);
    }

    @Test
    void shouldHaveNoHostBehindATap() {
        final NetmapPort tap = netmap.open("netmap:eth0").tap();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(tap::host)
                .withMessageContaining("has no host rings");
    }

    @Test
    void shouldNotOpenWhatIsGone() {
        final NetmapPort nic = netmap.open("netmap:eth0");
        eth0.remove();
        assertThatExceptionOfType(NetmapException.class).isThrownBy(nic::host).withMessageContaining("eth0");
    }

    @ParameterizedTest
    @CsvSource({
        "netmap:eth0^, host()",
        "netmap:eth0*, host()",
        "netmap:eth0^0, host()",
        "netmap:eth0-1, leave out perRing"
    })
    void shouldRefuseOneDescriptorForEachRingWhereRingsBelongTogether(final String spec, final String advice) {
        final PortOptions perRing = PortOptions.builder().perRing(true).build();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> netmap.open(spec, perRing))
                .withMessageContaining(spec)
                .withMessageContaining(advice);
    }
}
