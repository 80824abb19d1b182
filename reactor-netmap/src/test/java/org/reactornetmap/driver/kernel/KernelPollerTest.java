package org.reactornetmap.driver.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.reactornetmap.driver.DriverPort;
import org.reactornetmap.driver.Errno;
import org.reactornetmap.driver.OpenRequest;
import org.reactornetmap.driver.Poller;
import org.reactornetmap.driver.PortSpec;
import org.reactornetmap.driver.embedded.EmbeddedConfig;
import org.reactornetmap.driver.embedded.EmbeddedDriver;

/**
 * Wake-ups, which need no netmap: an eventfd that is written only if the poll sleeps. A lost one is a test that hangs. And
 * ports that fail, which do.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class KernelPollerTest {
    private static final int THREADS = 4;
    private static final long FOR_EVER = -1;

    private final KernelPoller poller = new KernelPoller();

    @AfterEach
    void close() {
        poller.close();
    }

    private static CompletableFuture<?> onThreads(final int threads, final Runnable task) {
        return CompletableFuture.allOf(IntStream.range(0, threads)
                .mapToObj(i -> CompletableFuture.runAsync(task, run -> new Thread(run, "waker-" + i).start()))
                .toArray(CompletableFuture[]::new));
    }

    @Test
    void shouldReturnAtOnceAfterAnEarlierWakeUp() {
        poller.wakeup();

        assertThat(poller.poll(FOR_EVER)).isZero();
    }

    @Test
    void shouldLetAWakeUpCountOnce() {
        poller.wakeup();
        poller.poll(FOR_EVER);
        final long timeoutNs = 20_000_000;
        final long start = System.nanoTime();

        assertThat(poller.poll(timeoutNs)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeoutNs);
    }

    @Test
    void shouldWaitForLessThanAMillisecond() {
        final long timeoutNs = 200_000;
        final long start = System.nanoTime();

        assertThat(poller.poll(timeoutNs)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeoutNs);
        assertThat(poller.poll(0)).isZero();
    }

    @Test
    void shouldNotWriteForAPollThatDoesNotSleep() throws IOException {
        final Path eventfd = newest();

        onThreads(THREADS, () -> IntStream.range(0, 1_000).forEach(i -> poller.wakeup()))
                .join();

        assertThat(counter(eventfd)).isZero();
    }

    @Test
    void shouldWriteOnceForManyWakeUpsOfASleep() throws IOException {
        final Path eventfd = newest();
        final CompletableFuture<?> slept = onThreads(1, () -> poller.poll(FOR_EVER));

        onThreads(THREADS, () -> IntStream.range(0, 1_000).forEach(i -> poller.wakeup()))
                .join();
        slept.join();

        // The sleeper may have gone before the one who woke it wrote.
        assertThat(counter(eventfd)).isBetween(0, 1);
    }

    /** Each thread publishes, wakes, and goes on when that was seen: one lost wake-up, and all of them wait for ever. */
    @Test
    void shouldLoseNoWakeUp() {
        final int rounds = Integer.getInteger("poller.rounds", 20_000);
        final long seed = Long.getLong("poller.seed", System.nanoTime());
        System.out.println("-Dpoller.seed=" + seed);
        final AtomicInteger published = new AtomicInteger();
        final AtomicInteger seen = new AtomicInteger();
        final AtomicInteger threads = new AtomicInteger();
        final CompletableFuture<?> wakers = onThreads(THREADS, () -> {
            final SplittableRandom dice = new SplittableRandom(seed + threads.getAndIncrement());
            for (int i = 0; i < rounds / THREADS; i++) {
                final int mine = published.incrementAndGet();
                poller.wakeup();
                while (seen.get() < mine) {
                    Thread.onSpinWait();
                }
                for (int spins = dice.nextInt(500); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
            }
        });
        while (seen.get() < rounds / THREADS * THREADS) {
            poller.poll(FOR_EVER);
            seen.set(published.get());
        }

        wakers.join();
        assertThat(seen).hasValue(rounds / THREADS * THREADS);
    }

    /** The next descriptor gets the closed eventfd's number: who wakes too late must not write to it. */
    @Test
    void shouldNotWriteToWhatHasTheNumberAfterClose() {
        for (int round = 0; round < 200; round++) {
            final KernelPoller closing = new KernelPoller();
            final CompletableFuture<?> wakers =
                    onThreads(1, () -> IntStream.range(0, 2_000).forEach(i -> closing.wakeup()));
            closing.poll(10_000);
            closing.close();
            final int reused = Libc.eventfd();
            wakers.join();
            try (GuardedMemory word = new GuardedMemory(Long.BYTES)) {
                assertThat(Libc.read(reused, word.address(0), Long.BYTES)).isEqualTo(-Errno.EAGAIN.number());
            } finally {
                Libc.close(reused);
            }
        }
    }

    @Test
    void shouldRefuseForeignPortsAndUnknownInterest() {
        final EmbeddedDriver embedded =
                EmbeddedDriver.create(EmbeddedConfig.builder().build());
        try (DriverPort foreign = embedded.open(OpenRequest.of(PortSpec.parse("netmap:x{1")))) {
            assertThatThrownBy(() -> poller.add(foreign, Poller.IN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not a port of the kernel");
            assertThatThrownBy(() -> poller.add(foreign, 0x40))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("interest is 64");
            assertThat(poller.ready(foreign)).isZero();
        }
    }

    /** A loop looks for what its poll says, and would wait for ever. */
    @Test
    @Tag("kernel")
    void shouldReportAPortThatIsClosedWhileItIsPolled() throws IOException {
        final Path thread = Path.of("/proc/thread-self").toRealPath();
        try (DriverPort closing = open("netmap:polled{1");
                DriverPort open = open("netmap:polled}1")) {
            poller.add(closing, Poller.IN);
            poller.add(open, Poller.IN);
            assertThat(poller.poll(0)).isZero();
            final CompletableFuture<?> closed = whileAsleep(thread, closing::close);

            assertThat(poller.poll(FOR_EVER)).isEqualTo(1);

            closed.join();
            assertThat(poller.ready(closing)).isEqualTo(Poller.ERR);
            assertThat(poller.ready(open)).isZero();
            assertThat(poller.poll(FOR_EVER)).as("closed before it is polled").isEqualTo(1);
            assertThat(poller.ready(closing)).isEqualTo(Poller.ERR);
        }
    }

    @Test
    @Tag("kernel")
    void shouldReportAPortWhoseInterfaceVanishesWhileItIsPolled() throws IOException {
        final Path thread = Path.of("/proc/thread-self").toRealPath();
        try (VethPair veth = VethPair.create();
                DriverPort port = open("netmap:" + veth.left().name())) {
            poller.add(port, Poller.IN);
            assertThat(poller.poll(0)).isZero();
            final CompletableFuture<?> gone = whileAsleep(thread, veth.left()::remove);

            assertThat(poller.poll(FOR_EVER)).isEqualTo(1);

            gone.join();
            assertThat(poller.ready(port) & Poller.ERR).isEqualTo(Poller.ERR);
        }
    }

    @Test
    void shouldRefuseToPollWhenClosed() {
        poller.close();
        poller.close();
        poller.wakeup();

        assertThatThrownBy(() -> poller.poll(0)).isInstanceOf(IllegalStateException.class);
    }

    private static DriverPort open(final String spec) {
        return new KernelDriver().open(OpenRequest.of(PortSpec.parse(spec)));
    }

    /** A thread in a poll that waits is asleep, says the kernel; the JVM says that it runs. */
    private static CompletableFuture<?> whileAsleep(final Path thread, final Runnable task) {
        return onThreads(1, () -> {
            try {
                while (!Files.readString(thread.resolve("stat")).contains(") S ")) {
                    Thread.onSpinWait();
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
            task.run();
        });
    }

    /** This process's youngest eventfd, which is the poller's. */
    private static Path newest() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            final int fd = all.filter(KernelPollerTest::isEventfd)
                    .mapToInt(file -> Integer.parseInt(file.getFileName().toString()))
                    .max()
                    .orElseThrow();
            return Path.of("/proc/self/fdinfo", Integer.toString(fd));
        }
    }

    private static boolean isEventfd(final Path file) {
        try {
            return Files.readSymbolicLink(file).toString().contains("[eventfd]");
        } catch (final IOException e) {
            return false;
        }
    }

    private static int counter(final Path fdinfo) throws IOException {
        return Files.readAllLines(fdinfo).stream()
                .filter(line -> line.startsWith("eventfd-count:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).trim(), 16))
                .findFirst()
                .orElseThrow();
    }
}
