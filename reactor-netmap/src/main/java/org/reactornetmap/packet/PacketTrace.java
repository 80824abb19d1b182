package org.reactornetmap.packet;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last places a traced packet was seen at, for leak reports of {@link LeakLevel#ADVANCED} and
 * {@link LeakLevel#PARANOID}. Thread-safe.
 */
public final class PacketTrace {
    private static final int MAX_RECORDS = 8;

    private final Deque<Throwable> records = new ArrayDeque<>();

    /** Creates an empty trace. */
    public PacketTrace() {}

    /**
     * Adds the current stack.
     *
     * @param what what happened, such as {@code retain} or a touch's hint
     */
    public synchronized void record(final Object what) {
        if (records.size() == MAX_RECORDS) {
            records.removeFirst();
        }
        records.addLast(new Throwable(String.valueOf(what)));
    }

    /**
     * The report.
     *
     * @return stack traces, the newest first
     */
    @Override
    public synchronized String toString() {
        final StringWriter text = new StringWriter();
        final PrintWriter writer = new PrintWriter(text);
        records.descendingIterator().forEachRemaining(record -> record.printStackTrace(writer));
        writer.flush();
        return text.toString();
    }
}
