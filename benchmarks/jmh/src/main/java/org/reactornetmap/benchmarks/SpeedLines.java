package org.reactornetmap.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What our lines have in common. */
final class SpeedLines {
    /** A new port takes branches that compiled code did not expect; where compilers are slow, that takes seconds. */
    private static final long SETTLE_MILLIS = 3_000;

    static final int FRAME_BYTES = 60;

    private SpeedLines() {}

    /** A UDP packet to everybody, as pkt-gen's. */
    static byte[] frame() {
        final byte[] frame = new byte[FRAME_BYTES];
        Arrays.fill(frame, 0, 6, (byte) 0xFF);
        frame[12] = 0x08;
        frame[14] = 0x45;
        frame[23] = 17;
        return frame;
    }

    /** Counts a second, once both ends are at it. */
    static double measure(final LongSupplier counter, final long nanos) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        final long start = System.nanoTime();
        final long first = counter.getAsLong();
        TimeUnit.NANOSECONDS.sleep(nanos);
        final long count = counter.getAsLong() - first;
        return count * 1e9 / (System.nanoTime() - start);
    }
}
