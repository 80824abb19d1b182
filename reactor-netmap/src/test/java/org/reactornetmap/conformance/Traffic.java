package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.reactornetmap.ring.NetmapRing;

/**
 * Frames of a random number (1 to 100), size (50 to 10,050 bytes) and content, as netmap's {@code randomized_tests}
 * choose them. A failing test names its seed; {@code -Dconformance.seed=} repeats it.
 */
final class Traffic implements TestExecutionExceptionHandler {
    /** The switches' broadcast address. */
    static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};

    private static final int MIN_SIZE = 50;

    private final long seed = Long.getLong("conformance.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private int sent;

    @Override
    public void handleTestExecutionException(final ExtensionContext context, final Throwable thrown) throws Throwable {
        thrown.addSuppressed(new AssertionError("repeat with -Dconformance.seed=" + seed));
        throw thrown;
    }

    Random random() {
        return random;
    }

    /** Broadcast frames, all of one size, filled with one letter or with letters in sequence. */
    List<byte[]> frames() {
        return frames(1 + random.nextInt(100), MIN_SIZE + random.nextInt(10_001));
    }

    List<byte[]> frames(final int count, final int size) {
        final boolean sequential = random.nextBoolean();
        final byte letter = letter(random.nextInt(58));
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(size, sequential ? letter(sent++) : letter));
        }
        return frames;
    }

    private static byte letter(final int number) {
        return (byte) ('A' + number % 58);
    }

    /** A broadcast frame from 02:00:00:00:00:01. */
    static byte[] frame(final int size, final int fill) {
        return frame(BROADCAST, mac(1), size, fill);
    }

    static byte[] frame(final byte[] to, final byte[] from, final int size, final int fill) {
        final byte[] frame = new byte[size];
        Arrays.fill(frame, (byte) fill);
        System.arraycopy(to, 0, frame, 0, Math.min(size, 6));
        if (size >= 12) {
            System.arraycopy(from, 0, frame, 6, 6);
        }
        return frame;
    }

    /** A locally administered address. */
    static byte[] mac(final int number) {
        return new byte[] {2, 0, 0, 0, (byte) (number >> 8), (byte) number};
    }

    /** Sends all, in as many syncs as the ring asks for; fails if the ring is full and stays so. */
    static void send(final RawPort port, final List<byte[]> frames) {
        assertThat(trySend(port, frames)).as("frames sent of %d", frames.size()).isEqualTo(frames.size());
    }

    /** Sends as many as the ring takes. */
    static int trySend(final RawPort port, final List<byte[]> frames) {
        final NetmapRing ring = port.tx();
        int sent = 0;
        while (sent < frames.size()) {
            if (RawPort.offer(ring, frames.get(sent))) {
                sent++;
                continue;
            }
            final int tail = ring.tail();
            port.port.txSync();
            if (ring.tail() == tail) {
                return sent;
            }
        }
        port.port.txSync();
        return sent;
    }

    /** What a port received is these, in this order. */
    static void assertReceived(final RawPort port, final List<byte[]> frames) {
        assertSame(port.receive(), frames);
        // Gives the slots back.
        port.port.rxSync();
    }

    static void assertSame(final List<byte[]> received, final List<byte[]> expected) {
        assertThat(received).hasSize(expected.size());
        for (int i = 0; i < received.size(); i++) {
            assertThat(Arrays.equals(received.get(i), expected.get(i)))
                    .as("frame %d is intact", i)
                    .isTrue();
        }
    }
}
