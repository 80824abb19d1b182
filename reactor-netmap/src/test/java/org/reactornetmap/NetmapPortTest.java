package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactornetmap.driver.PortSpecException;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.test.Frames;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class NetmapPortTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static byte[] bytes(final ByteBuffer frame) {
        final byte[] bytes = new byte[frame.remaining()];
        frame.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void shouldReceiveWhatTheOtherEndInjects() {
        final ByteBuffer telnet = Frames.tcp("10.0.0.1", 4000, "10.0.0.2", 23);
        final ByteBuffer dns = Frames.udp("10.0.0.1", 53, "10.0.0.2", 53);
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapPort a = netmap.open("netmap:test{1");
            final NetmapPort b = netmap.open("netmap:test}1");

            final TxReport report = a.inject(telnet, dns);

            assertThat(report.sent()).isEqualTo(2);
            assertThat(report.copied()).isEqualTo(2);
            StepVerifier.create(b.packets().transform(Packets.toBytes()).take(2))
                    .assertNext(bytes -> assertThat(bytes).isEqualTo(bytes(telnet)))
                    .assertNext(bytes -> assertThat(bytes).isEqualTo(bytes(dns)))
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void shouldForwardBySwappingBuffersOnOneLoop() {
        final int count = 5000;
        try (EmbeddedNetmap netmap = EmbeddedNetmap.forTests()) {
            final NetmapLoop loop = NetmapLoop.create("forwarder");
            final NetmapPort source = netmap.open("netmap:in{1@1");
            final NetmapPort in = netmap.open(
                    "netmap:in}1@1", PortOptions.builder().loop(loop).build());
            final NetmapPort out = netmap.open(
                    "netmap:out{1@1", PortOptions.builder().loop(loop).build());
            final NetmapPort sink = netmap.open("netmap:out}1@1");

            final List<byte[]> received = new ArrayList<>();
            final var done = sink.packets()
                    .transform(Packets.toBytes())
                    .take(count)
                    .doOnNext(received::add)
                    .then()
                    .toFuture();
            final var forwarded = in.packets().take(count).as(out::send).toFuture();
            final TxReport sent = source.sendFrames(
                            Flux.range(0, count).map(i -> Frames.udp("10.0.0.1", i, "10.0.0.2", 53)))
                    .block(TIMEOUT);
            done.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();

            assertThat(sent).isNotNull();
            assertThat(sent.sent()).isEqualTo(count);
            final TxReport report = forwarded
                    .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                    .join();
            assertThat(report.sent()).isEqualTo(count);
            assertThat(report.swapped()).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                assertThat(received.get(i)).isEqualTo(bytes(Frames.udp("10.0.0.1", i, "10.0.0.2", 53)));
            }
            loop.close();
        }
    }

    @Test
    void shouldFailTheTestThatForgetsAPacket() {
        final EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
        final NetmapPort a = netmap.open("netmap:test{1");
        final NetmapPort b = netmap.open("netmap:test}1");
        a.inject(Frames.arpRequest("10.0.0.1", "10.0.0.2"));
        final Packet forgotten =
                b.packets().next().doOnNext(p -> p.touch("here it was")).block(TIMEOUT);

        assertThatThrownBy(netmap::close).isInstanceOf(AssertionError.class).hasMessageContaining("here it was");
        assertThat(forgotten).isNotNull();
        assertThat(forgotten.isReleased()).isTrue();
    }

    @Test
    void shouldPointAtTheMistakeInASpec() {
        assertThatThrownBy(() -> NetmapPort.open("netmap:x{")).isInstanceOf(PortSpecException.class);
    }
}
