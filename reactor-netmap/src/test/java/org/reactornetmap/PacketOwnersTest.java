package org.reactornetmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketReleasedException;
import org.reactornetmap.test.Frames;

/** Who owns a packet when owners on the loop and elsewhere retain and release it. */
class PacketOwnersTest {
    private final NetmapLoop loop = NetmapLoop.manual();
    private final EmbeddedNetmap netmap = EmbeddedNetmap.forTests();
    private final NetmapPort far = netmap.open("netmap:x{1");
    private final NetmapPort port =
            netmap.open("netmap:x}1", PortOptions.builder().loop(loop).build());

    private Packet receive() {
        final List<Packet> received = new ArrayList<>();
        final var subscription = port.packets().subscribe(received::add);
        far.inject(Frames.udp("10.0.0.1", 1024, "10.0.0.2", 53));
        while (received.isEmpty()) {
            loop.doWork();
        }
        subscription.dispose();
        return received.get(0);
    }

    private static void elsewhere(final Runnable action) {
        CompletableFuture.runAsync(action).join();
    }

    @Test
    void shouldKeepAPacketThatWasRetainedElsewhereWhenItsFirstOwnerReleasesItOnTheLoop() {
        final Packet packet = receive();

        elsewhere(packet::retain);
        packet.release(); // on the loop, which has not heard of the retain yet
        loop.doWork();

        assertThat(packet.isReleased()).isFalse();
        assertThat(packet.u16(34)).isEqualTo(1024);
        elsewhere(packet::release);
        loop.doWork();
        assertThatThrownBy(packet::length).isInstanceOf(PacketReleasedException.class);
        netmap.close();
    }

    @Test
    void shouldKeepAPacketThatWasRetainedAndReleasedElsewhereForItsOtherOwner() {
        final Packet packet = receive();

        packet.retain();
        elsewhere(() -> {
            packet.retain();
            packet.release();
            packet.release();
        });
        loop.doWork();

        assertThat(packet.u16(34)).isEqualTo(1024);
        packet.release();
        loop.doWork();
        assertThatThrownBy(packet::length).isInstanceOf(PacketReleasedException.class);
        netmap.close();
    }

    @Test
    void shouldIgnoreAndCountAReleaseTooMany() {
        final Packet packet = receive();

        elsewhere(packet::release);
        elsewhere(packet::release);
        loop.doWork();
        packet.release();
        loop.doWork();

        assertThat(port.rx(0).statistics().ignoredReleases()).isEqualTo(2);
        assertThat(port.rx(0).statistics().released()).isEqualTo(1);
        netmap.close();
    }

    /** The loop must acknowledge that the other port closes, and only the thread that waits for it could do its work. */
    @Test
    @Timeout(4)
    void shouldCloseAPortOnTheThreadOfAManualLoopThatServesAnother() {
        far.close();

        assertThat(far.isClosed()).isTrue();
        netmap.close();
    }
}
