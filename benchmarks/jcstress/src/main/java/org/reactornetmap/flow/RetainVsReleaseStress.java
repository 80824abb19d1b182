package org.reactornetmap.flow;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A packet has three owners. One, elsewhere, retains it once more and then releases it twice; one, elsewhere, releases
 * it; one releases it on the loop. The packet comes back once, after all of them. If a release overtook the retain, or
 * the count were touched by two threads, it would come back under its reader's hands, or never.
 */
@JCStressTest
@Outcome(id = "1, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "It came back once, and nobody found it gone.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It came back too early, too often or not at all.")
@State
public class RetainVsReleaseStress {
    private final RaceWorld world = RaceWorld.take();
    private final long before = world.counters().released;
    private final RaceSubscriber subscriber = new RaceSubscriber(true);
    private int gone;

    public RetainVsReleaseStress() {
        world.packets(RxOptions.Hold.IN_PLACE).subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        world.send(1);
        world.work();
        subscriber.packet(0).retain().retain();
        world.handOver();
    }

    @Actor
    public void loop() {
        world.loop.doWork();
        subscriber.packet(0).release();
        world.loop.doWork();
    }

    @Actor
    public void retainer() {
        final var packet = subscriber.packet(0);
        packet.retain();
        packet.release();
        if (packet.isReleased()) {
            gone = 1;
        }
        packet.release();
    }

    @Actor
    public void releaser() {
        subscriber.packet(0).release();
    }

    @Arbiter
    public void judge(final IIII_Result r) {
        world.work();
        subscriber.cancel();
        world.work();
        r.r1 = (int) (world.counters().released - before);
        r.r2 = gone;
        r.r3 = (int) world.counters().held;
        r.r4 = world.giveBack() ? 1 : 0;
    }
}
