package org.reactornetmap.driver.embedded;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.reactornetmap.driver.Poller;

/**
 * A sync at one end of a pipe while the other end's poller goes to sleep. The poller says that it sleeps and looks at the
 * tails once more; the sync publishes the tail and looks who sleeps. Without the fence between both steps, on either side,
 * each could miss the other, and the poller would sleep until its time is over with a packet in its ring.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The poller found the packet or was woken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A lost wake-up: the poller slept until its time was over.")
@State
public class SyncVsSleepStress {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final ConcurrentLinkedQueue<Line> LINES = new ConcurrentLinkedQueue<>();

    private final Line line = Line.take();
    private int ready;
    private long took;

    @Actor
    public void sender() {
        line.near.port.txSync();
    }

    @Actor
    public void sleeper() {
        final long start = System.nanoTime();
        ready = line.poller.poll(MOST_NANOS);
        took = System.nanoTime() - start;
    }

    @Arbiter
    public void judge(final II_Result r) {
        r.r1 = ready;
        r.r2 = took < MOST_NANOS ? 0 : 1;
        line.giveBack();
    }

    /** A pipe with one packet that was filled and not synced, and a poller at its other end. */
    private static final class Line {
        final RacePort near;
        final Poller poller;
        private final RacePort far;

        private Line() {
            final EmbeddedDriver driver = EmbeddedDriver.create(EmbeddedConfig.builder()
                    .buffers(32)
                    .bufSize(64)
                    .interfaces(4)
                    .rings(4)
                    .build());
            near = new RacePort(driver, "netmap:r{1@1", 4);
            far = new RacePort(driver, "netmap:r}1@1", 4);
            poller = driver.newPoller();
            poller.add(far.port, Poller.IN);
            near.put(0, 0, 0, 0);
        }

        static Line take() {
            final Line used = LINES.poll();
            return used != null ? used : new Line();
        }

        void giveBack() {
            far.release();
            near.port.txSync();
            near.put(0, 0, 0, 0);
            LINES.add(this);
        }
    }
}
