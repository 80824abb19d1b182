package org.reactornetmap.flow;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A subscriber cancels, and another takes its place at once, while the loop emits three packets. If the cancel lost a
 * packet, or the two were served at the same time, the packets of both would not add up to three; if the cancelled one
 * were ended with a signal, or the new one with it, somebody would be told of an end that is none.
 */
@JCStressTest
@Outcome(id = "3, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "The two share the packets, and the ring is whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A packet was lost or emitted twice, or a signal came that should not.")
@State
public class CancelVsEmissionStress {
    private final RaceWorld world = RaceWorld.take();
    private final RaceSubscriber first = new RaceSubscriber(false);
    private final RaceSubscriber second = new RaceSubscriber(false);

    public CancelVsEmissionStress() {
        world.packets(RxOptions.Hold.SWAP_WHEN_BLOCKING).subscribe(first);
        world.work();
        world.send(3);
        first.request(Long.MAX_VALUE);
        world.handOver();
    }

    @Actor
    public void loop() {
        world.loop.doWork();
    }

    @Actor
    public void canceller() {
        first.cancel();
        world.packets(RxOptions.Hold.SWAP_WHEN_BLOCKING).subscribe(second);
        second.request(Long.MAX_VALUE);
    }

    @Arbiter
    public void judge(final IIII_Result r) {
        world.work();
        second.cancel();
        r.r1 = first.received() + second.received();
        r.r2 = first.ends() + second.ends();
        r.r3 = first.wrong() + second.wrong();
        r.r4 = world.giveBack() ? 1 : 0;
    }
}
