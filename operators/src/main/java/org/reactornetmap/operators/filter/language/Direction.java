package org.reactornetmap.operators.filter.language;

import java.util.function.Function;

/** Which of a packet's two addresses or ports is meant. */
enum Direction {
    SRC,
    DST,
    SRC_OR_DST,
    SRC_AND_DST;

    /** A test of the one, or of both, from the test of the source (true) or of the destination (false). */
    Condition test(final Function<Boolean, Condition> ofSource) {
        return switch (this) {
            case SRC -> ofSource.apply(true);
            case DST -> ofSource.apply(false);
            case SRC_OR_DST -> ofSource.apply(true).or(ofSource.apply(false));
            case SRC_AND_DST -> ofSource.apply(true).and(ofSource.apply(false));
        };
    }
}
