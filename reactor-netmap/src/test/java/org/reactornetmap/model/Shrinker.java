package org.reactornetmap.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Delta debugging: leaves out what a failure does not need, in ever smaller pieces. */
final class Shrinker {
    private Shrinker() {}

    /**
     * Makes a failing list shorter.
     *
     * @param failing a list for which {@code fails} is true
     * @param fails tries a list
     * @return a part of it that still fails; none of its elements can be left out alone, unless {@code maxTries} came first
     */
    static <T> List<T> shrink(final List<T> failing, final int maxTries, final Predicate<List<T>> fails) {
        List<T> best = new ArrayList<>(failing);
        int tries = 0;
        int piece = Math.max(1, best.size() / 2);
        while (true) {
            boolean shrunk = false;
            int from = 0;
            while (from < best.size() && tries++ < maxTries) {
                final List<T> fewer = new ArrayList<>(best.subList(0, from));
                fewer.addAll(best.subList(Math.min(best.size(), from + piece), best.size()));
                if (fails.test(fewer)) {
                    best = fewer;
                    shrunk = true;
                } else {
                    from += piece;
                }
            }
            if (tries >= maxTries || (piece == 1 && !shrunk)) {
                return best;
            }
            piece = shrunk && piece == 1 ? 1 : Math.max(1, piece / 2);
        }
    }
}
