package org.reactornetmap.flow;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * The owners of two packets release them while the loop closes the port: one packet stands in its slot, the other has
 * left it for a spare. Each is released or revoked, and its buffer ends in one place: in the ring or in the list of extra
 * buffers. If both a release and the close gave a buffer back, or neither, it would be in two places or in none when the
 * port is opened again.
 */
@JCStressTest
@Outcome(id = "[012], [012], 2, 1", expect = Expect.ACCEPTABLE, desc = "Each is released or revoked, in one place.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A packet was given back twice or not at all.")
@State
public class CloseVsReleaseStress {
    private final RaceWorld world = RaceWorld.take();
    private final RxCounters counters = world.counters();
    private final long before = counters.released;
    private final RaceSubscriber subscriber = new RaceSubscriber(true);
    private int revoked;

    public CloseVsReleaseStress() {
        world.packets(RxOptions.Hold.SWAP_WHEN_BLOCKING).subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        world.send(2);
        world.work();
        subscriber.packet(1).retain(); // swapped out
        subscriber.packet(1).release();
        world.handOver();
    }

    @Actor
    public void loop() {
        world.loop.doWork();
        revoked = world.closeNear();
    }

    @Actor
    public void oneOwner() {
        subscriber.packet(0).release();
    }

    @Actor
    public void otherOwner() {
        subscriber.packet(1).release();
    }

    @Arbiter
    public void judge(final IIII_Result r) {
        world.work();
        r.r1 = (int) (counters.released - before);
        r.r2 = revoked;
        r.r3 = r.r1 + r.r2;
        final boolean balanced = counters.held == 0 && world.audit().isBalanced();
        world.reopen();
        r.r4 = world.giveBack() && balanced ? 1 : 0;
    }
}
