package org.reactornetmap.operators.filter;

import java.util.function.Predicate;

/** What a stream is filtered by, and where that is counted. */
record Rule<T>(Predicate<? super T> predicate, FilterAccount account) {

    Rule(Predicate<? super T> predicate) {
        this(predicate, new FilterAccount());
    }
}
