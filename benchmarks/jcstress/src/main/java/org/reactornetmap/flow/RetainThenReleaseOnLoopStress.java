package org.reactornetmap.flow;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.reactornetmap.packet.Packet;

/**
 * The only owner, elsewhere, retains the packet and hands one of its two ownerships to the loop, which releases it there
 * at once. The release must not overtake the retain, whose message may still be under way, or the packet is gone while
 * its owner reads it.
 */
@JCStressTest
@Outcome(id = "1, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "It came back once, after its reader.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It came back under its reader's hands, or not at all.")
@State
public class RetainThenReleaseOnLoopStress {
    private final RaceWorld world = RaceWorld.take();
    private final long before = world.counters().released;
    private final RaceSubscriber subscriber = new RaceSubscriber(true);
    private volatile boolean handed;
    private boolean taken;
    private int gone;

    public RetainThenReleaseOnLoopStress() {
        world.packets(RxOptions.Hold.IN_PLACE).subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        world.send(1);
        world.work();
        world.handOver();
    }

    @Actor
    public void loop() {
        world.loop.doWork();
        take();
        world.loop.doWork();
    }

    private void take() {
        if (handed && !taken) {
            taken = true;
            subscriber.packet(0).release();
        }
    }

    @Actor
    public void owner() {
        final Packet packet = subscriber.packet(0);
        packet.retain();
        handed = true;
        if (packet.isReleased()) {
            gone = 1;
        }
        packet.release();
    }

    @Arbiter
    public void judge(final IIII_Result r) {
        world.work();
        take();
        subscriber.cancel();
        world.work();
        r.r1 = (int) (world.counters().released - before);
        r.r2 = gone;
        r.r3 = (int) world.counters().held;
        r.r4 = world.giveBack() ? 1 : 0;
    }
}
