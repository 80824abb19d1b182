package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.NetmapException;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.ring.NetmapRing;
import org.reactornetmap.ring.NetmapSlotDescriptor;

/** A pipe between two threads that sleep in poll whenever they can't go on: a lost wake-up is a time-out here. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeThreadsTest {
    private static final int PER_RING = 100_000;
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    static Stream<Arguments> shapes() {
        final SplittableRandom seeds = new SplittableRandom(System.nanoTime());
        return Stream.of(new int[] {1, 2}, new int[] {1, 3}, new int[] {3, 7}, new int[] {2, 64}, new int[] {1, 1_000})
                .map(shape -> Arguments.of(shape[0], shape[1], seeds.nextLong()));
    }

    @ParameterizedTest(name = "{displayName} {0} rings of {1} slots, seed {2}")
    @MethodSource("shapes")
    void shouldDeliverEverythingInOrder(final int rings, final int slots, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
        try (TestPort a = TestPort.open(driver, "netmap:x{1", rings, slots, 8);
                TestPort b = TestPort.open(driver, "netmap:x}1", 0, 0, 8)) {
            final SplittableRandom forSender = random.split();
            final CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> send(driver, a, forSender));
            receive(driver, b, random);
            sender.join();
            a.port.txSync();
            assertThat(driver.audit().isBalanced()).isTrue();
        }
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
    }

    private static void send(final EmbeddedDriver driver, final TestPort port, final SplittableRandom random) {
        final int[] next = new int[port.port.portTxRings()];
        try (Poller poller = driver.newPoller()) {
            poller.add(port.port, Poller.OUT);
            while (Arrays.stream(next).anyMatch(n -> n < PER_RING)) {
                for (int r = 0; r < next.length; r++) {
                    final NetmapRing ring = port.tx(r);
                    int batch = random.nextInt(ring.numSlots()) + 1;
                    while (batch-- > 0 && next[r] < PER_RING && TestPort.space(ring) > 0) {
                        swapSometimes(port, ring, random);
                        TestPort.put(ring, next[r]++);
                    }
                    if (next[r] == PER_RING) {
                        // Parked: what is done must not keep the poll from sleeping.
                        ring.cur(ring.tail());
                    }
                }
                if (random.nextBoolean()) {
                    port.port.txSync();
                }
                poller.poll(-1);
                for (int r = 0; r < next.length; r++) {
                    port.tx(r).cur(port.tx(r).head());
                }
                if (Arrays.stream(next).allMatch(n -> n == PER_RING)) {
                    port.port.txSync();
                }
            }
        }
    }

    private static void receive(final EmbeddedDriver driver, final TestPort port, final SplittableRandom random) {
        final int[] next = new int[port.port.portRxRings()];
        int rest = next.length * PER_RING;
        try (Poller poller = driver.newPoller()) {
            poller.add(port.port, Poller.IN);
            while (rest > 0) {
                poller.poll(-1);
                for (int r = 0; r < next.length; r++) {
                    final NetmapRing ring = port.rx(r);
                    int batch = random.nextInt(ring.numSlots()) + 1;
                    while (batch-- > 0 && ring.head() != ring.tail()) {
                        final int value = TestPort.valueAt(ring, ring.head());
                        if (value != next[r]) {
                            throw new AssertionError("ring " + r + ": " + value + " instead of " + next[r]);
                        }
                        next[r]++;
                        rest--;
                        swapSometimes(port, ring, random);
                        TestPort.advance(ring, 1);
                    }
                }
            }
            port.port.rxSync();
        }
    }

    /** Exchanges the buffer of the slot at head for the first extra one. */
    private static void swapSometimes(final TestPort port, final NetmapRing ring, final SplittableRandom random) {
        if (random.nextInt(8) != 0) {
            return;
        }
        final int spare = port.port.netmapIf().bufsHead();
        final int old = NetmapSlotDescriptor.bufIdx(ring.slotWord(ring.head()));
        final int next = ring.buffers().listNext(spare);
        ring.buffers().listNext(old, next);
        port.port.netmapIf().bufsHead(old);
        ring.slotWord(ring.head(), NetmapSlotDescriptor.word(spare, 4, NetmapSlotDescriptor.NS_BUF_CHANGED));
    }

    @RepeatedTest(3)
    void shouldNeverLoseAWakeUpInAPingPong() {
        final int rounds = 30_000;
        final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
        try (TestPort a = TestPort.open(driver, "netmap:x{1", 1, 2);
                TestPort b = TestPort.open(driver, "netmap:x}1")) {
            final CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> {
                try (Poller poller = driver.newPoller()) {
                    poller.add(b.port, Poller.IN);
                    for (int i = 0; i < rounds; i++) {
                        b.send(awaitOne(poller, b));
                    }
                }
            });
            try (Poller poller = driver.newPoller()) {
                poller.add(a.port, Poller.IN);
                for (int i = 0; i < rounds; i++) {
                    a.send(i);
                    assertThat(awaitOne(poller, a)).isEqualTo(i);
                }
            }
            echo.join();
        }
    }

    private static int awaitOne(final Poller poller, final TestPort port) {
        while (poller.poll(-1) == 0) {
            Thread.onSpinWait();
        }
        final int value = TestPort.valueAt(port.rx(), port.rx().head());
        TestPort.advance(port.rx(), 1);
        port.port.rxSync();
        port.port.txSync();
        return value;
    }

    @Test
    void shouldNeverLoseAWakeup() {
        final int rounds = 100_000;
        final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
        final int[] published = new int[1];
        final AtomicInteger seen = new AtomicInteger();
        try (Poller poller = driver.newPoller()) {
            final CompletableFuture<Void> sleeper = CompletableFuture.runAsync(() -> {
                while (seen.get() < rounds) {
                    poller.poll(-1);
                    seen.set((int) INTS.getAcquire(published, 0));
                }
            });
            for (int i = 1; i <= rounds; i++) {
                INTS.setRelease(published, 0, i);
                poller.wakeup();
                if (i % 16 == 0) {
                    while (seen.get() < i) {
                        Thread.onSpinWait();
                    }
                }
            }
            sleeper.join();
        }
    }

    @ParameterizedTest(name = "{displayName} seed {0}")
    @MethodSource("org.reactornetmap.driver.embedded.PipeModelTest#seeds")
    void shouldHaveEveryBufferFreeAfterConcurrentOpensAndCloses(final long seed) {
        final EmbeddedDriver driver = TestPort.world(Strictness.STRICT);
        final SplittableRandom random = new SplittableRandom(seed);
        final CompletableFuture<?>[] threads = new CompletableFuture<?>[3];
        for (int t = 0; t < threads.length; t++) {
            final SplittableRandom own = random.split();
            threads[t] = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 300; i++) {
                    openMoveClose(driver, own);
                }
            });
        }
        CompletableFuture.allOf(threads).join();
        assertThat(driver.freeBuffers()).isEqualTo(4_094);
        assertThat(driver.audit().isBalanced()).isTrue();
    }

    /** Exclusively, since a ring is for one thread. */
    private static void openMoveClose(final EmbeddedDriver driver, final SplittableRandom random) {
        final String spec = "netmap:p{" + random.nextInt(3) + (random.nextBoolean() ? "-1" : "") + "/x"
                + (random.nextBoolean() ? "" : random.nextBoolean() ? "R" : "T");
        final String end = random.nextBoolean() ? spec : spec.replace('{', '}');
        try (TestPort port = TestPort.open(driver, end, 1 + random.nextInt(3), 2 + random.nextInt(60), 5)) {
            final DriverPort open = port.port;
            open.rxSync();
            for (final NetmapRing ring : open.netmapIf().rxRings()) {
                ring.head(ring.tail());
                ring.cur(ring.tail());
            }
            for (final NetmapRing ring : open.netmapIf().txRings()) {
                // An earlier user may have left head where it was not synced.
                while (TestPort.space(ring) > 0 && random.nextInt(5) != 0) {
                    TestPort.put(ring, 1, random.nextBoolean() ? NetmapSlotDescriptor.NS_MOREFRAG : 0);
                }
            }
            if (random.nextBoolean()) {
                open.rxSync();
                open.txSync();
            }
        } catch (final NetmapException e) {
            // Busy, no such ring on this pipe, or no buffers left.
            assertThat(e).hasMessageMatching("(?s).*(EBUSY|EINVAL|ENOMEM).*");
        }
    }
}
