package org.reactornetmap.operators.filter;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;

/** The numbers of one filter over all its subscriptions. Any thread; not touched by the packet. */
final class FilterAccount {

    private final ReferenceQueue<Object> ended = new ReferenceQueue<>();

    // Both guarded by this.
    private final Set<FilterCounters> counters = new HashSet<>();
    private FilterStatistics past = FilterStatistics.ZERO;

    /** New counters, for as long as the subscription lives or until it closes them. */
    synchronized FilterCounters open(Object subscription) {
        foldEnded();
        FilterCounters created = new FilterCounters(subscription, ended);
        counters.add(created);
        return created;
    }

    /** By the subscription that wrote them: it will not do so again. */
    synchronized void close(FilterCounters last) {
        if (counters.remove(last)) {
            past = past.plus(last.statistics());
        }
    }

    synchronized FilterStatistics statistics() {
        foldEnded();
        FilterStatistics sum = past;
        for (FilterCounters each : counters) {
            sum = sum.plus(each.statistics());
        }
        return sum;
    }

    /** A filter may outlive any number of subscriptions: the numbers of those that are gone become one. */
    private void foldEnded() {
        for (Reference<?> gone = ended.poll(); gone != null; gone = ended.poll()) {
            close((FilterCounters) gone);
        }
    }
}
