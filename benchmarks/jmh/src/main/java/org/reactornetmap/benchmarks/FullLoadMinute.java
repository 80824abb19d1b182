package org.reactornetmap.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Does a minute of full load pass without a collection? Runs the forwarder, generator and sink in one thread; arguments:
 * seconds (default 60) and a file for the result as JSON.
 */
public final class FullLoadMinute {
    private static final int BURST = 256;
    private static final int ROUNDS = 10_000;

    private FullLoadMinute() {}

    /**
     * Runs.
     *
     * @param args seconds, then a file to write
     * @throws IOException if the file can't be written
     */
    public static void main(final String[] args) throws IOException {
        final int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        final String result;
        try (Line line = new Line(true, false, -1, 1, 1_024, BURST)) {
            run(line, TimeUnit.SECONDS.toNanos(3)); // compiles
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final long collections = collections();
            final long allocated = threads.getCurrentThreadAllocatedBytes();
            final long packets = run(line, TimeUnit.SECONDS.toNanos(seconds));
            final long bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
            line.checkBalance(false);
            result = String.format(
                    Locale.ROOT,
                    "{\"seconds\": %d, \"packets\": %d, \"packetsPerSecond\": %d, \"collections\": %d,"
                            + " \"bytesAllocatedPerPacket\": %.6f}%n",
                    seconds,
                    packets,
                    packets / seconds,
                    collections() - collections,
                    (double) bytes / packets);
        }
        System.out.print(result);
        if (args.length > 1) {
            Files.writeString(Path.of(args[1]), result);
        }
    }

    private static long run(final Line line, final long nanos) {
        final long start = System.nanoTime();
        long packets = 0;
        while (System.nanoTime() - start < nanos) {
            for (int i = 0; i < ROUNDS; i++) {
                line.generate();
                packets += line.forward();
                line.take();
            }
        }
        return packets;
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
