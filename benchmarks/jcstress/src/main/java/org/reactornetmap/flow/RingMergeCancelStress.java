package org.reactornetmap.flow;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * Two loops put packets into the queues of a merge while its subscriber cancels. What is in the queues then is released by
 * whoever comes last. If the one who ends looked into a queue before a packet was seen there, and the loop that put it
 * there did not look again, the packet would be lost; if two signalled at a time, rule 1.3 were broken.
 */
@JCStressTest
@Outcome(
        id = "0, 0, 0, 1",
        expect = Expect.ACCEPTABLE,
        desc = "A cancel says nothing more, and no packet stays behind.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A packet stayed in a queue, or signals came that should not.")
@State
public class RingMergeCancelStress {
    private final RaceWorld one = RaceWorld.take();
    private final RaceWorld other = RaceWorld.take();
    private final RaceSubscriber subscriber = new RaceSubscriber(false);

    public RingMergeCancelStress() {
        new RingMerge(new RingFlux[] {one.packets(RxOptions.Hold.IN_PLACE), other.packets(RxOptions.Hold.IN_PLACE)})
                .subscribe(subscriber);
        one.work();
        other.work();
        one.send(2);
        other.send(2);
        subscriber.request(2); // so that some wait in the queues
        one.handOver();
        other.handOver();
    }

    @Actor
    public void oneLoop() {
        one.loop.doWork();
    }

    @Actor
    public void otherLoop() {
        other.loop.doWork();
    }

    @Actor
    public void ender() {
        subscriber.cancel();
    }

    @Arbiter
    public void judge(final IIII_Result r) {
        one.work();
        other.work();
        r.r1 = (int) (one.counters().held + other.counters().held);
        r.r2 = subscriber.wrong();
        r.r3 = subscriber.ends();
        final boolean oneIsWhole = one.giveBack();
        final boolean otherIsWhole = other.giveBack();
        r.r4 = oneIsWhole && otherIsWhole ? 1 : 0;
    }
}
