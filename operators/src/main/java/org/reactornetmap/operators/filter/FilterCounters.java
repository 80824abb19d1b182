package org.reactornetmap.operators.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * The counters of one subscription to a filter. The subscription writes them, one thread at a time, without ordering:
 * a reader sees each of them grow, at no cost to the packet. They refer to their subscription weakly: once it is gone,
 * their numbers are final.
 */
final class FilterCounters extends WeakReference<Object> {

    private static final VarHandle MATCHED;
    private static final VarHandle REJECTED;
    private static final VarHandle DROPPED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MATCHED = lookup.findVarHandle(FilterCounters.class, "matched", long.class);
            REJECTED = lookup.findVarHandle(FilterCounters.class, "rejected", long.class);
            DROPPED = lookup.findVarHandle(FilterCounters.class, "dropped", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long matched;
    private long rejected;
    private long dropped;

    FilterCounters(Object subscription, ReferenceQueue<Object> ended) {
        super(subscription, ended);
    }

    void match() {
        MATCHED.setOpaque(this, matched + 1);
    }

    void reject() {
        REJECTED.setOpaque(this, rejected + 1);
    }

    void drop() {
        DROPPED.setOpaque(this, dropped + 1);
    }

    FilterStatistics statistics() {
        return new FilterStatistics(
                (long) MATCHED.getOpaque(this), (long) REJECTED.getOpaque(this), (long) DROPPED.getOpaque(this));
    }
}
