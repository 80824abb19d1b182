package org.reactornetmap.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;

/** One operation of a run. What it does in detail follows from its seed and the state it meets. */
record Op(Kind kind, int target, long seed) {
    /** Kinds, with how often each is drawn. */
    enum Kind {
        OPEN(3),
        CLOSE(1),
        NEWIF(1),
        DELIF(1),
        ATTACH(1),
        DETACH(1),
        FILL(18),
        TAKE(18),
        MOVE_CUR(4),
        TX_SYNC(14),
        RX_SYNC(14),
        POLL(10),
        SWAP_EXTRA(5),
        FORWARD(8),
        EXCHANGE(4),
        POCKET(1),
        RETURN(2),
        ILLEGAL_POINTER(1),
        WRITE_TAIL(1);

        private static final Kind[] DRAW = draw();

        private final int weight;

        Kind(final int weight) {
            this.weight = weight;
        }

        private static Kind[] draw() {
            return Arrays.stream(values())
                    .flatMap(kind -> Collections.nCopies(kind.weight, kind).stream())
                    .toArray(Kind[]::new);
        }
    }

    static Op random(final SplittableRandom random, final int targets) {
        return new Op(Kind.DRAW[random.nextInt(Kind.DRAW.length)], random.nextInt(targets), random.nextLong());
    }
}
