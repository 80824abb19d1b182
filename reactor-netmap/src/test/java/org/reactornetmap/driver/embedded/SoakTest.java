package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reactornetmap.driver.embedded.ValePeer.ALL;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.NetmapErrnoException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/**
 * Threads on one switch and on one pipe, for as long as {@code -Dsoak.seconds} says: every packet is accounted for, none
 * is overtaken or torn, every buffer is in one place in the end, and nobody waits for ever.
 */
class SoakTest {
    private static final int PORTS = 8;

    /** Opens that meet others fail, and zero-copy monitors leave their warnings. */
    private static final Logger EMBEDDED = Logger.getLogger("org.reactornetmap.driver.embedded");

    private final EmbeddedWorld world = new EmbeddedWorld(
            EmbeddedConfig.builder().buffers(4_096).bufSize(256).build());
    private final EmbeddedDriver driver = EmbeddedDriver.of(world);

    static long[] seed() {
        return new SplittableRandom(System.nanoTime()).longs(1).toArray();
    }

    @BeforeEach
    void silenceWarnings() {
        EMBEDDED.setLevel(Level.OFF);
    }

    @AfterEach
    void restoreWarnings() {
        EMBEDDED.setLevel(null);
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("seed")
    void shouldAccountForEveryPacketOfEightPorts(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Crew crew = new Crew();
        final List<Station> stations = stations(random, crew);
        crew.join();
        checkAccount(stations);
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("seed")
    void shouldAccountForEveryPacketWhileOthersComeAndGo(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Crew crew = new Crew();
        final List<Station> stations = stations(random, crew);
        final SplittableRandom opener = random.split();
        final SplittableRandom monitor = random.split();
        crew.start("opens and closes", goesOn -> openAndClose(goesOn, opener));
        crew.start("attaches and detaches", this::attachAndDetach);
        crew.start("monitors", goesOn -> monitor(goesOn, monitor));
        crew.start("lists and audits", this::listAndAudit);
        crew.join();
        checkAccount(stations);
    }

    private List<Station> stations(final SplittableRandom random, final Crew crew) {
        final List<Station> stations = new ArrayList<>();
        for (int i = 0; i < PORTS; i++) {
            final String memory = random.nextInt(3) == 0 ? "@1" : "";
            final int slots = 4 + random.nextInt(random.nextBoolean() ? 12 : 60);
            stations.add(new Station(i, ValePeer.open(driver, "vale0:p" + i + memory, 1, slots), random.split()));
        }
        stations.forEach(station -> crew.start("station " + station.id, station::run));
        return stations;
    }

    private void checkAccount(final List<Station> stations) {
        stations.forEach(Station::receive);
        for (final Station station : stations) {
            final SwitchStatistics counted = ValePeer.statistics(driver, "vale0:p" + station.id);
            assertThat(counted.received()).isEqualTo(station.sent);
            assertThat(counted.delivered()).isEqualTo(station.received);
            assertThat(counted.malformed() + counted.emptied() + counted.closed())
                    .isZero();
        }
        ValePeer.assertBalanced(driver);
        final BufferAudit audit = driver.audit();
        assertThat(audit.isBalanced()).as(audit.toString()).isTrue();
        stations.forEach(station -> station.peer.close());
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    /** Ephemeral ports that live for a few syncs. */
    private void openAndClose(final BooleanSupplier goesOn, final SplittableRandom random) {
        int sent = 0;
        while (goesOn.getAsBoolean()) {
            try (ValePeer peer =
                    ValePeer.open(driver, "vale0:e" + random.nextInt(3) + "@1", 1 + random.nextInt(2), 8)) {
                final Station station = new Station(PORTS, peer, random.split());
                station.sent = sent;
                for (int i = random.nextInt(4); i > 0; i--) {
                    station.step();
                }
                sent = station.sent;
            }
        }
    }

    /** A persistent port that is in the switch half the time. */
    private void attachAndDetach(final BooleanSupplier goesOn) {
        synchronized (world) {
            world.switches().newif(new Registration("v", "v", RegisterMode.ALL_NIC, List.of()));
        }
        while (goesOn.getAsBoolean()) {
            synchronized (world) {
                world.switches().attach(new Registration("vale0:v", "vale0:v", RegisterMode.ALL_NIC, List.of()));
            }
            try (ValePeer peer = ValePeer.open(driver, "netmap:v")) {
                peer.put(ALL, PORTS + 2, 0).send();
                synchronized (world) {
                    world.switches().detach("vale0:v");
                }
                peer.put(ALL, PORTS + 2, 0).send();
                peer.receive();
            }
        }
        synchronized (world) {
            world.switches().delif("v");
        }
    }

    /** Monitors of both kinds on ports that are at work. */
    private void monitor(final BooleanSupplier goesOn, final SplittableRandom random) {
        final String[] flags = {"/r", "/t", "/rt", "/z"};
        while (goesOn.getAsBoolean()) {
            final String spec = "vale0:p" + random.nextInt(PORTS) + flags[random.nextInt(flags.length)];
            try (TestPort monitor = TestPort.open(driver, spec, 0, 16)) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    monitor.port.rxSync();
                    for (final NetmapRing ring : monitor.port.netmapIf().rxRings()) {
                        for (; ring.head() != ring.tail(); TestPort.advance(ring, 1)) {
                            assertThat(ring.buffers().isValid(NetmapSlotDescriptor.bufIdx(ring.slotWord(ring.head()))))
                                    .isTrue();
                        }
                    }
                }
            }
        }
    }

    private void listAndAudit(final BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean()) {
            assertThat(driver.audit().total()).isPositive();
            int listed = 0;
            int place = 0;
            try {
                while (true) {
                    synchronized (world) {
                        place = world.switches().list("", 0, place).port() + 1;
                    }
                    listed++;
                }
            } catch (final NetmapErrnoException e) {
                assertThat(e.errno()).isEqualTo(Errno.ENOENT);
            }
            assertThat(listed).isGreaterThanOrEqualTo(PORTS);
        }
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("seed")
    void shouldMoveEverythingThroughAPipeThatOthersOpenAndClose(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Crew crew = new Crew();
        final PipeEnds ends = new PipeEnds(driver, 2 + random.nextInt(40));
        final SplittableRandom sender = random.split();
        final SplittableRandom receiver = random.split();
        final SplittableRandom third = random.split();
        crew.start("sender", goesOn -> ends.send(goesOn, sender));
        crew.start("receiver", goesOn -> ends.receive(goesOn, receiver));
        crew.start("third", goesOn -> ends.openAndClose(goesOn, third));
        crew.join();
        ends.drain();
        assertThat(ends.received).isEqualTo(ends.sent);
        assertThat(driver.audit().isBalanced()).isTrue();
        ends.close();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    /** One port that one thread sends from and receives at, by syncs and asleep. */
    private final class Station {
        final int id;
        final ValePeer peer;
        int sent;
        int received;

        private final SplittableRandom random;
        private final int[] last = new int[PORTS + 3];
        private int inPacket = -1;

        Station(final int id, final ValePeer peer, final SplittableRandom random) {
            this.id = id;
            this.peer = peer;
            this.random = random;
        }

        void run(final BooleanSupplier goesOn) {
            try (Poller poller = driver.newPoller()) {
                poller.add(peer.port.port, Poller.IN);
                while (goesOn.getAsBoolean()) {
                    step();
                    if (random.nextInt(8) == 0) {
                        poller.poll(100_000);
                        take();
                    }
                }
            }
        }

        void step() {
            int burst = random.nextInt(peer.port.tx().numSlots());
            while (burst > 0) {
                burst -= putPacket(random.nextInt(3) == 0 ? random.nextInt(Math.min(burst, 5)) : 0);
            }
            peer.send();
            if (random.nextInt(3) != 0) {
                receive();
            }
        }

        private int putPacket(final int more) {
            final int to = random.nextInt(6) == 0 ? ALL : 1 + random.nextInt(PORTS);
            sent++;
            for (int i = 0; i < more; i++) {
                peer.putMore(to, 1 + id, sent);
            }
            peer.put(to, 1 + id, sent);
            return more + 1;
        }

        void receive() {
            peer.port.port.rxSync();
            take();
        }

        private void take() {
            final NetmapRing ring = peer.port.rx();
            for (; ring.head() != ring.tail(); TestPort.advance(ring, 1)) {
                final long word = ring.slotWord(ring.head());
                if (NetmapSlotDescriptor.len(word) == 0) {
                    assertThat(inPacket).as("a hole in a packet").isEqualTo(-1);
                    continue;
                }
                final int bufIdx = NetmapSlotDescriptor.bufIdx(word);
                check(
                        ring.buffers().slice(bufIdx).getInt(8) - 1,
                        ring.buffers().slice(bufIdx).getInt(14),
                        (NetmapSlotDescriptor.flags(word) & NetmapSlotDescriptor.NS_MOREFRAG) != 0);
            }
        }

        private void check(final int sender, final int number, final boolean more) {
            assertThat(sender).isNotEqualTo(id);
            if (sender < PORTS) {
                if (inPacket == -1) {
                    assertThat(number - last[sender]).as("from " + sender).isPositive();
                    last[sender] = number;
                } else {
                    assertThat(number).as("inside a packet").isEqualTo(inPacket);
                }
            }
            inPacket = more ? number : -1;
            received += more ? 0 : 1;
        }
    }
}
