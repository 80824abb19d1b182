package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.PortBusyException;
import org.reactornetmap.driver.kernel.BufferCount;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.test.Frames;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** What others do to a port: a typed error or recovery each time, and every buffer is back afterwards. */
@Tag("kernel")
@Timeout(240)
class KernelFaultTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final PortOptions OPTIONS =
            PortOptions.builder().driver("kernel").build();

    private final BufferCount buffers = new BufferCount();

    @AfterEach
    void countBuffers() {
        buffers.close();
    }

    private static NetmapPort open(final String spec) {
        return NetmapPort.open(spec, OPTIONS);
    }

    private static ByteBuffer frame(final int number) {
        return Frames.udp("10.0.0.1", number & 0xFFFF, "10.0.0.2", 53);
    }

    private static Flux<Packet> frames(final int count) {
        return Flux.range(0, count).map(i -> PacketPool.wrap(frame(i)));
    }

    private static Flux<Packet> endless() {
        return Flux.generate(sink -> sink.next(PacketPool.wrap(frame(0))));
    }

    private static void assertPasses(final NetmapPort from, final NetmapPort to, final int count) {
        final CompletableFuture<Long> received =
                to.packets().doOnNext(Packet::release).take(count).count().toFuture();
        final TxReport sent = from.send(frames(count)).block(TIMEOUT);
        assertThat(sent).isNotNull();
        assertThat(sent.sent()).isEqualTo(count);
        assertThat(received.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(count);
    }

    @Test
    void shouldRefuseAPortThatHasNoBuffersAndOpenItWhenThereAreSome() {
        try (DriverPort all = buffers.leave(0)) {
            assertThat(all.extraBuffers()).isPositive();
            assertThatThrownBy(() -> open("netmap:short{1@1"))
                    .isInstanceOf(NetmapMemoryException.class)
                    .hasMessageContaining("buf_num");
        }
        try (NetmapPort a = open("netmap:short{1@1");
                NetmapPort b = open("netmap:short}1@1")) {
            assertPasses(a, b, 5_000);
        }
    }

    @Test
    void shouldLoseNothingWithFewerSparesThanWanted() {
        final int slots = 64;
        final int spares = 10;
        final int held = slots; // one more than the ring itself can hold
        final int windows = 15;
        final String conf = "@1@conf:rings=1,slots=" + slots;
        try (NetmapPort keeper = open("netmap:few{0" + conf);
                NetmapPort a = NetmapPort.open(
                        "netmap:few{1" + conf,
                        PortOptions.builder().driver("kernel").extraBuffers(0).build());
                DriverPort most = buffers.leave(spares);
                NetmapPort b = open("netmap:few}1" + conf)) {
            assertThat(most.extraBuffers()).isPositive();
            assertThat(keeper.rxRings()).isEqualTo(1);
            // Each window is held whole, more packets than there are slots, and released newest first.
            final CompletableFuture<List<Integer>> received = b.packets()
                    .buffer(held)
                    .concatMapIterable(window -> {
                        final List<Integer> ports =
                                window.stream().map(packet -> packet.u16(34)).toList();
                        for (int i = window.size() - 1; i >= 0; i--) {
                            window.get(i).release();
                        }
                        return ports;
                    })
                    .take(windows * held)
                    .collectList()
                    .toFuture();
            assertThat(a.send(frames(windows * held)).block(TIMEOUT)).isNotNull();

            assertThat(received.orTimeout(60, TimeUnit.SECONDS).join())
                    .isEqualTo(IntStream.range(0, windows * held).boxed().toList());
            assertThat(b.rx(0).statistics().swapped()).as("swapped").isPositive();
        }
    }

    @Test
    void shouldSayThatAnotherProcessHasThePort() throws Exception {
        try (NetmapPort keeper = open("netmap:taken{0@1")) {
            final OtherProcess other = OtherProcess.start(OtherProcess.Role.HOLD, "netmap:taken{1@1/x");
            try (other) {
                assertThatThrownBy(() -> open("netmap:taken{1@1")).isInstanceOf(PortBusyException.class);
            }
            try (NetmapPort a = open("netmap:taken{1@1");
                    NetmapPort b = open("netmap:taken}1@1")) {
                assertPasses(a, b, 100);
            }
            assertThat(keeper.isClosed()).isFalse();
        }
    }

    @Test
    void shouldOutliveAnotherProcessThatIsKilledInABurst() throws Exception {
        try (NetmapPort b = open("netmap:killed}1@1")) {
            final CountDownLatch received = new CountDownLatch(5_000);
            final Disposable reader = b.packets().subscribe(packet -> {
                packet.release();
                received.countDown();
            });
            final OtherProcess other = OtherProcess.start(OtherProcess.Role.SEND, "netmap:killed{1@1");
            try {
                assertThat(received.await(60, TimeUnit.SECONDS)).isTrue();
                final Disposable unread = b.send(endless()).subscribe();
                other.kill();
                unread.dispose();
            } finally {
                other.kill();
            }
            reader.dispose();
        }
        try (NetmapPort a = open("netmap:killed{1@1");
                NetmapPort b = open("netmap:killed}1@1")) {
            assertPasses(a, b, 5_000);
            assertPasses(b, a, 5_000);
        }
    }
}
