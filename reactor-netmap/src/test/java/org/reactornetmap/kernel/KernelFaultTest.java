package org.reactornetmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.PortOptions;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.NetmapMemoryException;
import org.reactornetmap.driver.PortBusyException;
import org.reactornetmap.driver.kernel.BufferCount;
import org.reactornetmap.driver.kernel.VethPair;
import org.reactornetmap.flow.CloseReport;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.flow.SendFailedException;
import org.reactornetmap.flow.TxReport;
import org.reactornetmap.packet.Packet;
import org.reactornetmap.packet.PacketPool;
import org.reactornetmap.ring.RingStateException;
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

    @Test
    void shouldFailStreamsAndSendsOfAnInterfaceThatVanishesUnderLoad() {
        final VethPair pair = VethPair.create();
        try (Traffic left = new Traffic("netmap:" + pair.left().name());
                Traffic right = new Traffic("netmap:" + pair.right().name())) {
            left.start();
            right.start();
            CompletableFuture.allOf(left.receives(2_000), right.receives(2_000))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();

            pair.left().remove();

            for (final Traffic end : List.of(left, right)) {
                assertThat(end.failures())
                        .allSatisfy(failure -> assertThat(failure).isInstanceOf(NetmapErrnoException.class));
                end.closeAndCount();
            }
            assertThat(right.received.get()).isLessThanOrEqualTo(left.report().sent());
            assertThat(left.received.get()).isLessThanOrEqualTo(right.report().sent());
        }
        pair.close();
        try (VethPair again = pair.again();
                NetmapPort left = open("netmap:" + again.left().name());
                NetmapPort right = open("netmap:" + again.right().name())) {
            assertPasses(left, right, 100);
            assertPasses(right, left, 100);
        }
    }

    /**
     * Either its ports fail or they go on when it is over. Nothing else of the global memory may suffer; what is written
     * over indexes is lost to the kernel, too, so there the pipe has a memory of its own.
     */
    @ParameterizedTest(name = "{displayName} {0}")
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "SCRIBBLE_.*")
    void shouldSurviveAnotherProcessThatScribblesOverItsRings(final OtherProcess.Role scribbler) {
        final long seed = Long.getLong("scribble.seed", System.nanoTime());
        System.out.println(scribbler + " -Dscribble.seed=" + seed);
        final String memory = scribbler == OtherProcess.Role.SCRIBBLE_INDEXES ? "" : "@1";
        final String scribbled = "netmap:scribbled{1" + memory;
        final String other = "netmap:scribbled}1" + memory;
        try (Traffic a = new Traffic(scribbled);
                Traffic b = new Traffic(other)) {
            a.start();
            b.start();
            CompletableFuture.allOf(a.receives(5_000), b.receives(5_000))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();

            OtherProcess.start(scribbler, scribbled, seed).awaitEnough();

            final CompletableFuture<?> goesOn = CompletableFuture.allOf(a.receives(5_000), b.receives(5_000));
            CompletableFuture.anyOf(goesOn, a.failed(), b.failed())
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
            for (final Traffic end : List.of(a, b)) {
                if (end.failed().isDone()) {
                    System.out.println("  " + end.failures());
                    assertThat(end.failures())
                            .allSatisfy(failure -> assertThat(failure)
                                    .isInstanceOfAny(NetmapException.class, RingStateException.class));
                }
                end.closeAndCount();
            }
        }
        try (NetmapPort a = open(scribbled);
                NetmapPort b = open(other)) {
            assertPasses(a, b, 5_000);
            assertPasses(b, a, 5_000);
        }
    }

    /** A port that sends without end, and holds some of what it receives until it is closed. */
    private static final class Traffic implements AutoCloseable {
        private static final int HELD = 20;

        private final NetmapPort port;
        private final PacketPool pool = PacketPool.heap(1 << 12, 64);
        private final AtomicLong made = new AtomicLong();
        private final AtomicLong received = new AtomicLong();
        private final Collection<Packet> held = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Throwable> reading = new CompletableFuture<>();
        private final CompletableFuture<Throwable> sending = new CompletableFuture<>();
        private volatile Goal goal = new Goal(Long.MAX_VALUE, new CompletableFuture<>());

        private record Goal(long number, CompletableFuture<?> reached) {}

        Traffic(final String spec) {
            port = open(spec);
        }

        void start() {
            port.packets().subscribe(this::take, reading::complete);
            final Flux<Packet> source = Flux.generate(sink -> {
                final Packet packet = pool.acquire(60);
                packet.set16(12, 0x88B5); // for experiments: no host answers
                made.incrementAndGet();
                sink.next(packet);
            });
            port.send(source).subscribe(report -> {}, sending::complete);
        }

        private void take(final Packet packet) {
            final long number = received.incrementAndGet();
            if (held.size() < HELD && number % 50 == 0) {
                held.add(packet);
            } else {
                packet.release();
            }
            final Goal current = goal;
            if (number >= current.number) {
                current.reached.complete(null);
            }
        }

        /** Completes when so many more have come. */
        CompletableFuture<?> receives(final int more) {
            final Goal next = new Goal(received.get() + more, new CompletableFuture<>());
            goal = next;
            return next.reached;
        }

        /** Completes when the stream or the send fails. */
        CompletableFuture<?> failed() {
            return CompletableFuture.anyOf(reading, sending);
        }

        /** Of the stream and of the send: when one fails, so does the other. */
        List<Throwable> failures() {
            return List.of(
                    reading.orTimeout(60, TimeUnit.SECONDS).join(),
                    sending.orTimeout(60, TimeUnit.SECONDS).join());
        }

        /** As the failed, or closed, send says. */
        TxReport report() {
            final Throwable end = sending.orTimeout(60, TimeUnit.SECONDS).join();
            return Arrays.stream(end.getSuppressed())
                    .filter(SendFailedException.class::isInstance)
                    .map(failure -> ((SendFailedException) failure).report())
                    .findFirst()
                    .orElseThrow();
        }

        /** Whatever happened, each packet that came was released, or was held and is revoked; each that was made is back. */
        void closeAndCount() {
            final CloseReport closed = port.closeAsync().block(TIMEOUT);
            assertThat(closed).isNotNull();
            assertThat(closed.revoked()).as("revoked").isEqualTo(held.size()).isPositive();
            assertThat(closed.reclaimed()).as("reclaimed").isZero();
            assertThat(held).allMatch(Packet::isReleased);
            assertThat(port.statistics().received()).as("received").isEqualTo(received.get());
            assertThat(port.statistics().rx().stream()
                            .mapToLong(RxStatistics::released)
                            .sum())
                    .as("released")
                    .isEqualTo(received.get() - held.size());
            final TxReport report = report();
            assertThat(report.sent() + report.dropped() + report.rejected())
                    .as("sent, dropped and rejected")
                    .isEqualTo(made.get());
            assertThat(pool.available()).as("free packets").isEqualTo(pool.capacity());
        }

        @Override
        public void close() {
            port.close();
        }
    }
}
