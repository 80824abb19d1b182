package org.reactornetmap.flow;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads release two packets while the loop takes in what they say and emits a third. If a release were lost, its
 * slot would stay with us for ever; if one were counted twice, the kernel would get a slot that somebody still reads; if
 * the loop did not see the released view as its owner left it, it would hand it out half closed.
 */
@JCStressTest
@Outcome(id = "3, 0, 1", expect = Expect.ACCEPTABLE, desc = "Each packet came back once, and the ring is whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A release was lost or counted twice.")
@State
public class ReleaseVsDrainStress {
    private final RaceWorld world = RaceWorld.take();
    private final long before = world.counters().released;
    private final RaceSubscriber subscriber = new RaceSubscriber(true);

    public ReleaseVsDrainStress() {
        world.packets(RxOptions.Hold.IN_PLACE).subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        world.send(2);
        world.work();
        world.send(1);
        world.handOver();
    }

    @Actor
    public void loop() {
        world.loop.doWork();
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
    public void judge(final III_Result r) {
        world.work();
        subscriber.packet(2).release();
        subscriber.cancel();
        world.work();
        r.r1 = (int) (world.counters().released - before);
        r.r2 = (int) world.counters().held;
        r.r3 = world.giveBack() ? 1 : 0;
    }
}
