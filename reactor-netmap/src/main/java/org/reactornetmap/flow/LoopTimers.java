package org.reactornetmap.flow;

import java.util.PriorityQueue;

/** Tasks that a loop runs later. Loop thread only. */
final class LoopTimers {
    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long sequence;

    /** A task and when it is due; the same deadline keeps the order of adding. */
    static final class Timer implements Comparable<Timer> {
        private final long deadline;
        private final long sequence;
        private final Runnable task;

        Timer(final long deadline, final long sequence, final Runnable task) {
            this.deadline = deadline;
            this.sequence = sequence;
            this.task = task;
        }

        @Override
        public int compareTo(final Timer other) {
            final int byDeadline = Long.compare(deadline, other.deadline);
            return byDeadline != 0 ? byDeadline : Long.compare(sequence, other.sequence);
        }
    }

    Timer add(final long deadline, final Runnable task) {
        final Timer timer = new Timer(deadline, sequence++, task);
        queue.add(timer);
        return timer;
    }

    void remove(final Timer timer) {
        queue.remove(timer);
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    long nextDeadline() {
        final Timer first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.deadline;
    }

    int runDue(final long now) {
        int count = 0;
        for (Timer first = queue.peek(); first != null && first.deadline <= now; first = queue.peek()) {
            queue.poll();
            first.task.run();
            count++;
        }
        return count;
    }
}
