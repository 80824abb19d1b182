package org.reactornetmap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.reactornetmap.NetmapPort;
import org.reactornetmap.flow.NetmapLoop;
import org.reactornetmap.flow.RxStatistics;
import org.reactornetmap.packet.Packet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the contract tests share: numbered frames, bounded waits, and what was logged as an error. */
final class ContractB {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final int FRAME_BYTES = 64;

    private static final int ETHER_TYPE = 0x88B5;
    private static final long MAGIC = 0x4E65_746D_6170_2121L;

    private ContractB() {}

    /** A frame that says its number. */
    static ByteBuffer frame(final int number) {
        return frame(number, FRAME_BYTES);
    }

    /** A frame that says its number, and whose every further byte follows from it. */
    static ByteBuffer frame(final int number, final int bytes) {
        final ByteBuffer frame = ByteBuffer.allocate(bytes);
        frame.putShort(12, (short) ETHER_TYPE).putLong(14, MAGIC).putInt(22, number);
        for (int i = 26; i < bytes; i++) {
            frame.put(i, filler(number, i));
        }
        return frame;
    }

    private static byte filler(final int number, final int offset) {
        return (byte) (number * 31 + offset);
    }

    /** The number of a frame, -1 if it is not one of ours or not whole. */
    static int number(final Packet packet) {
        final int length = packet.length();
        if (length < 26 || packet.u16(12) != ETHER_TYPE || packet.i64(14) != MAGIC) {
            return -1;
        }
        final int number = (int) packet.u32(22);
        for (int i = 26; i < length; i++) {
            if (packet.u8(i) != (filler(number, i) & 0xFF)) {
                return -1;
            }
        }
        return number;
    }

    /** Numbers of all frames; each packet is released. */
    static Flux<Integer> numbers(final Flux<Packet> packets) {
        return packets.map(packet -> {
                    try {
                        return number(packet);
                    } finally {
                        packet.release();
                    }
                })
                .doOnDiscard(Packet.class, Packet::release);
    }

    static Flux<ByteBuffer> frames(final int from, final int count) {
        return Flux.range(from, count).map(ContractB::frame);
    }

    /** Works on manual loops until something is so. */
    static void work(final BooleanSupplier until, final NetmapLoop... loops) {
        final long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!until.getAsBoolean()) {
            for (final NetmapLoop loop : loops) {
                loop.doWork();
            }
            assertThat(System.nanoTime() - deadline).as("nanoseconds late").isNegative();
        }
    }

    /** Works on manual loops until none has anything to do. */
    static void settle(final NetmapLoop... loops) {
        for (int quiet = 0, rounds = 0; quiet < 3; rounds++) {
            int done = 0;
            for (final NetmapLoop loop : loops) {
                done += loop.doWork();
            }
            quiet = done == 0 ? quiet + 1 : 0;
            assertThat(rounds).as("rounds of work").isLessThan(100_000);
        }
    }

    static void await(final BooleanSupplier condition, final String what) {
        final long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waiting for %s", what).isNegative();
            Thread.onSpinWait();
        }
    }

    static <T> T get(final CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no end within " + TIMEOUT, e);
        }
    }

    /** The error that a Mono ends with. */
    static Throwable errorOf(final Mono<?> mono) {
        return errorOf(mono.toFuture());
    }

    static Throwable errorOf(final CompletableFuture<?> future) {
        try {
            throw new AssertionError(
                    "an error was expected, but it ended with " + future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("no end within " + TIMEOUT, e);
        }
    }

    /** {@code received = released + reclaimed + held}, on every ring. */
    static void assertConserved(final NetmapPort port) {
        for (final RxStatistics ring : port.statistics().rx()) {
            assertThat(ring.released() + ring.reclaimed() + ring.held())
                    .as("released + reclaimed + held of %s", ring)
                    .isEqualTo(ring.received());
        }
    }

    /** Errors logged by anyone while it is open. */
    static final class ErrorLog extends Handler {
        private static final Logger ROOT = Logger.getLogger("");
        private final List<String> errors = new CopyOnWriteArrayList<>();

        static ErrorLog open() {
            final ErrorLog log = new ErrorLog();
            log.setLevel(Level.SEVERE);
            ROOT.addHandler(log);
            return log;
        }

        List<String> errors() {
            return errors;
        }

        @Override
        public void publish(final LogRecord record) {
            if (isLoggable(record)) {
                errors.add(record.getMessage() + " " + record.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            ROOT.removeHandler(this);
        }
    }
}
