package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** A switch among threads: nothing is lost uncounted, overtaken or torn, whoever comes and goes meanwhile. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ValeThreadsTest {
    private static final int PORTS = 8;
    private static final int SENDER_SHIFT = 24;

    private final EmbeddedWorld world = new EmbeddedWorld(
            EmbeddedConfig.builder().buffers(4_096).bufSize(256).build());
    private final EmbeddedDriver driver = EmbeddedDriver.of(world);
    private final ExecutorService threads = Executors.newFixedThreadPool(PORTS + 2);

    @AfterEach
    void leaveNoTrace() {
        threads.shutdownNow();
        assertThat(driver.audit().isBalanced()).isTrue();
        ValePeer.assertBalanced(driver);
    }

    static List<Long> seeds() {
        final SplittableRandom random = new SplittableRandom(System.nanoTime());
        return IntStream.range(0, 3).mapToObj(i -> random.nextLong()).toList();
    }

    /** One port that one thread sends from and receives at. */
    private static final class Station {
        final int id;
        final ValePeer peer;
        final SplittableRandom random;
        final int[] last = new int[PORTS];
        int sent;
        int received;
        private int inPacket = -1;

        Station(final int id, final ValePeer peer, final SplittableRandom random) {
            this.id = id;
            this.peer = peer;
            this.random = random;
        }

        void run(final int syncs) {
            for (int i = 0; i < syncs; i++) {
                int burst = random.nextInt(peer.port.tx().numSlots());
                while (burst-- > 0) {
                    burst -= putPacket(Math.min(burst, random.nextInt(3) == 0 ? random.nextInt(5) : 0));
                }
                peer.send();
                if (random.nextInt(3) != 0) {
                    receive();
                }
            }
        }

        private int putPacket(final int more) {
            final int to = random.nextInt(6) == 0 ? ALL : 1 + random.nextInt(PORTS);
            final int number = (id << SENDER_SHIFT) | ++sent;
            for (int i = 0; i < more; i++) {
                peer.putMore(to, 1 + id, number);
            }
            peer.put(to, 1 + id, number);
            return Math.max(0, more);
        }

        void receive() {
            peer.port.port.rxSync();
            final NetmapRing ring = peer.port.rx();
            for (; ring.head() != ring.tail(); TestPort.advance(ring, 1)) {
                final long word = ring.slotWord(ring.head());
                if (NetmapSlotDescriptor.len(word) == 0) {
                    assertThat(inPacket).as("a hole in a packet").isEqualTo(-1);
                    continue;
                }
                final int number =
                        ring.buffers().slice(NetmapSlotDescriptor.bufIdx(word)).getInt(14);
                check(number, (NetmapSlotDescriptor.flags(word) & NetmapSlotDescriptor.NS_MOREFRAG) != 0);
            }
        }

        private void check(final int number, final boolean more) {
            final int sender = number >>> SENDER_SHIFT;
            final int sequence = number & ((1 << SENDER_SHIFT) - 1);
            assertThat(sender).isNotEqualTo(id);
            if (inPacket == -1) {
                assertThat(sequence).as("from " + sender).isGreaterThan(last[sender]);
                last[sender] = sequence;
            } else {
                assertThat(number).as("inside a packet").isEqualTo(inPacket);
            }
            inPacket = more ? number : -1;
            received += more ? 0 : 1;
        }
    }

    private static void join(final List<CompletableFuture<Void>> all) {
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("seeds")
    void shouldAccountForEveryPacketOfEightPorts(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Station> stations = new ArrayList<>();
        for (int i = 0; i < PORTS; i++) {
            final String memory = random.nextInt(3) == 0 ? "@1" : "";
            final int slots = 4 + random.nextInt(random.nextBoolean() ? 12 : 60);
            final ValePeer peer = ValePeer.open(driver, "vale0:p" + i + memory, 1, slots);
            stations.add(new Station(i, peer, random.split()));
        }
        join(stations.stream()
                .map(s -> CompletableFuture.runAsync(() -> s.run(3_000), threads))
                .toList());
        stations.forEach(Station::receive);
        assertThat(driver.audit().isBalanced()).isTrue();
        for (final Station station : stations) {
            final SwitchStatistics counted = ValePeer.statistics(driver, "vale0:p" + station.id);
            assertThat(counted.received()).isEqualTo(station.sent);
            assertThat(counted.delivered()).isEqualTo(station.received);
            assertThat(counted.malformed() + counted.emptied() + counted.closed())
                    .isZero();
        }
        stations.forEach(s -> s.peer.close());
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("seeds")
    void shouldForwardWhilePortsComeAndGo(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Station> stations = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stations.add(new Station(i, ValePeer.open(driver, "vale0:p" + i, 1, 16), random.split()));
        }
        final AtomicBoolean done = new AtomicBoolean();
        final List<CompletableFuture<Void>> changing = new ArrayList<>();
        final SplittableRandom forOpens = random.split();
        changing.add(CompletableFuture.runAsync(() -> openAndClose(done, forOpens), threads));
        changing.add(CompletableFuture.runAsync(() -> attachAndDetach(done, 5), threads));
        join(stations.stream()
                .map(s -> CompletableFuture.runAsync(() -> s.run(10_000), threads))
                .toList());
        done.set(true);
        join(changing);
        stations.forEach(Station::receive);
        for (final Station station : stations) {
            assertThat(ValePeer.statistics(driver, "vale0:p" + station.id).delivered())
                    .isEqualTo(station.received);
        }
        stations.forEach(s -> s.peer.close());
    }

    /** An ephemeral port that lives for a few syncs. */
    private void openAndClose(final AtomicBoolean done, final SplittableRandom random) {
        int sent = 0;
        while (!done.get()) {
            try (ValePeer peer =
                    ValePeer.open(driver, "vale0:e" + random.nextInt(3) + "@1", 1 + random.nextInt(2), 8)) {
                final Station station = new Station(4, peer, random.split());
                station.sent = sent;
                station.run(random.nextInt(4));
                sent = station.sent;
            }
        }
    }

    /** A persistent port, open all the time, that is in the switch half the time. */
    private void attachAndDetach(final AtomicBoolean done, final int id) {
        final Registration request = new Registration("v", "v", RegisterMode.ALL_NIC, List.of());
        final Registration attach = new Registration("vale0:v", "vale0:v", RegisterMode.ALL_NIC, List.of());
        synchronized (world) {
            world.switches().newif(request);
        }
        int sent = 0;
        while (!done.get()) {
            synchronized (world) {
                world.switches().attach(attach);
            }
            try (ValePeer peer = ValePeer.open(driver, "netmap:v")) {
                final Station station = new Station(id, peer, new SplittableRandom(1));
                station.sent = sent;
                station.run(2);
                synchronized (world) {
                    world.switches().detach("vale0:v");
                }
                station.run(2);
                station.receive();
                final int received = station.received;
                station.run(1);
                station.receive();
                assertThat(station.received).as("after the detach").isEqualTo(received);
                sent = station.sent;
            }
        }
        synchronized (world) {
            world.switches().delif("v");
        }
    }

    /** Each of many senders has one packet at most on its way: a lost wake-up is a time-out here. */
    @RepeatedTest(3)
    void shouldWakeTheReceiverForEveryPacket() {
        final int senders = 4;
        final int rounds = 10_000;
        final AtomicInteger[] seen =
                IntStream.range(0, senders).mapToObj(i -> new AtomicInteger()).toArray(AtomicInteger[]::new);
        try (ValePeer receiver = ValePeer.open(driver, "vale0:r", 1, 16)) {
            receiver.put(ALL, 99, 0).send();
            final List<CompletableFuture<Void>> all = IntStream.range(0, senders)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> sendOneByOne(i, rounds, seen[i]), threads))
                    .toList();
            try (Poller poller = driver.newPoller()) {
                poller.add(receiver.port.port, Poller.IN);
                int rest = senders * rounds;
                while (rest > 0) {
                    poller.poll(-1);
                    for (final int number : receiver.take(0)) {
                        seen[number >>> SENDER_SHIFT].incrementAndGet();
                        rest--;
                    }
                }
            }
            join(all);
        }
    }

    private void sendOneByOne(final int id, final int rounds, final AtomicInteger seen) {
        try (ValePeer peer = ValePeer.open(driver, "vale0:s" + id, 1, 2)) {
            for (int i = 0; i < rounds; i++) {
                peer.put(99, 1 + id, (id << SENDER_SHIFT) | i).send();
                while (seen.get() <= i) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
