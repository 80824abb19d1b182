package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** A source that always has more, and a port that always has room: a switch drops what nobody takes. */
class EndlessSourceTest {
    private static final int SLOTS = 64;

    @Test
    @Timeout(60)
    void shouldLeaveTheLoopToOthersBetweenWindows() {
        final ByteBuffer frame = Frames.udp("10.0.0.1", 1, "10.0.0.2", 53);
        final Flux<Packet> endless = Flux.generate(sink -> sink.next(PacketPool.wrap(frame.duplicate())));
        try (EmbeddedNetmap netmap = EmbeddedNetmap.create(
                        EmbeddedConfig.builder().defaultSlots(SLOTS).build());
                NetmapLoop loop = NetmapLoop.manual()) {
            final NetmapPort port = netmap.open(
                    "vale0:a", PortOptions.builder().loop(loop).slots(SLOTS).build());
            final Disposable sending = port.send(endless).subscribe();
            long before = 0;
            for (int turn = 0; turn < 100; turn++) {
                assertThat(loop.doWork()).as("turn %d", turn).isPositive();
                final long sent = port.statistics().sent();
                assertThat(sent - before).as("sent in turn %d", turn).isBetween(0L, 4L * SLOTS);
                before = sent;
            }
            assertThat(before).isGreaterThanOrEqualTo(90L * SLOTS);
            sending.dispose();
        }
    }
}
